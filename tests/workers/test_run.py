"""The life of one job: leased, renewed, ended once, and handed back when it cannot go on."""

import sqlite3
import threading
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from kb.article import Article, revise_article, schedule_article
from kb.clock import utc_now
from kb.database import Database
from kb.errors import EmbeddingUnavailable, KbError, StorageFull
from kb.outbox import Job, enqueue, get_job, take_job
from kb.settings import Settings
from kb.source import Source
from kb.visibility import OPERATOR
from kb.vocabulary import JobName, JobState, SourceStatus
from tests.factories import make_article, make_source
from tests.workers.conftest import taken, the_job
from workers.errors import Interrupted
from workers.lease import Lease
from workers.resources import Resources
from workers.run import NOTHING_TO_DO, Outcome, Task, run_job
from workers.tasks import TASKS


def _job(resources: Resources, name: JobName = JobName.INDEX_NOTE) -> Job:
    with resources.database.transaction() as session:
        return enqueue(session, name=name, subject_id="subject")


def _perform(resources: Resources, task: Task, job: Job) -> Job:
    run_job(resources, {job.name: task}, job_id=job.id)
    with resources.database.reading() as session:
        return get_job(session, job_id=job.id)


def _operational(name: str) -> OperationalError:
    cause = sqlite3.OperationalError(name)
    cause.sqlite_errorname = name
    return OperationalError("SELECT 1", {}, cause)


def _raising(error: Exception) -> Task:
    def task(_resources: Resources, _job: Job, _lease: Lease) -> Outcome:
        raise error

    return task


def test_a_job_that_is_done_or_runs_elsewhere_is_left_alone(resources: Resources) -> None:
    job = _job(resources)
    other = Resources(resources.settings)
    taken(other, job)
    assert not run_job(resources, {job.name: _raising(AssertionError())}, job_id=job.id)
    assert not run_job(resources, {}, job_id="unknown")


@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (EmbeddingUnavailable(reason="away"), JobState.PENDING, "embedding_unavailable"),
        (StorageFull(), JobState.PENDING, "storage_full"),
        (KbError(), JobState.FAILED, "error"),
        (ZeroDivisionError(), JobState.FAILED, "internal_error"),
        (Interrupted("told to"), JobState.PENDING, None),
        (_operational("SQLITE_BUSY"), JobState.PENDING, None),
        (_operational("SQLITE_ERROR"), JobState.FAILED, "internal_error"),
    ],
)
def test_how_a_task_ends_decides_how_its_job_ends(
    resources: Resources, error: Exception, state: JobState, code: str | None
) -> None:
    job, before = _job(resources), utc_now()
    ended = _perform(resources, _raising(error), job)
    after = utc_now()
    assert (ended.state, ended.error_code, ended.leased_by) == (state, code, None)
    is_tried_later = state is JobState.PENDING and code is not None
    assert ended.due_at >= before + timedelta(seconds=2) if is_tried_later else ended.due_at <= after


def test_an_article_whose_time_was_not_kept_says_why(resources: Resources) -> None:
    with resources.database.transaction() as session:
        made = make_article(session)
        given = {"caller": OPERATOR, "article_id": made.id, "expected_version": None}
        schedule_article(session, release_at=utc_now() + timedelta(hours=1), **given)
        revise_article(session, title="متن تازه", **given)
        made.release_at = utc_now()
        job = enqueue(session, name=JobName.MOVE_ARTICLE, subject_id=made.id, due_at=utc_now())
    run_job(resources, TASKS, job_id=job.id)
    with resources.database.reading() as session:
        made = session.get_one(Article, made.id)
        ended = get_job(session, job_id=job.id)
    assert (made.released_revision_id, made.unkept_code) == (None, "revision_overtaken")
    assert (ended.state, ended.error_code) == (JobState.FAILED, "revision_overtaken")


def test_a_source_whose_task_hit_a_fault_says_so(resources: Resources) -> None:
    with resources.database.transaction() as session:
        source = make_source(session)
    job = the_job(resources.database)
    _perform(resources, _raising(ZeroDivisionError()), job)
    with resources.database.reading() as session:
        source = session.get_one(Source, source.id)
    assert (source.status, source.error_code) == (SourceStatus.FAILED, "internal_error")


def test_nothing_is_stored_by_a_worker_that_lost_its_lease(resources: Resources, database: Database) -> None:
    job = _job(resources)
    stored: list[str] = []

    def slow(_resources: Resources, job: Job, _lease: Lease) -> Outcome:
        with database.transaction() as session:  # another worker, once the lease has run out
            later = utc_now() + timedelta(hours=1)
            assert take_job(session, job_id=job.id, worker="another", lease_seconds=60, now=later)

        def store(session: object) -> None:
            stored.append("tried")
            make_source(session)  # type: ignore[arg-type]

        return Outcome(store)

    assert _perform(resources, slow, job).leased_by == "another"
    assert stored == ["tried"]
    with database.reading() as session:
        assert session.query(Source).count() == 0


def test_a_lease_is_renewed_while_its_task_computes(database: Database, resources: Resources) -> None:
    resources.settings = Settings(**resources.settings.model_dump() | {"job_lease_seconds": 2})
    job = taken(resources, _job(resources))

    def until() -> datetime | None:
        with database.reading() as session:
            return get_job(session, job_id=job.id).lease_until

    seen = [until()]
    with Lease(resources, job.id) as lease:
        while len(seen) < 4:  # as taken, and as renewed three times
            time.sleep(0.05)
            lease.check()
            if (found := until()) != seen[-1]:
                seen.append(found)
    assert seen[1:] == sorted(seen[1:], key=lambda time: time or utc_now())


def test_progress_is_recorded_and_a_lost_lease_noticed(database: Database, resources: Resources) -> None:
    job = taken(resources, _job(resources))
    with Lease(resources, job.id) as lease:
        lease.report(3, 3)
        with database.reading() as session:
            found = get_job(session, job_id=job.id)
        assert (found.progress_done, found.progress_total) == (3, 3)
        with database.transaction() as session:
            later = utc_now() + timedelta(hours=1)
            assert take_job(session, job_id=job.id, worker="another", lease_seconds=60, now=later)
        with pytest.raises(Interrupted):
            lease.report(4, 4)


def test_a_worker_that_ends_interrupts_its_task(resources: Resources) -> None:
    def endless(_resources: Resources, _job: Job, lease: Lease) -> Outcome:
        while True:
            lease.check()
            time.sleep(0.01)

    job = _job(resources)
    threading.Timer(0.2, resources.stopping.set).start()
    ended = _perform(resources, endless, job)
    assert (ended.state, ended.leased_by, ended.losses) == (JobState.PENDING, None, 0)


def test_a_task_with_nothing_to_do_is_done(resources: Resources) -> None:
    ended = _perform(resources, lambda *_: NOTHING_TO_DO, _job(resources))
    assert (ended.state, ended.attempts) == (JobState.DONE, 1)
