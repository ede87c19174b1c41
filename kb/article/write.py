"""Writing articles: create, revise, change what belongs to the article as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from kb.article.diff import WORD_FIELDS
from kb.article.editing import keep_editions_in_step, load_for_change, move, record, touch
from kb.article.model import Article, ArticleRevision
from kb.canonical import sha256_of
from kb.clock import new_id, utc_now
from kb.errors import InvalidInput
from kb.lifecycle import STATE_VERBS, ArticleVerb
from kb.outbox import enqueue
from kb.rights import require, require_placing, require_serving
from kb.text import (
    LINE_LIMIT_CHARS,
    TEXT_LIMIT_CHARS,
    TITLE_LIMIT_CHARS,
    clean_line,
    clean_products,
    clean_segments,
    clean_tags,
    clean_text,
)
from kb.user import User
from kb.visibility import Caller
from kb.vocabulary import (
    ArticleState,
    Audience,
    Governance,
    JobName,
    Language,
    OriginKind,
    Role,
    Scope,
)

ISSUE_LIMIT = 200
_CHANGEABLE = ("audience", "tags", "products", "owner_id", "translation_group", "issue", "state")


def create_article(
    session: Session,
    *,
    caller: Caller,
    language: Language,
    title: str,
    resolution: str,
    audience: Audience,
    issue: Sequence[str] = (),
    environment: str = "",
    cause: str = "",
    governance: Governance = Governance.EXPERIENCE,
    tags: Sequence[str] = (),
    products: Sequence[str] = (),
    segments: Sequence[str] = (),
    translation_group: str | None = None,
    owner_id: str | None = None,
    cites: Sequence[Mapping[str, Any]] = (),
    comment: str = "",
    text_limit: int = TEXT_LIMIT_CHARS,
) -> Article:
    """Begin an article: version 1 with working revision 1, work in progress, served to nobody yet.

    Args:
        issue: the requester's words, a line each.
        owner_id: the caller, where a person, unless given.
        cites: what it was written from: `{"kind": "note", "id": ...}`, any kind of origin.
        text_limit: code points, for each of resolution, environment and cause.
    Raises:
        NotSignedIn, Forbidden, AudienceTooNarrow.
        InvalidInput, EmptyText, TextTooLong: names the field.
    """
    require(caller, role=Role.AGENT, scope=Scope.WRITE)
    require_placing(caller, audience)
    now = utc_now()
    article = Article(
        id=new_id(),
        language=language,
        audience=audience,
        state=ArticleState.WORK_IN_PROGRESS,
        governance=governance,
        owner_id=_checked_owner(session, owner_id) or caller.person_id,
        translation_group=_clean_group(translation_group),
        tags=clean_tags(tags),
        products=clean_products(products),
        segments=clean_segments(segments),
        issue=_joined_issue([], issue),
        released_revision_id=None,
        working_revision_id=None,
        version=1,
        created_at=now,
        updated_at=now,
        released_at=None,
        verified_at=None,
        use_count=0,
    )
    words = _clean_words(
        {"title": title, "environment": environment, "resolution": resolution, "cause": cause}, text_limit
    )
    revision = _new_revision(article, caller, 1, words, comment, _clean_cites(cites))
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
    words = _clean_words(
        {field: getattr(newest, field) if text is None else text for field, text in given.items()},
        text_limit,
    )
    if all(getattr(newest, field) == text for field, text in words.items()):
        return article
    number = session.scalar(
        select(func.max(ArticleRevision.number)).where(ArticleRevision.article_id == article_id)
    )
    revision = _new_revision(article, caller, (number or 0) + 1, words, comment, newest.cites)
    session.add(revision)
    article.working_revision_id = revision.id
    touch(session, article)
    record(
        session,
        caller,
        "revise_article",
        article,
        {"revision": revision.number, "content_hash": revision.content_hash},
    )
    return article


def change_article(
    session: Session,
    *,
    caller: Caller,
    article_id: str,
    expected_version: int | None,
    audience: Audience | None = None,
    tags: Sequence[str] | None = None,
    products: Sequence[str] | None = None,
    owner_id: str | None = None,
    add_issue: Sequence[str] = (),
    state: ArticleState | None = None,
    translation_group: str | None = None,
) -> Article:
    """Change what belongs to the article as a whole; searchers see new audience, state and facets at once.

    What is not given stays. Issue lines are only ever added.

    Args:
        state: work_in_progress, not_validated or validated (which verifies it, too); archiving is
            `archive_article`.
    Raises:
        NotFound, NotSignedIn, Forbidden, AudienceTooNarrow, StaleEdit, VersionMissing, ImpossibleMove.
        InvalidInput, EmptyText, TextTooLong: names the field.
    """
    article = load_for_change(session, caller, article_id, expected_version)
    move(ArticleVerb.CHANGE, article, caller)
    given = {
        "state": _checked_state(article, caller, state),
        "audience": _checked_audience(article, caller, audience),
        "tags": None if tags is None else clean_tags(tags),
        "products": None if products is None else clean_products(products),
        "owner_id": _checked_owner(session, owner_id),
        "translation_group": _clean_group(translation_group),
        "issue": _joined_issue(article.issue, add_issue),
    }
    # Only now is anything changed: whatever is refused above leaves the article as it was.
    for field, value in given.items():
        if value is not None:
            setattr(article, field, value)
    changed = _changed_fields(article)
    if not changed:
        return article
    if "state" in changed and article.state is ArticleState.VALIDATED:
        article.verified_at = utc_now()
    touch(session, article)
    keep_editions_in_step(session, article)
    if article.released_revision_id is not None:
        enqueue(session, name=JobName.INDEX_ARTICLE, subject_id=article_id)
    data = {"changed": changed, "audience": article.audience, "state": article.state}
    record(session, caller, "change_article", article, data)
    return article


def _checked_state(article: Article, caller: Caller, state: ArticleState | None) -> ArticleState | None:
    if state is None or state is article.state:
        return None
    if state is ArticleState.ARCHIVED:
        raise InvalidInput(field="state", reason="archive the article instead")
    return move(STATE_VERBS[state], article, caller)


def _checked_audience(article: Article, caller: Caller, audience: Audience | None) -> Audience | None:
    if audience is None or audience is article.audience:
        return None
    require_placing(caller, audience)
    if article.released_revision_id is not None:
        require_serving(caller, audience)
    return audience


def _changed_fields(article: Article) -> list[str]:
    attributes = inspect(article).attrs
    return [name for name in _CHANGEABLE if attributes[name].history.has_changes()]


def _clean_words(words: Mapping[str, str], limit: int) -> dict[str, str]:
    return {
        "title": clean_line("title", words["title"], TITLE_LIMIT_CHARS),
        "environment": clean_text("environment", words["environment"], limit, required=False),
        "resolution": clean_text("resolution", words["resolution"], limit),
        "cause": clean_text("cause", words["cause"], limit, required=False),
    }


def _new_revision(
    article: Article,
    caller: Caller,
    number: int,
    words: Mapping[str, str],
    comment: str,
    cites: list[dict[str, Any]],
) -> ArticleRevision:
    return ArticleRevision(
        id=new_id(),
        article_id=article.id,
        number=number,
        **words,
        comment=clean_text("comment", comment, LINE_LIMIT_CHARS, required=False),
        content_hash=sha256_of([words[field] for field in WORD_FIELDS]),
        cites=cites,
        author_id=caller.person_id,
        created_at=utc_now(),
    )


def _joined_issue(present: Sequence[str], added: Sequence[str]) -> list[str]:
    lines = list(dict.fromkeys([*present, *(clean_line("issue", line) for line in added)]))
    if len(lines) > ISSUE_LIMIT:
        raise InvalidInput(field="issue", reason=f"more than {ISSUE_LIMIT} lines")
    return lines


def _clean_cites(cites: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    cleaned: list[dict[str, Any]] = []
    for cite in cites:
        kind, origin_id = cite.get("kind"), cite.get("id")
        if kind not in list(OriginKind) or not isinstance(origin_id, str):
            raise InvalidInput(field="cites", reason="each needs a kind and an id")
        cleaned.append({"kind": str(kind), "id": clean_line("cites", origin_id, 100)})
    return cleaned


def _clean_group(group: str | None) -> str | None:
    return None if group is None else clean_line("translation_group", group, 100)


def _checked_owner(session: Session, owner_id: str | None) -> str | None:
    if owner_id is not None and session.get(User, owner_id) is None:
        raise InvalidInput(field="owner_id", reason="there is no such person")
    return owner_id
