"""Releasing and archiving at a set time, with the rights that whoever set it has by then.

What is released is the revision that was the working one, and was checked, when the time was set. Where it is
another one by then, or anything else speaks against it, nothing is done; the article says so until somebody
sets the time anew, takes it back, or does it by hand.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kb.article.change import UNCHANGED, Unchanged
from kb.article.editing import forget_unkept, load_for_change, move, record, touch
from kb.article.model import Article
from kb.article.move import archive_article, release_article
from kb.article.refusals import RevisionOvertaken, SchedulerLacksRight
from kb.article.release_check import settle_check
from kb.canonical import plain
from kb.clock import utc_now
from kb.errors import Forbidden, InvalidInput, KbError, NothingToRelease
from kb.lifecycle import ArticleVerb
from kb.outbox import enqueue
from kb.user import User, caller_of_user
from kb.visibility import OPERATOR, Caller, CallerKind
from kb.vocabulary import JobName


def schedule_article(
    session: Session,
    *,
    caller: Caller,
    article_id: str,
    expected_version: int | None,
    release_at: datetime | Unchanged | None = UNCHANGED,
    archive_at: datetime | Unchanged | None = UNCHANGED,
    override_reason: str = "",
) -> Article:
    """Set when the working revision is released, and when the article is archived; None takes it back.

    Given again, the time of a release is about the revision that is the working one now.

    Args:
        override_reason: as in `release_article`.
    Raises:
        NotFound, NotSignedIn, StaleEdit, VersionMissing, ImpossibleMove.
        Forbidden: the caller may not do it now either, or is a key: keys come and go.
        NothingToRelease: there is no working revision.
        InvalidInput: a time that has passed, or archiving before releasing.
        ReleaseBreaks: as in `release_article`.
    """
    article = load_for_change(session, caller, article_id, expected_version)
    if release_at is not UNCHANGED:
        move(ArticleVerb.SCHEDULE_RELEASE, article, caller)
    if archive_at is not UNCHANGED:
        move(ArticleVerb.SCHEDULE_ARCHIVE, article, caller)
    if caller.kind is CallerKind.KEY:
        raise Forbidden(needs="a signed-in person")
    now = utc_now()
    releases = article.release_at if release_at is UNCHANGED else _later("release_at", release_at, now)
    archives = article.archive_at if archive_at is UNCHANGED else _later("archive_at", archive_at, now)
    if releases is not None and article.working_revision_id is None:
        raise NothingToRelease(id=article_id)
    if releases is not None and archives is not None and archives <= releases:
        raise InvalidInput(field="archive_at", reason="it must come after release_at")
    scheduled = article.scheduled_revision_id if release_at is UNCHANGED else article.working_revision_id
    scheduled = scheduled if releases is not None else None
    before = article.release_at, article.archive_at, article.scheduled_revision_id
    if (releases, archives, scheduled) == before:
        return article
    settled: dict[str, Any] = {}
    if scheduled is not None and (releases, scheduled) != (article.release_at, article.scheduled_revision_id):
        settled = settle_check(session, caller=caller, revision_id=scheduled, override_reason=override_reason)
    article.release_at, article.archive_at, article.scheduled_revision_id = releases, archives, scheduled
    article.scheduled_by = caller.person_id if releases or archives else None
    forget_unkept(article)
    _await_next(session, article)
    touch(session, article)
    data = {"release_at": releases, "archive_at": archives, "revision_id": scheduled} | settled
    record(session, caller, "schedule_article", article, data)
    return article


def move_when_due(session: Session, *, article_id: str, now: datetime) -> None:
    """Do what is due; what comes later gets a job of its own. Nothing happens where all was taken back.

    Raises:
        SchedulerLacksRight: whoever set the time may not do it any more.
        RevisionOvertaken: it would release another text than the one that was scheduled.
        IncompleteArticle, ImpossibleMove, ReleaseBreaks: the article, or its check, has moved on.
    """
    article = session.get(Article, article_id, with_for_update=True, populate_existing=True)
    if article is None:
        return
    at = _next_time(article)
    if at is not None and at <= now:
        given: dict[str, Any] = {"article_id": article_id, "expected_version": article.version}
        if at == article.release_at and article.scheduled_revision_id != article.working_revision_id:
            raise RevisionOvertaken(id=article_id)
        verb = release_article if at == article.release_at else archive_article
        try:
            verb(session, caller=_scheduler(session, article), **given)
        except Forbidden as refusal:
            raise SchedulerLacksRight(needs=refusal.data["needs"]) from refusal
    _await_next(session, article)


def leave_unkept(session: Session, *, article_id: str, error: KbError) -> None:
    """Say why what was due was not done; what comes later is done at its time nevertheless.

    Nothing happens where it was taken back or done by hand meanwhile.
    """
    article = session.get(Article, article_id, with_for_update=True, populate_existing=True)
    at = _next_time(article) if article is not None else None
    if article is None or at is None or at > utc_now():
        return
    article.unkept_at, article.unkept_code, article.unkept_data = at, error.code, plain(error.data)
    _await_next(session, article)
    touch(session, article)
    record(session, OPERATOR, "leave_unkept", article, {"at": at, "error_code": error.code})


def keep_after_all(session: Session, *, article_id: str) -> None:
    """Let what was not done be tried once more; part of retrying its job."""
    article = session.get(Article, article_id, with_for_update=True, populate_existing=True)
    if article is not None and article.unkept_at is not None:
        article.unkept_at = article.unkept_code = article.unkept_data = None
        touch(session, article)


def _next_time(article: Article) -> datetime | None:
    """The earliest time that was set and has not been tried yet."""
    times = (at for at in (article.release_at, article.archive_at) if at is not None)
    return min((at for at in times if article.unkept_at is None or at > article.unkept_at), default=None)


def _await_next(session: Session, article: Article) -> None:
    at = _next_time(article)
    if at is not None:
        enqueue(session, name=JobName.MOVE_ARTICLE, subject_id=article.id, due_at=at)


def _scheduler(session: Session, article: Article) -> Caller:
    if article.scheduled_by is None:
        return OPERATOR
    user = session.get_one(User, article.scheduled_by)
    if not user.active:
        raise Forbidden(needs="an active account")
    return caller_of_user(session, user)


def _later(field: str, at: datetime | None, now: datetime) -> datetime | None:
    if at is not None and at.tzinfo is None:
        raise InvalidInput(field=field, reason="it needs a time zone, such as +03:30 or Z")
    if at is not None and at <= now:
        raise InvalidInput(field=field, reason="it has passed")
    return at
