from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article import schedule_article
from kb.clock import utc_now
from kb.database import Database
from kb.errors import EmbeddingUnavailable, Forbidden, ImpossibleMove, InvalidInput, NotFound
from kb.outbox import (
    Job,
    claim_jobs,
    count_jobs,
    enqueue,
    fail_job,
    finish_job,
    get_job,
    hold_jobs,
    list_jobs,
    release_leases,
    renew_lease,
    report_progress,
    retry_job,
    take_job,
)
from kb.source import Source
from kb.visibility import OPERATOR
from kb.vocabulary import JobName, JobState, Scope, SourceStatus
from tests.factories import make_article, make_key, make_source

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def promise(session: Session, subject_id: str = "a", due: float = 0) -> Job:
    return enqueue(session, name=JobName.INDEX_NOTE, subject_id=subject_id, due_at=at(due))


def claim(session: Session, worker: str = "w1", when: float = 0, limit: int = 10) -> list[Job]:
    return claim_jobs(session, worker=worker, limit=limit, lease_seconds=60, now=at(when), attempt_limit=3)


def test_due_jobs_are_given_out_oldest_first_and_future_ones_wait(any_database: Database) -> None:
    with any_database.transaction() as session:
        for subject_id, due in (("late", 20), ("second", 10), ("first", 5)):
            promise(session, subject_id, due)
        assert [job.subject_id for job in claim(session, when=15)] == ["first", "second"]
        assert claim(session, "w2", when=15) == []
        assert [job.subject_id for job in claim(session, "w2", when=20)] == ["late"]


def test_a_job_that_has_not_started_is_promised_once_at_the_earlier_time(any_database: Database) -> None:
    with any_database.transaction() as session:
        first = promise(session, due=50)
        again = enqueue(session, name=JobName.INDEX_NOTE, subject_id="a", payload={"n": 2}, due_at=at(10))
        assert again.id == first.id
        assert (again.due_at, again.payload) == (at(10), {"n": 2})
        assert promise(session, due=90).due_at == at(10)
        other = enqueue(session, name=JobName.INDEX_ARTICLE, subject_id="a", due_at=NOW)
        assert other.id != first.id


def test_a_job_that_runs_gets_a_successor_that_waits_for_it(any_database: Database) -> None:
    with any_database.transaction() as session:
        promise(session)
        (running,) = claim(session)
        successor = promise(session)
        assert successor.id != running.id
        assert claim(session, "w2") == []
        assert take_job(session, job_id=successor.id, worker="w2", lease_seconds=60, now=NOW) is None
        assert finish_job(session, job_id=running.id, worker="w1", now=at(1))
        assert [job.id for job in claim(session, "w2", when=1)] == [successor.id]


def test_a_lease_that_is_renewed_lives_and_one_that_ran_out_is_given_out_again(
    any_database: Database,
) -> None:
    with any_database.transaction() as session:
        job = promise(session)
        claim(session)
        assert renew_lease(session, job_id=job.id, worker="w1", lease_seconds=60, now=at(50))
        assert claim(session, "w2", when=109) == []
        assert [found.id for found in claim(session, "w2", when=110)] == [job.id]
        assert (job.attempts, job.losses, job.leased_by) == (2, 1, "w2")


def test_a_worker_that_lost_its_lease_can_do_nothing_to_the_job(any_database: Database) -> None:
    with any_database.transaction() as session:
        job = promise(session)
        claim(session)
        claim(session, "w2", when=61)
        error = EmbeddingUnavailable(reason="gone")
        assert not renew_lease(session, job_id=job.id, worker="w1", lease_seconds=60, now=at(62))
        assert not report_progress(session, job_id=job.id, worker="w1", done=1, total=2)
        assert not finish_job(session, job_id=job.id, worker="w1")
        assert not fail_job(session, job_id=job.id, worker="w1", error=error)
        assert report_progress(session, job_id=job.id, worker="w2", done=1, total=2)
        assert finish_job(session, job_id=job.id, worker="w2")
        assert not finish_job(session, job_id=job.id, worker="w2")
        session.refresh(job)
        assert (job.state, job.progress_done, job.leased_by) == (JobState.DONE, 1, None)


def test_a_failure_is_kept_with_its_code_and_data_and_can_be_retried_by_hand(
    any_database: Database,
) -> None:
    with any_database.transaction() as session:
        job = promise(session)
        claim(session)
        assert fail_job(session, job_id=job.id, worker="w1", error=NotFound(what="note", id="ی\0"))
        assert (job.state, job.error_code) == (JobState.FAILED, "not_found")
        assert job.error_data == {"what": "note", "id": "ی"}
        assert claim(session, when=1000) == []
        retried = retry_job(session, caller=OPERATOR, job_id=job.id)
        assert (retried.id, retried.state, retried.attempts, retried.error_code) == (
            job.id,
            JobState.PENDING,
            0,
            None,
        )
        with pytest.raises(ImpossibleMove):
            retry_job(session, caller=OPERATOR, job_id=job.id)
        with pytest.raises(Forbidden):
            retry_job(session, caller=make_key(Scope.READ), job_id=job.id)
        with pytest.raises(NotFound):
            retry_job(session, caller=OPERATOR, job_id="none")


def test_a_job_that_is_to_be_retried_waits_until_then_and_shows_why(any_database: Database) -> None:
    with any_database.transaction() as session:
        job = promise(session)
        claim(session)
        error = EmbeddingUnavailable(reason="gone")
        assert fail_job(session, job_id=job.id, worker="w1", error=error, retry_at=at(30))
        assert (job.state, job.error_code) == (JobState.PENDING, "embedding_unavailable")
        assert claim(session, when=29) == []
        assert claim(session, when=30) == [job]
        assert (job.error_code, job.losses, job.attempts) == (None, 0, 2)


def test_a_retry_passes_its_work_on_to_a_successor_that_waits_already(any_database: Database) -> None:
    with any_database.transaction() as session:
        job = promise(session)
        claim(session)
        successor = promise(session, due=5)
        fail_job(session, job_id=job.id, worker="w1", error=NotFound(what="note", id="a"), retry_at=at(9))
        assert (job.state, job.payload) == (JobState.DONE, {"superseded": True})
        assert claim(session, when=5) == [successor]


def test_retrying_by_hand_joins_a_job_that_waits_already(any_database: Database) -> None:
    with any_database.transaction() as session:
        job = promise(session)
        claim(session)
        fail_job(session, job_id=job.id, worker="w1", error=NotFound(what="note", id="a"))
        waiting = enqueue(session, name=job.name, subject_id="a", due_at=utc_now() + timedelta(days=1))
        assert retry_job(session, caller=OPERATOR, job_id=job.id).id == waiting.id
        assert waiting.due_at <= utc_now()
        assert job.state is JobState.FAILED


def test_a_job_that_ends_its_worker_again_and_again_is_given_up_with_its_source(
    any_database: Database,
) -> None:
    with any_database.transaction() as session:
        source = make_source(session)
        (job,) = session.scalars(select(Job))
        start = utc_now() + timedelta(seconds=1)
        for lost in range(3):
            when = start + timedelta(minutes=2 * lost)
            leased = {"worker": f"w{lost}", "lease_seconds": 60, "now": when, "attempt_limit": 3}
            assert claim_jobs(session, limit=1, **leased) == [job]
        last = start + timedelta(minutes=10)
        assert claim_jobs(session, worker="w", limit=1, lease_seconds=60, now=last, attempt_limit=3) == []
        assert (job.state, job.error_code, job.error_data) == (JobState.FAILED, "job_gave_up", {"losses": 3})
        assert (source.status, source.error_code) == (SourceStatus.FAILED, "job_gave_up")
        retry_job(session, caller=OPERATOR, job_id=job.id)
        assert (job.losses, source.status) == (0, SourceStatus.RECEIVED)


def test_a_set_time_whose_job_is_given_up_is_not_kept_until_the_job_is_retried(
    any_database: Database,
) -> None:
    with any_database.transaction() as session:
        article = make_article(session)
        given = {"caller": OPERATOR, "article_id": article.id, "expected_version": None}
        schedule_article(session, archive_at=utc_now() + timedelta(hours=1), **given)
        article.archive_at = utc_now()
        (job,) = session.scalars(select(Job).where(Job.name == JobName.MOVE_ARTICLE))
        leased = {"worker": "w", "limit": 1, "lease_seconds": 60, "attempt_limit": 1}
        start = utc_now() + timedelta(hours=1)
        assert claim_jobs(session, now=start, **leased) == [job]
        assert claim_jobs(session, now=start + timedelta(minutes=2), **leased) == []
        assert (article.unkept_at, article.unkept_code) == (article.archive_at, "job_gave_up")
        retry_job(session, caller=OPERATOR, job_id=job.id)
        assert (job.state, article.unkept_at) == (JobState.PENDING, None)


def test_clean_retries_never_count_as_lost_workers(any_database: Database) -> None:
    with any_database.transaction() as session:
        job = promise(session)
        for attempt in range(20):
            assert claim(session, when=attempt) == [job]
            error = EmbeddingUnavailable(reason="gone")
            fail_job(session, job_id=job.id, worker="w1", error=error, retry_at=at(attempt + 1))
        assert (job.attempts, job.losses, job.state) == (20, 0, JobState.PENDING)


def test_released_leases_go_to_the_end_of_the_queue(any_database: Database) -> None:
    with any_database.transaction() as session:
        first, second = promise(session, "first", 0), promise(session, "second", 1)
        claim(session, "host-1", when=1, limit=1)
        assert release_leases(session, worker_prefix="host-2") == 0
        assert release_leases(session, worker_prefix="host_1", now=at(5)) == 0, "_ is no wildcard"
        assert release_leases(session, worker_prefix="host-1", now=at(5)) == 1
        assert [job.id for job in claim(session, when=5)] == [second.id, first.id]
        assert first.losses == 0
        release_leases(session, lost=True, now=at(6))
        assert (first.losses, second.losses) == (1, 1)


def test_a_relay_holds_each_job_once_until_a_worker_takes_it(any_database: Database) -> None:
    with any_database.transaction() as session:
        job = promise(session)
        held = hold_jobs(session, holder="relay", limit=10, hold_seconds=30, now=NOW)
        assert [(found.id, found.state, found.attempts) for found in held] == [(job.id, JobState.PENDING, 0)]
        assert hold_jobs(session, holder="relay", limit=10, hold_seconds=30, now=at(29)) == []
        assert claim(session, when=29) == []
        assert promise(session).id == job.id, "a held job has not started: it will see the change"
        taken = take_job(session, job_id=job.id, worker="w1", lease_seconds=60, now=at(29))
        assert taken is not None
        assert (taken.state, taken.attempts, taken.leased_by) == (JobState.RUNNING, 1, "w1")
        assert take_job(session, job_id=job.id, worker="w2", lease_seconds=60, now=at(29)) is None


def test_a_lost_message_and_a_dead_worker_bring_the_job_back_to_the_relay(any_database: Database) -> None:
    with any_database.transaction() as session:
        job = promise(session)

        def hold(when: float) -> list[str]:
            held = hold_jobs(session, holder="relay", limit=9, hold_seconds=30, now=at(when), attempt_limit=2)
            return [found.id for found in held]

        assert hold(0) == [job.id]
        assert hold(30) == [job.id], "the message got lost"
        take_job(session, job_id=job.id, worker="w1", lease_seconds=60, now=at(31))
        assert hold(90) == []
        assert hold(91) == [job.id], "its worker died"
        assert job.losses == 1
        take_job(session, job_id=job.id, worker="w2", lease_seconds=60, now=at(92))
        assert hold(152) == [], "given up: it lost as many workers as it may"
        assert job.state is JobState.FAILED


def test_a_message_about_a_job_that_is_over_or_unknown_is_of_no_use(any_database: Database) -> None:
    with any_database.transaction() as session:
        job = promise(session)
        claim(session)
        finish_job(session, job_id=job.id, worker="w1")
        assert take_job(session, job_id=job.id, worker="w2", lease_seconds=60) is None
        assert take_job(session, job_id="none", worker="w2", lease_seconds=60) is None


def test_only_the_names_asked_for_are_claimed(any_database: Database) -> None:
    with any_database.transaction() as session:
        promise(session)
        enqueue(session, name=JobName.REINDEX, subject_id="", due_at=NOW)
        claimed = claim_jobs(session, worker="w", limit=9, lease_seconds=60, now=NOW, only={JobName.REINDEX})
        assert [job.name for job in claimed] == [JobName.REINDEX]


def test_what_a_transaction_promised_is_gone_when_it_is_rolled_back(any_database: Database) -> None:
    def store_and_fail() -> None:
        with any_database.transaction() as session:
            make_source(session)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        store_and_fail()
    with any_database.reading() as session:
        assert session.scalars(select(Job)).all() == []
        assert session.scalars(select(Source)).all() == []


def test_jobs_are_listed_newest_first_in_pages_and_counted(any_database: Database) -> None:
    with any_database.transaction() as session:
        ids = [promise(session, str(number)).id for number in range(5)]
        claim(session, limit=1)
    with any_database.reading() as session:
        assert count_jobs(session) == {
            JobState.PENDING: 4,
            JobState.RUNNING: 1,
            JobState.DONE: 0,
            JobState.FAILED: 0,
        }
        page = list_jobs(session, limit=3)
        rest = list_jobs(session, limit=3, cursor=page.next_cursor)
        assert [job.id for job in (*page.items, *rest.items)] == ids[::-1]
        assert rest.next_cursor is None
        assert list_jobs(session, state=JobState.RUNNING).items[0].id == get_job(session, job_id=ids[0]).id
        assert len(list_jobs(session, name=JobName.REINDEX).items) == 0
        with pytest.raises(InvalidInput):
            list_jobs(session, cursor="نامعتبر")
        with pytest.raises(InvalidInput):
            list_jobs(session, limit=0)
        with pytest.raises(NotFound):
            get_job(session, job_id="none")
