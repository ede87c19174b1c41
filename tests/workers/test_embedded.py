"""The embedded loop: every due job, one at a time, until it is told to stop."""

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from kb.clock import utc_now
from kb.database import Database
from kb.outbox import Job, enqueue
from kb.settings import Settings
from kb.source import Source
from kb.vocabulary import JobName, JobState, SourceStatus
from tests.factories import make_note, make_source
from tests.workers.conftest import taken, the_job
from workers import resources as opened
from workers.embedded import hand_back, work, work_once
from workers.resources import Resources
from workers.schedule import RECURRENCES


def _is_done(database: Database, name: JobName) -> bool:
    with database.reading() as session:
        done = select(Job.id).where(Job.name == name, Job.state == JobState.DONE)
        return session.scalar(done) is not None


@pytest.fixture
def process(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> Resources:
    """These resources as the process's own, as tasks find them."""
    monkeypatch.setattr(opened, "_opened", (os.getpid(), resources))
    return resources


def test_due_jobs_are_performed_in_the_order_they_came(process: Resources) -> None:
    with process.database.transaction() as session:
        make_note(session, accepted=True)
        source = make_source(session, data=b"Refunds take three days.")
    assert work_once(process)
    with process.database.reading() as session:
        states = list(session.scalars(select(Job.state).order_by(Job.created_at)))
    assert states == [JobState.DONE, JobState.PENDING]
    assert work_once(process)
    assert not work_once(process)
    with process.database.reading() as session:
        assert session.get_one(Source, source.id).status is SourceStatus.STAGED


def test_what_nobody_waits_for_comes_last(process: Resources) -> None:
    with process.database.transaction() as session:
        enqueue(session, name=JobName.PURGE, subject_id="", due_at=utc_now() - timedelta(days=1))
        make_source(session, data=b"Refunds take three days.")
    done = []
    while work_once(process):
        with process.database.reading() as session:
            done.append(set(session.scalars(select(Job.name).where(Job.state == JobState.DONE))))
    assert done == [{JobName.INGEST_SOURCE}, {JobName.INGEST_SOURCE, JobName.PURGE}]


def test_the_loop_ends_when_told(process: Resources) -> None:
    with process.database.transaction() as session:
        make_source(session, data=b"Refunds take three days.")
    thread = threading.Thread(target=work, args=(process,))
    thread.start()
    while not _is_done(process.database, JobName.INGEST_SOURCE):
        thread.join(0.05)
    process.stopping.set()
    thread.join(60)
    assert not thread.is_alive()
    with process.database.reading() as session:
        waiting = set(session.scalars(select(Job.name).where(Job.state == JobState.PENDING)))
    assert waiting == {recurrence.name for recurrence in RECURRENCES}


def test_what_is_held_is_handed_back(process: Resources) -> None:
    with process.database.transaction() as session:
        make_source(session, data=b"Refunds take three days.")
    taken(process, the_job(process.database))
    hand_back(process)
    job = the_job(process.database)
    assert (job.state, job.leased_by) == (JobState.PENDING, None)


def test_a_forked_child_opens_resources_of_its_own(process: Resources) -> None:
    assert opened.resources() is process
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"other" if opened.resources() is not process else b"same")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 10) == b"other"
    os.close(reading)
    os.close(writing)


def test_the_worker_process_says_that_it_is_not_started_by_hand(
    database: Database, settings: Settings
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    done = subprocess.run(
        [sys.executable, "-m", "workers"], env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1
    assert "kb serve" in done.stderr
