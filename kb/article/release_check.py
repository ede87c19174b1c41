"""Release checks: the queries that an article must answer, replayed before a revision of it is released.

An article's issue lines, and the queries of those whom it helped, are its regression tests; so are those of
its neighbours, which a new revision may push aside.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.article.editing import load_for_change, move, record
from kb.article.model import Article
from kb.clock import new_id, utc_now
from kb.database import Base
from kb.errors import KbError, NotFound, NothingToRelease, ReleaseBreaks
from kb.learnt_query import LearntQuery
from kb.lifecycle import ArticleVerb
from kb.link import Link
from kb.outbox import enqueue
from kb.rights import require
from kb.text import LINE_LIMIT_CHARS, clean_text
from kb.visibility import Caller
from kb.vocabulary import CheckState, JobName, OriginKind, Role, Scope

#: of one article; the latest links beyond that say nothing new
QUERY_LIMIT = 60


class ReleaseCheck(Base):
    __tablename__ = "release_check"
    __table_args__ = (Index("ix_release_check_article_id", "article_id", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"))
    #: the working revision that would be released
    revision_id: Mapped[str] = mapped_column(ForeignKey("article_revision.id"), index=True)
    state: Mapped[CheckState] = mapped_column()
    requested_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    requested_at: Mapped[datetime] = mapped_column()
    finished_at: Mapped[datetime | None] = mapped_column()
    #: newly answered, displaced and broken queries; None until it is done
    report: Mapped[dict[str, Any] | None] = mapped_column()
    #: queries that were answered, and would not be any more
    broken_count: Mapped[int] = mapped_column()
    error_code: Mapped[str | None] = mapped_column()
    error_data: Mapped[dict[str, Any] | None] = mapped_column()
    #: why it was released nevertheless; may be empty
    override_reason: Mapped[str] = mapped_column(Text)
    overridden_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))


class QueryOrigin(StrEnum):
    """Where a regression query comes from."""

    ISSUE = "issue"
    LEARNT = "learnt"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class RegressionQuery:
    """Words that should lead to an article."""

    article_id: str
    text: str
    origin: QueryOrigin


def request_check(
    session: Session, *, caller: Caller, article_id: str, expected_version: int | None
) -> ReleaseCheck:
    """Have the working revision checked; one that waits already is the same.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing, ImpossibleMove.
        NothingToRelease: there is no working revision.
    """
    article = load_for_change(session, caller, article_id, expected_version)
    move(ArticleVerb.REVISE, article, caller)
    if article.working_revision_id is None:
        raise NothingToRelease(id=article_id)
    waiting = waiting_check(session, article_id=article_id)
    if waiting is not None and waiting.revision_id == article.working_revision_id:
        enqueue(session, name=JobName.PROPOSE_ARTICLE, subject_id=article_id)
        return waiting
    if waiting is not None:
        session.delete(waiting)  # of a revision that has been overtaken; it did nothing yet
    check = ReleaseCheck(
        id=new_id(),
        article_id=article_id,
        revision_id=article.working_revision_id,
        state=CheckState.WAITING,
        requested_by=caller.person_id,
        requested_at=utc_now(),
        finished_at=None,
        report=None,
        broken_count=0,
        error_code=None,
        error_data=None,
        override_reason="",
        overridden_by=None,
    )
    session.add(check)
    session.flush()
    enqueue(session, name=JobName.PROPOSE_ARTICLE, subject_id=article_id)
    record(session, caller, "request_check", article, {"check_id": check.id})
    return check


def waiting_check(session: Session, *, article_id: str) -> ReleaseCheck | None:
    """The newest check of an article, where it waits for its passages or its replay."""
    newest = session.scalar(
        select(ReleaseCheck)
        .where(ReleaseCheck.article_id == article_id)
        .order_by(ReleaseCheck.id.desc())
        .limit(1)
    )
    return newest if newest is not None and newest.state is CheckState.WAITING else None


def newest_check(session: Session, *, revision_id: str) -> ReleaseCheck | None:
    """The last check of a revision, in whatever state."""
    statement = select(ReleaseCheck).where(ReleaseCheck.revision_id == revision_id)
    return session.scalar(statement.order_by(ReleaseCheck.id.desc()).limit(1))


def get_check(session: Session, *, article_id: str, check_id: str) -> ReleaseCheck:
    """One check; for those who see the article's working revisions.

    Raises:
        NotFound: there is none of this article.
    """
    check = session.get(ReleaseCheck, check_id)
    if check is None or check.article_id != article_id:
        raise NotFound(what="check", id=check_id)
    return check


def article_checks(session: Session, *, article_id: str, limit: int = 50) -> list[ReleaseCheck]:
    """An article's checks, newest first; for those who see its working revisions."""
    statement = select(ReleaseCheck).where(ReleaseCheck.article_id == article_id)
    return list(session.scalars(statement.order_by(ReleaseCheck.id.desc()).limit(limit)))


def finish_check(session: Session, *, check_id: str, report: dict[str, Any], broken_count: int) -> bool:
    """Keep what came of a check; False where it is not waited for any more."""
    return _finish(session, check_id, CheckState.DONE, report=report, broken_count=broken_count)


def fail_check(session: Session, *, article_id: str, error: KbError) -> None:
    """Say why the check that waits could not be done."""
    check = waiting_check(session, article_id=article_id)
    if check is not None:
        _finish(session, check.id, CheckState.FAILED, error_code=error.code, error_data=error.data)


def settle_check(
    session: Session, *, caller: Caller, revision_id: str, override_reason: str
) -> dict[str, Any]:
    """Let a revision pass whose check broke nothing, or whose losses a publisher accepts, now or before.

    Part of releasing, and of setting the time of a release.

    Returns:
        What the audit log keeps of it.
    Raises:
        ReleaseBreaks: queries would not be answered any more, and no reason was given.
        Forbidden: reasons are a publisher's to give. TextTooLong: the reason.
    """
    check = newest_check(session, revision_id=revision_id)
    if check is None:
        return {}
    if not check.broken_count or (check.override_reason and not override_reason.strip()):
        return {"check_id": check.id}
    reason = clean_text("override", override_reason, LINE_LIMIT_CHARS, required=False)
    if not reason:
        raise ReleaseBreaks(id=check.article_id, check_id=check.id, count=check.broken_count)
    require(caller, role=Role.PUBLISHER, scope=Scope.RELEASE)
    check.override_reason, check.overridden_by = reason, caller.person_id
    session.flush()
    return {"check_id": check.id, "broken": check.broken_count, "override": reason}


def regression_queries(session: Session, *, article_ids: Collection[str]) -> list[RegressionQuery]:
    """The queries that must lead to these articles: issue lines, learnt ones, then those of links.

    Returns:
        In the order of the articles' ids, at most 60 of each, each text once for an article.
    """
    found: list[RegressionQuery] = []
    for article_id in sorted(article_ids):
        article = session.get(Article, article_id)
        if article is None:
            continue
        learnt = session.scalars(
            select(LearntQuery.text)
            .where(
                LearntQuery.origin_kind == OriginKind.ARTICLE,
                LearntQuery.origin_id == article_id,
                LearntQuery.is_confirmed.is_(True),
            )
            .order_by(LearntQuery.people.desc(), LearntQuery.id)
            .limit(QUERY_LIMIT)
        )
        linked = session.scalars(
            select(Link.query)
            .where(Link.article_id == article_id, Link.query != "")
            .order_by(Link.linked_at.desc(), Link.id.desc())
            .limit(QUERY_LIMIT)
        )
        # What stands first names the origin of words that came in several ways.
        texts: dict[str, QueryOrigin] = {}
        for origin, lines in (
            (QueryOrigin.ISSUE, article.issue),
            (QueryOrigin.LEARNT, learnt),
            (QueryOrigin.LINK, linked),
        ):
            for line in lines:
                texts.setdefault(line, origin)
        found += [
            RegressionQuery(article_id, text, origin) for text, origin in list(texts.items())[:QUERY_LIMIT]
        ]
    return found


def _finish(session: Session, check_id: str, state: CheckState, **values: Any) -> bool:
    check = session.get(ReleaseCheck, check_id, with_for_update=True, populate_existing=True)
    if check is None or check.state is not CheckState.WAITING:
        return False
    check.state, check.finished_at = state, utc_now()
    for name, value in values.items():
        setattr(check, name, value)
    session.flush()
    return True
