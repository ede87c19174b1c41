"""Releasing and archiving at a set time, with the rights that whoever set it has by then."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kb.article.change import UNCHANGED, Unchanged
from kb.article.editing import load_for_change, move, record, touch
from kb.article.model import Article
from kb.article.move import archive_article, release_article
from kb.article.release_check import settle_check
from kb.clock import utc_now
from kb.errors import Forbidden, InvalidInput, NothingToRelease
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
    if (releases, archives) == (article.release_at, article.archive_at):
        return article
    settled: dict[str, Any] = {}
    if releases not in (None, article.release_at) and article.working_revision_id is not None:
        settled = settle_check(
            session,
            caller=caller,
            revision_id=article.working_revision_id,
            override_reason=override_reason,
        )
    article.release_at, article.archive_at = releases, archives
    times = [at for at in (releases, archives) if at is not None]
    article.scheduled_by = caller.person_id if times else None
    for at in times[:1]:
        enqueue(session, name=JobName.MOVE_ARTICLE, subject_id=article_id, due_at=at)
    touch(session, article)
    data = {"release_at": releases, "archive_at": archives} | settled
    record(session, caller, "schedule_article", article, data)
    return article


def move_when_due(session: Session, *, article_id: str, now: datetime) -> None:
    """Do what is due; what comes later gets a job of its own. Nothing happens where all was taken back.

    Raises:
        Forbidden: whoever set the time may not do it any more.
        NothingToRelease, IncompleteArticle, ImpossibleMove: the article has moved on.
    """
    article = session.get(Article, article_id, with_for_update=True, populate_existing=True)
    if article is None:
        return
    if article.release_at is not None and article.release_at <= now:
        release_article(
            session,
            caller=_scheduler(session, article),
            article_id=article_id,
            expected_version=article.version,
        )
    elif article.archive_at is not None and article.archive_at <= now and article.release_at is None:
        archive_article(
            session,
            caller=_scheduler(session, article),
            article_id=article_id,
            expected_version=article.version,
        )
    later = [at for at in (article.release_at, article.archive_at) if at is not None]
    if later:
        enqueue(session, name=JobName.MOVE_ARTICLE, subject_id=article_id, due_at=min(later))


def _scheduler(session: Session, article: Article) -> Caller:
    if article.scheduled_by is None:
        return OPERATOR
    user = session.get_one(User, article.scheduled_by)
    if not user.active:
        raise Forbidden(needs="an active account of whoever set the time")
    return caller_of_user(session, user)


def _later(field: str, at: datetime | None, now: datetime) -> datetime | None:
    if at is not None and at.tzinfo is None:
        raise InvalidInput(field=field, reason="it needs a time zone, such as +03:30 or Z")
    if at is not None and at <= now:
        raise InvalidInput(field=field, reason="it has passed")
    return at
