"""Writing articles: create and revise."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article.change import checked_days
from kb.article.diff import WORD_FIELDS
from kb.article.editing import load_for_change, move, record, touch
from kb.article.model import Article, ArticleRevision
from kb.article.review import follow_revision
from kb.article.translation import translation_of
from kb.article.verification import DEFAULT_DAYS
from kb.article.words import (
    clean_cites,
    clean_group,
    clean_words,
    joined_issue,
    new_revision,
    newest_number,
)
from kb.clock import new_id, utc_now
from kb.errors import AlreadyExists, NotFound
from kb.lifecycle import ArticleVerb
from kb.rights import require, require_placing
from kb.team import checked_team
from kb.text import TEXT_LIMIT_CHARS, clean_line, clean_products, clean_segments, clean_tags
from kb.user import checked_person
from kb.visibility import Caller
from kb.vocabulary import ArticleState, Audience, Governance, Language, Role, Scope


def create_article(
    session: Session,
    *,
    caller: Caller,
    language: Language,
    title: str,
    audience: Audience,
    resolution: str = "",
    issue: Sequence[str] = (),
    environment: str = "",
    cause: str = "",
    governance: Governance = Governance.EXPERIENCE,
    tags: Sequence[str] = (),
    products: Sequence[str] = (),
    segments: Sequence[str] = (),
    translation_group: str | None = None,
    translates_id: str | None = None,
    owner_id: str | None = None,
    owner_team_id: str | None = None,
    verify_every_days: int | None = DEFAULT_DAYS,
    external_id: str | None = None,
    cites: Sequence[Mapping[str, Any]] = (),
    comment: str = "",
    text_limit: int = TEXT_LIMIT_CHARS,
) -> Article:
    """Begin an article: version 1 with working revision 1, work in progress, served to nobody yet.

    Args:
        issue: the requester's words, a line each.
        resolution: may wait for who knows it; nothing is released without.
        owner_id: the caller, where a person, unless given.
        verify_every_days: 1 to 3650; None: nobody has to verify it again.
        external_id: the id it has where it was imported from.
        cites: what it was written from: `{"kind": "note", "id": ...}`, any kind of origin.
        text_limit: code points, for each of resolution, environment and cause.
    Raises:
        NotSignedIn, Forbidden, AudienceTooNarrow.
        InvalidInput, EmptyText, TextTooLong: names the field.
        AlreadyExists: something else was imported under `external_id`.
    """
    require(caller, role=Role.AGENT, scope=Scope.WRITE)
    require_placing(caller, audience, segments=segments, products=products)
    now = utc_now()
    article = Article(
        id=new_id(),
        language=language,
        audience=audience,
        state=ArticleState.WORK_IN_PROGRESS,
        governance=governance,
        owner_id=checked_person(session, owner_id, field="owner_id") or caller.person_id,
        owner_team_id=checked_team(session, owner_team_id),
        translation_group=clean_group(translation_group),
        tags=clean_tags(tags),
        products=clean_products(products),
        segments=clean_segments(segments),
        issue=joined_issue([], issue),
        released_revision_id=None,
        working_revision_id=None,
        version=1,
        created_at=now,
        updated_at=now,
        released_at=None,
        verified_at=None,
        verify_every_days=checked_days(verify_every_days),
        verify_due_at=None,
        use_count=0,
        external_id=_free_external_id(session, external_id),
    )
    if translates_id is not None:
        for field, value in translation_of(session, caller, article, translates_id, None).items():
            setattr(article, field, value)
    words = clean_words(
        {"title": title, "environment": environment, "resolution": resolution, "cause": cause}, text_limit
    )
    revision = new_revision(article, caller, 1, words, comment, clean_cites(cites))
    article.working_revision_id = revision.id
    session.add(article)
    session.flush()
    session.add(revision)
    session.flush()
    record(session, caller, "create_article", article, {"content_hash": revision.content_hash})
    return article


def revise_article(
    session: Session,
    *,
    caller: Caller,
    article_id: str,
    expected_version: int | None,
    title: str | None = None,
    resolution: str | None = None,
    environment: str | None = None,
    cause: str | None = None,
    comment: str = "",
    text_limit: int = TEXT_LIMIT_CHARS,
) -> Article:
    """Write a new working revision; what is released stays served until `release_article`.

    Words that are not given stay as in the newest revision. Where nothing differs from it nothing happens.

    Args:
        expected_version: what the caller read; only the operator may leave it out.
    Raises:
        NotFound, NotSignedIn, Forbidden, ImpossibleMove.
        StaleEdit: somebody was faster. VersionMissing: `expected_version` is needed.
        InvalidInput, EmptyText, TextTooLong: names the field.
    """
    article = load_for_change(session, caller, article_id, expected_version)
    article.state = move(ArticleVerb.REVISE, article, caller)
    newest = session.get_one(ArticleRevision, article.working_revision_id or article.released_revision_id)
    given = {"title": title, "environment": environment, "resolution": resolution, "cause": cause}
    words = clean_words(
        {field: getattr(newest, field) if text is None else text for field, text in given.items()},
        text_limit,
    )
    if all(getattr(newest, field) == text for field, text in words.items()):
        return article
    number = newest_number(session, article_id) + 1
    revision = new_revision(article, caller, number, words, comment, newest.cites)
    _keep(session, article, revision)
    record(
        session,
        caller,
        "revise_article",
        article,
        {"revision": revision.number, "content_hash": revision.content_hash},
    )
    return article


def revert_article(
    session: Session,
    *,
    caller: Caller,
    article_id: str,
    expected_version: int | None,
    number: int,
    comment: str = "",
) -> Article:
    """Write the words of an earlier revision anew, as the working revision; nothing of the history goes.

    Where the newest revision has the same words nothing happens.

    Raises:
        NotFound: the article or that revision of it.
        NotSignedIn, Forbidden, ImpossibleMove, StaleEdit, VersionMissing, TextTooLong.
    """
    article = load_for_change(session, caller, article_id, expected_version)
    article.state = move(ArticleVerb.REVISE, article, caller)
    earlier = session.scalar(
        select(ArticleRevision).where(
            ArticleRevision.article_id == article_id, ArticleRevision.number == number
        )
    )
    if earlier is None:
        raise NotFound(what=f"revision {number} of article", id=article_id)
    newest = session.get_one(ArticleRevision, article.working_revision_id or article.released_revision_id)
    words = {field: getattr(earlier, field) for field in WORD_FIELDS}
    if all(getattr(newest, field) == text for field, text in words.items()):
        return article
    following = newest_number(session, article_id) + 1
    revision = new_revision(article, caller, following, words, comment, earlier.cites)
    _keep(session, article, revision)
    data = {"revision": following, "reverted_to": number, "content_hash": revision.content_hash}
    record(session, caller, "revert_article", article, data)
    return article


def _keep(session: Session, article: Article, revision: ArticleRevision) -> None:
    """Make `revision` the working one."""
    session.add(revision)
    session.flush()
    article.working_revision_id = revision.id
    follow_revision(session, article_id=article.id, revision_id=revision.id)
    touch(session, article)


def _free_external_id(session: Session, external_id: str | None) -> str | None:
    if external_id is None:
        return None
    external_id = clean_line("external_id", external_id, 255)
    if session.scalar(select(Article.id).where(Article.external_id == external_id)) is not None:
        raise AlreadyExists(what="article", name=external_id)
    return external_id
