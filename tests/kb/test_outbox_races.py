"""Real workers in real threads, each with connections of its own."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kb.database import Database
from kb.note import Note
from kb.outbox import (
    Job,
    claim_jobs,
    enqueue,
    finish_job,
    hold_jobs,
    release_leases,
    renew_lease,
    take_job,
)
from kb.vocabulary import JobName, JobState
from tests.factories import make_note

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


def in_threads(count: int, work: Callable[[int], None]) -> None:
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_no_job_is_given_to_two_workers_and_none_is_lost(any_database: Database) -> None:
    with any_database.transaction() as session:
        promised = {
            enqueue(session, name=JobName.INDEX_NOTE, subject_id=str(number)).id for number in range(60)
        }
    given_out: Counter[str] = Counter()
    lock = threading.Lock()

    def work(number: int) -> None:
        while True:
            with any_database.transaction() as session:
                jobs = claim_jobs(session, worker=f"w{number}", limit=3, lease_seconds=60)
            if not jobs:
                return
            with lock:
                given_out.update(job.id for job in jobs)
            for job in jobs:
                with any_database.transaction() as session:
                    assert finish_job(session, job_id=job.id, worker=f"w{number}")

    in_threads(4, work)
    assert given_out == Counter(promised)
    with any_database.reading() as session:
        assert set(session.scalars(select(Job.state))) == {JobState.DONE}


def test_many_messages_about_one_job_start_it_once(any_database: Database) -> None:
    with any_database.transaction() as session:
        job_id = enqueue(session, name=JobName.REINDEX, subject_id="").id
    started: list[str] = []

    def work(number: int) -> None:
        with any_database.transaction() as session:
            if take_job(session, job_id=job_id, worker=f"w{number}", lease_seconds=60):
                started.append(f"w{number}")

    in_threads(6, work)
    assert len(started) == 1


def test_many_transactions_that_promise_the_same_work_share_one_job(any_database: Database) -> None:
    ids: list[str] = []

    def work(number: int) -> None:
        with any_database.transaction() as session:
            ids.append(enqueue(session, name=JobName.INDEX_ARTICLE, subject_id="a").id)

    in_threads(8, work)
    assert len(ids) == 8
    assert len(set(ids)) == 1


def test_every_change_is_seen_by_a_job_that_starts_after_it(any_database: Database) -> None:
    """Writers change a note and promise indexing; whatever the order, the last change gets indexed."""
    with any_database.transaction() as session:
        note_id = make_note(session).id
    indexed: list[int] = []
    finished: list[int] = []

    def work(number: int) -> None:
        if number < 2:
            for _ in range(25):
                change_note(any_database, note_id)
            finished.append(number)
            return
        over = False
        while index_note(any_database, note_id, f"w{number}", indexed) or not over:
            over = over or len(finished) == 2

    in_threads(3, work)
    assert indexed[-1] == 51
    assert indexed == sorted(indexed)


def change_note(database: Database, note_id: str) -> None:
    with database.transaction() as session:
        note = session.scalars(select(Note).where(Note.id == note_id).with_for_update()).one()
        note.version += 1
        session.flush()
        enqueue(session, name=JobName.INDEX_NOTE, subject_id=note_id)


def index_note(database: Database, note_id: str, worker: str, indexed: list[int]) -> bool:
    with database.transaction() as session:
        jobs = claim_jobs(session, worker=worker, limit=1, lease_seconds=60)
    for job in jobs:
        with database.reading() as session:
            version = session.get_one(Note, note_id).version
        with database.transaction() as session:
            assert finish_job(session, job_id=job.id, worker=worker)
        indexed.append(version)
    return bool(jobs)


class Model:
    """What the outbox should do: who holds which subject until when, and which subjects wait."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.held: dict[str, tuple[str, str, datetime]] = {}  # subject -> job, worker, until
        self.promised: set[str] = set()

    def promise(self, session: Session, subject: str, worker: str) -> None:
        enqueue(session, name=JobName.INDEX_NOTE, subject_id=subject, due_at=self.now)
        self.promised.add(subject)

    def claim(self, session: Session, subject: str, worker: str) -> None:
        self._started(claim_jobs(session, worker=worker, limit=2, **self._lease()), worker)

    def hold(self, session: Session, subject: str, worker: str) -> None:
        held = hold_jobs(session, holder="relay", limit=2, hold_seconds=20, now=self.now, attempt_limit=99)
        for job in held:
            self._assert_free(job)
            self.held.pop(job.subject_id, None)

    def take(self, session: Session, subject: str, worker: str) -> None:
        of_subject = select(Job).where(Job.subject_id == subject, Job.state == JobState.PENDING)
        waiting = session.scalars(of_subject).first()
        if waiting is not None:
            taken = take_job(session, job_id=waiting.id, worker=worker, **self._lease())
            self._started([taken] if taken else [], worker)

    def renew(self, session: Session, subject: str, worker: str) -> None:
        if (job_id := self._own(subject, worker)) is not None:
            assert renew_lease(session, job_id=job_id, worker=worker, lease_seconds=60, now=self.now)
            self.held[subject] = (job_id, worker, self.now + timedelta(seconds=60))

    def finish(self, session: Session, subject: str, worker: str) -> None:
        if (job_id := self._own(subject, worker)) is not None:
            assert finish_job(session, job_id=job_id, worker=worker, now=self.now)
            del self.held[subject]

    def wait(self, session: Session, subject: str, worker: str) -> None:
        self.now += timedelta(seconds=25)

    def die(self, session: Session, subject: str, worker: str) -> None:
        release_leases(session, worker_prefix=worker, now=self.now)
        self.held = {key: value for key, value in self.held.items() if value[1] != worker}

    def drain(self) -> None:
        """Everybody goes away; one worker does what is left."""
        self.now += timedelta(minutes=5)
        while True:
            with self.database.transaction() as session:
                jobs = claim_jobs(session, worker="last", limit=5, **self._lease())
                for job in jobs:
                    assert finish_job(session, job_id=job.id, worker="last", now=self.now)
            if not jobs:
                return

    def _lease(self) -> dict[str, Any]:
        return {"lease_seconds": 60, "now": self.now, "attempt_limit": 99}

    def _own(self, subject: str, worker: str) -> str | None:
        held = self.held.get(subject)
        return held[0] if held is not None and held[1] == worker else None

    def _started(self, jobs: list[Job], worker: str) -> None:
        for job in jobs:
            self._assert_free(job)
            self.held[job.subject_id] = (job.id, worker, self.now + timedelta(seconds=60))

    def _assert_free(self, job: Job) -> None:
        if job.subject_id in self.held:
            assert self.held[job.subject_id][2] <= self.now, "given out while its lease lives"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["promise", "claim", "hold", "take", "renew", "finish", "wait", "die"]),
        st.sampled_from(["s0", "s1", "s2"]),
        st.sampled_from(["w0", "w1", "w2"]),
    ),
    max_size=40,
)


@given(steps=STEPS)
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_living_lease_is_exclusive_and_no_promise_is_forgotten_whatever_happens(
    database: Database, steps: list[tuple[str, str, str]]
) -> None:
    with database.transaction() as session:
        session.execute(delete(Job))
    model = Model(database)
    for action, subject, worker in steps:
        with database.transaction() as session:
            getattr(model, action)(session, subject, worker)
    model.drain()
    with database.reading() as session:
        jobs = session.scalars(select(Job)).all()
    assert {job.subject_id for job in jobs} == model.promised
    assert {job.state for job in jobs} <= {JobState.DONE}
