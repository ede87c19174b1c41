"""Set times: who may set them, and what happens when they come."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article import (
    Article,
    archive_article,
    keep_after_all,
    leave_unkept,
    move_when_due,
    release_article,
    revise_article,
    schedule_article,
)
from kb.article.refusals import RevisionOvertaken, SchedulerLacksRight
from kb.article.release_check import finish_check, request_check
from kb.clock import utc_now
from kb.database import Database
from kb.errors import Forbidden, ImpossibleMove, InvalidInput, NothingToRelease, ReleaseBreaks
from kb.outbox import Job
from kb.user import User
from kb.visibility import OPERATOR, Caller
from kb.vocabulary import ArticleState, Audience, JobName, Role, Scope
from tests.factories import make_article, make_key, make_person

Who = Callable[..., Caller]
SOON, LATER = timedelta(hours=1), timedelta(hours=2)


def schedule(session: Session, article: Article, **given: Any) -> Article:
    values: dict[str, Any] = {"caller": OPERATOR, "expected_version": None} | given
    return schedule_article(session, article_id=article.id, **values)


def due_jobs(session: Session) -> list[datetime]:
    return list(session.scalars(select(Job.due_at).where(Job.name == JobName.MOVE_ARTICLE)))


def test_release_and_archive_come_by_themselves_one_after_the_other(any_database: Database) -> None:
    now = utc_now()
    with any_database.transaction() as session:
        made = make_article(session)
        schedule(session, made, release_at=now + SOON, archive_at=now + LATER)
        assert due_jobs(session) == [now + SOON]
        move_when_due(session, article_id=made.id, now=now)
        assert made.state is ArticleState.WORK_IN_PROGRESS  # nothing was due yet
        move_when_due(session, article_id=made.id, now=now + SOON)
        assert (made.state, made.release_at) == (ArticleState.VALIDATED, None)
        move_when_due(session, article_id=made.id, now=now + SOON)
        assert made.state is ArticleState.VALIDATED
        move_when_due(session, article_id=made.id, now=now + LATER)
        assert (made.state, made.archive_at) == (ArticleState.ARCHIVED, None)


def test_a_time_can_be_changed_and_taken_back(any_database: Database) -> None:
    now = utc_now()
    with any_database.transaction() as session:
        made = make_article(session)
        schedule(session, made, release_at=now + SOON)
        schedule(session, made, release_at=now + LATER)
        move_when_due(session, article_id=made.id, now=now + SOON)
        assert made.released_revision_id is None
        unchanged = schedule(session, made, release_at=now + LATER).version
        assert schedule(session, made, release_at=None).version == unchanged + 1
        assert (made.release_at, made.scheduled_by) == (None, None)
        move_when_due(session, article_id=made.id, now=now + LATER)
        assert made.released_revision_id is None


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({"release_at": -SOON}, "release_at"),
        ({"archive_at": -SOON}, "archive_at"),
        ({"release_at": LATER, "archive_at": SOON}, "archive_at"),
    ],
)
def test_impossible_times_are_refused(database: Database, times: dict[str, timedelta], field: str) -> None:
    now = utc_now()
    with database.transaction() as session:
        made = make_article(session)
        with pytest.raises(InvalidInput) as refusal:
            schedule(session, made, **{name: now + after for name, after in times.items()})
        assert refusal.value.data["field"] == field
        with pytest.raises(InvalidInput):
            schedule(session, made, release_at=datetime(2099, 1, 1))  # noqa: DTZ001 - that is the point
        assert (made.version, due_jobs(session)) == (1, [])


def test_who_may_not_do_it_now_may_not_have_it_done_later(database: Database) -> None:
    at = utc_now() + SOON
    with database.transaction() as session:
        made = make_article(session, audience=Audience.PUBLIC)
        for who, times in (
            (make_person(session, role=Role.AGENT), {"release_at": at}),
            (make_person(session, role=Role.CONTRIBUTOR), {"release_at": at}),
            (make_person(session, role=Role.CONTRIBUTOR), {"archive_at": at}),
            (make_key(*Scope), {"release_at": at}),
        ):
            with pytest.raises(Forbidden):
                schedule(session, made, caller=who, expected_version=1, **times)
        archive_article(session, caller=OPERATOR, article_id=made.id, expected_version=None)
        with pytest.raises(ImpossibleMove):
            schedule(session, made, archive_at=at)
        released = make_article(session, released=True)
        with pytest.raises(NothingToRelease):
            schedule(session, released, release_at=at)


def test_the_rights_of_whoever_set_the_time_count_when_it_comes(database: Database, caller: Who) -> None:
    publisher = caller(Role.PUBLISHER)
    at = utc_now() + SOON
    with database.transaction() as session:
        made = make_article(session, audience=Audience.PUBLIC)
        schedule(session, made, caller=publisher, expected_version=1, release_at=at)
        session.get_one(User, publisher.id).role = Role.AGENT
        session.flush()
        with pytest.raises(SchedulerLacksRight):
            move_when_due(session, article_id=made.id, now=at)
        session.get_one(User, publisher.id).role = Role.PUBLISHER
        session.get_one(User, publisher.id).active = False
        session.flush()
        with pytest.raises(SchedulerLacksRight):
            move_when_due(session, article_id=made.id, now=at)
        assert made.released_revision_id is None


def test_what_the_time_meets_may_have_moved_on(database: Database) -> None:
    at = utc_now() + SOON
    with database.transaction() as session:
        made = make_article(session)
        schedule(session, made, release_at=at)
        release_article(session, caller=OPERATOR, article_id=made.id, expected_version=None)
        move_when_due(session, article_id=made.id, now=at)  # released by hand: nothing is left to do
        move_when_due(session, article_id="gone", now=at)
        revise_article(session, caller=OPERATOR, article_id=made.id, expected_version=None, title="نو")
        schedule(session, made, archive_at=at)
        archive_article(session, caller=OPERATOR, article_id=made.id, expected_version=None)
        version = made.version
        move_when_due(session, article_id=made.id, now=at)
        assert made.version == version


def test_a_check_that_broke_something_needs_its_reason_when_the_time_is_set(
    database: Database, caller: Who
) -> None:
    publisher = caller(Role.PUBLISHER)
    at = utc_now() + SOON
    with database.transaction() as session:
        made = make_article(session)
        check = request_check(session, caller=OPERATOR, article_id=made.id, expected_version=None)
        finish_check(session, check_id=check.id, report={"counts": {}, "queries": []}, broken_count=2)
        with pytest.raises(ReleaseBreaks):
            schedule(session, made, release_at=at)
        given: dict[str, Any] = {"caller": publisher, "expected_version": made.version}
        schedule(session, made, release_at=at, override_reason="مقالهٔ دیگری پاسخ می‌دهد", **given)
        assert check.overridden_by == publisher.id
        move_when_due(session, article_id=made.id, now=at)
        assert made.state is ArticleState.VALIDATED


def overtaken(session: Session, who: Caller, at: datetime) -> Article:
    """Scheduled and then revised."""
    made = make_article(session)
    schedule(session, made, caller=who, expected_version=1, release_at=at)
    return revise_article(
        session, caller=OPERATOR, article_id=made.id, expected_version=None, title="متن تازه"
    )


def test_a_text_that_was_not_scheduled_is_not_released(any_database: Database, caller: Who) -> None:
    at = utc_now() + SOON
    with any_database.transaction() as session:
        made = overtaken(session, caller(Role.CONTRIBUTOR), at)
        with pytest.raises(RevisionOvertaken):
            move_when_due(session, article_id=made.id, now=at)
        assert made.released_revision_id is None


def test_a_time_that_is_given_again_is_about_the_text_of_now_and_needs_its_check(
    any_database: Database, caller: Who
) -> None:
    publisher = caller(Role.PUBLISHER)
    at = utc_now() + SOON
    with any_database.transaction() as session:
        made = overtaken(session, publisher, at)
        schedule(session, made, archive_at=at + SOON)  # says nothing about the release
        assert made.scheduled_revision_id != made.working_revision_id
        check = request_check(session, caller=OPERATOR, article_id=made.id, expected_version=None)
        finish_check(session, check_id=check.id, report={"counts": {}, "queries": []}, broken_count=1)
        with pytest.raises(ReleaseBreaks):
            schedule(session, made, release_at=at)
        schedule(session, made, release_at=at, override_reason="پاسخ جای دیگری است")
        assert made.scheduled_revision_id == made.working_revision_id
        move_when_due(session, article_id=made.id, now=at)
        assert made.state is ArticleState.VALIDATED
        assert (made.release_at, made.scheduled_revision_id) == (None, None)


def unkept(session: Session, **given: Any) -> Article:
    """An article whose release has failed; `given` are times, as seconds from now."""
    made = overtaken(session, make_person(session, role=Role.PUBLISHER), utc_now() + LATER)
    for name, seconds in given.items():
        setattr(made, name, utc_now() + timedelta(seconds=seconds))
    session.flush()
    leave_unkept(session, article_id=made.id, error=RevisionOvertaken(id=made.id))
    return made


def test_a_time_that_was_not_kept_says_why_and_is_tried_once(any_database: Database) -> None:
    with any_database.transaction() as session:
        made = unkept(session, release_at=-1)
        assert (made.unkept_at, made.unkept_code) == (made.release_at, "revision_overtaken")
        version = made.version
        move_when_due(session, article_id=made.id, now=utc_now())  # not tried again by itself
        leave_unkept(session, article_id=made.id, error=NothingToRelease(id=made.id))
        assert (made.version, made.unkept_code) == (version, "revision_overtaken")
        keep_after_all(session, article_id=made.id)  # as retrying its job does
        with pytest.raises(RevisionOvertaken):
            move_when_due(session, article_id=made.id, now=utc_now())


def test_a_release_that_failed_does_not_hold_up_the_archiving(any_database: Database) -> None:
    with any_database.transaction() as session:
        made = unkept(session, release_at=-2, archive_at=-1)
        move_when_due(session, article_id=made.id, now=utc_now())
        assert (made.state, made.unkept_at) == (ArticleState.ARCHIVED, None)


@pytest.mark.parametrize("way", ["anew", "back", "by hand"])
def test_what_was_not_kept_is_settled(any_database: Database, way: str) -> None:
    with any_database.transaction() as session:
        made = unkept(session, release_at=-1)
        match way:
            case "anew":
                schedule(session, made, release_at=utc_now() + SOON)
            case "back":
                schedule(session, made, release_at=None)
            case "by hand":
                release_article(session, caller=OPERATOR, article_id=made.id, expected_version=None)
        assert (made.unkept_at, made.unkept_code, made.unkept_data) == (None, None, None)


def test_nothing_is_amiss_where_it_was_taken_back_meanwhile(any_database: Database) -> None:
    with any_database.transaction() as session:
        made = make_article(session)
        version = made.version
        leave_unkept(session, article_id=made.id, error=NothingToRelease(id=made.id))
        leave_unkept(session, article_id="gone", error=NothingToRelease(id="gone"))
        assert (made.version, made.unkept_at) == (version, None)
