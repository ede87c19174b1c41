"""Recurrences: due at their time, once, whoever looks, whatever is killed."""

import threading
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from kb.clock import utc_now
from kb.conversation import TurnDraft, import_conversation
from kb.database import Database
from kb.idempotency import IdempotencyRecord, remember
from kb.outbox import Job, claim_jobs, count_jobs, enqueue, finish_job, hold_jobs, release_leases
from kb.passage import Edition
from kb.user import User, UserSession, open_session
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, Channel, JobName, JobState, Language, OriginKind, Speaker
from tests.factories import make_article, make_note, make_person, publish
from workers.resources import Resources
from workers.run import run_job
from workers.schedule import LONGEST_WAIT, QUIET, RECURRENCES, UNHURRIED, Keeper, keep_schedule, next_time
from workers.tasks import TASKS

TEHRAN = ZoneInfo("Asia/Tehran")
NIGHT = time(2, 30)
#: 15:30 in Tehran
NOW = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TRANSCRIPT: dict[str, Any] = {
    "external_id": "c",
    "channel": Channel.CALL,
    "language": Language.PERSIAN,
    "audience": Audience.INTERNAL,
    "turns": [TurnDraft(Speaker.CUSTOMER, "سلام")],
}


@pytest.mark.parametrize(
    ("zone", "after", "expected"),
    [
        # 02:30 in Tehran is 23:00 UTC of the day before
        ("Asia/Tehran", "2026-05-10T12:00", "2026-05-10T23:00"),
        ("Asia/Tehran", "2026-05-10T22:59", "2026-05-10T23:00"),
        ("Asia/Tehran", "2026-05-10T23:00", "2026-05-11T23:00"),
        ("Asia/Tehran", "2026-05-10T23:01", "2026-05-11T23:00"),
        ("UTC", "2026-12-31T12:00", "2027-01-01T02:30"),
        # 29 March 2026: 02:00 becomes 03:00 in Berlin, so 02:30 would have been 01:30 UTC
        ("Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:30"),
        ("Europe/Berlin", "2026-03-29T01:30", "2026-03-30T00:30"),
        # 25 October 2026: 02:30 comes twice; the first counts
        ("Europe/Berlin", "2026-10-24T12:00", "2026-10-25T00:30"),
        ("Europe/Berlin", "2026-10-25T00:30", "2026-10-26T01:30"),
    ],
)
def test_the_next_time_is_the_first_one_after(zone: str, after: str, expected: str) -> None:
    found = next_time(NIGHT, after=datetime.fromisoformat(after).replace(tzinfo=UTC), zone=ZoneInfo(zone))
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def look(database: Database, now: datetime = NOW) -> None:
    with database.transaction() as session:
        keep_schedule(session, zone=TEHRAN, now=now)


def waiting(database: Database) -> dict[JobName, datetime]:
    with database.reading() as session:
        rows = session.execute(select(Job.name, Job.due_at).where(Job.state == JobState.PENDING)).all()
    assert len(rows) == len({name for name, _ in rows})
    return {name: due_at for name, due_at in rows}  # noqa: C416 - rows are not plain tuples


def do_next(database: Database, now: datetime, name: JobName = JobName.PURGE) -> str:
    with database.transaction() as session:
        (job,) = claim_jobs(session, worker="w", limit=1, lease_seconds=60, only={name}, now=now)
        finish_job(session, job_id=job.id, worker="w", now=now)
    return job.id


def test_one_job_of_every_recurrence_waits_for_its_time(any_database: Database) -> None:
    look(any_database)
    look(any_database, NOW + timedelta(hours=1))
    expected = {one.name: next_time(one.at, after=NOW, zone=TEHRAN) for one in RECURRENCES}
    assert waiting(any_database) == expected
    with any_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == len(RECURRENCES)


def test_whoever_looks_at_once_makes_one_job(any_database: Database) -> None:
    threads = [threading.Thread(target=look, args=(any_database,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == len(RECURRENCES)


def test_the_next_one_waits_as_soon_as_one_has_ended(database: Database) -> None:
    look(database)
    first = waiting(database)[JobName.PURGE]
    with database.transaction() as session:
        (job,) = claim_jobs(session, worker="w", limit=1, lease_seconds=60, only={JobName.PURGE}, now=first)
    look(database, first + SECOND)
    assert JobName.PURGE not in waiting(database)
    with database.transaction() as session:
        finish_job(session, job_id=job.id, worker="w", now=first)
    look(database, first + SECOND)
    assert waiting(database)[JobName.PURGE] == first + timedelta(days=1)


def test_a_clock_that_is_behind_does_not_do_it_again(database: Database) -> None:
    look(database)
    first = waiting(database)[JobName.PURGE]
    do_next(database, first)
    look(database, first - SECOND)
    assert waiting(database)[JobName.PURGE] == first + timedelta(days=1)


def test_what_was_missed_while_nothing_ran_is_done_once(database: Database) -> None:
    look(database)
    later = NOW + timedelta(days=9)
    look(database, later)
    do_next(database, later)
    look(database, later)
    assert waiting(database)[JobName.PURGE] == next_time(time(4, 30), after=later, zone=TEHRAN)


def test_a_killed_worker_s_job_is_done_at_once(any_database: Database) -> None:
    look(any_database)
    first = waiting(any_database)[JobName.PURGE]
    with any_database.transaction() as session:
        claim_jobs(session, worker="killed", limit=1, lease_seconds=60, only={JobName.PURGE}, now=first)
    look(any_database, first + SECOND)
    assert JobName.PURGE not in waiting(any_database)
    # The lease has run out: what a relay does about it, and then a worker.
    late = first + timedelta(minutes=2)
    with any_database.transaction() as session:
        hold_jobs(session, holder="relay", limit=9, hold_seconds=60, only={JobName.PURGE}, now=late)
    assert waiting(any_database)[JobName.PURGE] == late
    do_next(any_database, late + timedelta(minutes=1))
    look(any_database, late + timedelta(minutes=1))
    assert waiting(any_database)[JobName.PURGE] == first + timedelta(days=1)


def test_a_killed_sweep_is_done_by_the_one_that_news_had_set_behind_it(any_database: Database) -> None:
    later = NOW + timedelta(hours=1)
    with any_database.transaction() as session:
        enqueue(session, name=JobName.FIND_CONFLICTS, subject_id="", due_at=NOW)
        claim_jobs(session, worker="killed", limit=1, lease_seconds=60, now=NOW)
        enqueue(session, name=JobName.FIND_CONFLICTS, subject_id="", due_at=later)
    with any_database.transaction() as session:
        release_leases(session, lost=True, now=NOW + SECOND)
    assert waiting(any_database) == {JobName.FIND_CONFLICTS: NOW + SECOND}


def publish_one(database: Database, at: datetime, kind: OriginKind = OriginKind.ARTICLE) -> None:
    with database.transaction() as session:
        made = {
            OriginKind.ARTICLE: lambda: make_article(session, released=True),
            OriginKind.NOTE: lambda: make_note(session, accepted=True),
            OriginKind.CONVERSATION: lambda: import_conversation(session, caller=OPERATOR, **TRANSCRIPT)[0],
        }[kind]()
        session.execute(update(Job).where(Job.subject_id != "").values(state=JobState.DONE))
        edition = publish(session, kind, made.id)
        session.execute(update(Edition).where(Edition.id == edition.id).values(live_at=at))


def test_everything_is_compared_when_publishing_has_paused(any_database: Database) -> None:
    publish_one(any_database, NOW)
    look(any_database, NOW + QUIET - SECOND)
    tonight = next_time(NIGHT, after=NOW, zone=TEHRAN)
    assert waiting(any_database)[JobName.FIND_CONFLICTS] == tonight
    publish_one(any_database, NOW + QUIET - SECOND, OriginKind.NOTE)
    look(any_database, NOW + QUIET)
    assert waiting(any_database)[JobName.FIND_CONFLICTS] == tonight
    paused = NOW + 2 * QUIET
    look(any_database, paused)
    assert waiting(any_database)[JobName.FIND_CONFLICTS] == paused
    do_next(any_database, paused, JobName.FIND_CONFLICTS)
    look(any_database, paused + timedelta(hours=2))
    assert waiting(any_database)[JobName.FIND_CONFLICTS] == tonight


def test_everything_is_compared_once_an_hour_where_publishing_never_pauses(database: Database) -> None:
    publish_one(database, NOW)
    publish_one(database, NOW + LONGEST_WAIT - SECOND)
    look(database, NOW + LONGEST_WAIT)
    assert waiting(database)[JobName.FIND_CONFLICTS] == NOW + LONGEST_WAIT


def test_transcripts_are_no_reason_to_compare(database: Database) -> None:
    publish_one(database, NOW, OriginKind.CONVERSATION)
    look(database, NOW + timedelta(hours=3))
    assert waiting(database)[JobName.FIND_CONFLICTS] == next_time(NIGHT, after=NOW, zone=TEHRAN)


def test_what_is_only_set_for_later_is_nothing_to_wait_for(database: Database) -> None:
    Keeper(database, TEHRAN).look()
    with database.reading() as session:
        assert set(count_jobs(session).values()) == {0}


def test_a_keeper_looks_once_a_minute(database: Database) -> None:
    keeper = Keeper(database, TEHRAN)
    keeper.look()
    with database.transaction() as session:
        session.query(Job).delete()
    keeper.look()
    assert waiting(database) == {}


def test_every_recurrence_has_a_task_that_can_run_on_an_empty_record(resources: Resources) -> None:
    look(resources.database)
    with resources.database.transaction() as session:
        session.execute(update(Job).values(due_at=NOW))
        ids = list(session.scalars(select(Job.id)))
    assert set(TASKS) >= UNHURRIED
    assert all(run_job(resources, TASKS, job_id=job_id) for job_id in ids)
    with resources.database.reading() as session:
        assert set(session.scalars(select(Job.state))) == {JobState.DONE}


def test_ended_sign_ins_and_old_answers_are_forgotten(resources: Resources) -> None:
    now = utc_now()
    with resources.database.transaction() as session:
        user = session.get_one(User, make_person(session).id)
        open_session(session, user=user, now=now, hours=1)
        open_session(session, user=user, now=now, hours=9)
        for key, age in (("old", 8), ("young", 6)):
            given = {"caller": OPERATOR, "key": key, "request": key, "status": 200, "body": {}, "headers": {}}
            remember(session, **given)
            made = now - timedelta(days=age)
            session.execute(
                update(IdempotencyRecord).where(IdempotencyRecord.created_at >= now).values(created_at=made)
            )
        first = update(UserSession).where(UserSession.expires_at < now + timedelta(hours=2))
        session.execute(first.values(expires_at=now - SECOND))
    look(resources.database)
    with resources.database.transaction() as session:
        session.execute(update(Job).values(due_at=NOW))
        job_id = session.scalars(select(Job.id).where(Job.name == JobName.PURGE)).one()
    run_job(resources, TASKS, job_id=job_id)
    with resources.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(UserSession)) == 1
        assert session.scalar(select(func.count()).select_from(IdempotencyRecord)) == 1
