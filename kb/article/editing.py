"""What every verb that changes an article begins and ends with."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article.model import Article
from kb.article.verification import due_at
from kb.audit import record_audit
from kb.clock import utc_now
from kb.edition import keep_in_step
from kb.errors import NotFound, NotSignedIn, StaleEdit, VersionMissing
from kb.lifecycle import ArticleVerb, move_article
from kb.origin import article_state, vouched_at
from kb.rights import require_sight
from kb.visibility import Caller, CallerKind
from kb.vocabulary import ArticleState, OriginKind


def load_for_change(
    session: Session,
    caller: Caller,
    article_id: str,
    expected_version: int | None,
    *,
    blindly: bool = False,
) -> Article:
    """The article, its row locked until the transaction ends.

    Args:
        blindly: whether anybody may leave the version out: nothing is overwritten.
    Raises:
        NotFound: absent, or not visible to the caller. NotSignedIn: a visitor.
        StaleEdit: somebody was faster. VersionMissing: only the operator may leave the version out.
    """
    if caller.kind is CallerKind.ANONYMOUS:
        raise NotSignedIn
    article = session.scalar(
        select(Article)
        .where(Article.id == article_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if article is None:
        raise NotFound(what="article", id=article_id)
    require_sight(caller, article, what="article", id=article_id)
    if expected_version is None:
        if not blindly and caller.kind is not CallerKind.OPERATOR:
            raise VersionMissing
    elif expected_version != article.version:
        raise StaleEdit(expected=str(expected_version), current=str(article.version))
    return article


def move(verb: ArticleVerb, article: Article, caller: Caller) -> ArticleState:
    """The state after `verb`; raises as `kb.lifecycle.move_article`."""
    return move_article(
        verb,
        state=article.state,
        governance=article.governance,
        audience=article.audience,
        caller=caller,
        owned=is_owned(article, caller),
    )


def is_owned(article: Article, caller: Caller) -> bool:
    """Whether the caller, or a team of theirs, owns the article."""
    if caller.kind is not CallerKind.PERSON:
        return False
    return article.owner_id == caller.id or article.owner_team_id in caller.team_ids


def touch(session: Session, article: Article) -> None:
    """One version further, as of now."""
    article.version += 1
    article.updated_at = utc_now()
    session.flush()


def set_due(article: Article, *, since: datetime) -> None:
    """Say anew when the article is to be verified."""
    article.verify_due_at = due_at(
        verified_at=article.verified_at,
        last_used_at=article.last_used_at,
        every_days=article.verify_every_days,
        since=since,
    )


def forget_unkept(article: Article) -> None:
    """Let nothing be amiss with set times any more, unless one that came and was not kept is still there."""
    came = article.unkept_at
    if came is None or any(at is not None and at <= came for at in (article.release_at, article.archive_at)):
        return
    article.unkept_at = article.unkept_code = article.unkept_data = None


def keep_editions_in_step(session: Session, article: Article) -> None:
    """Let searchers see the article's audience, state and facets at once."""
    keep_in_step(
        session,
        origin_kind=OriginKind.ARTICLE,
        origin_id=article.id,
        audience=article.audience,
        tags=article.tags,
        products=article.products,
        segments=article.segments,
        state=article_state(article),
        vouched_at=vouched_at(article),
    )


def record(session: Session, caller: Caller, verb: str, article: Article, data: dict[str, Any]) -> None:
    """The audit row of `verb`."""
    record_audit(
        session,
        caller=caller,
        verb=verb,
        object_kind="article",
        object_id=article.id,
        data={"version": article.version} | data,
    )
