"""`reindex` jobs: the index's owner performs them, beside its projector."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kb.database import Database
from kb.outbox import enqueue
from kb.settings import Settings
from kb.vocabulary import JobName, JobState
from search.embedding import Embedder
from search.open import Search, open_search
from tests.factories import make_note
from tests.workers.conftest import the_job
from workers.rebuild import Rebuilder
from workers.resources import Resources
from workers.run import run_job
from workers.tasks import TASKS


@pytest.fixture
def search(database: Database, resources: Resources, tmp_path: Path, embedder: Embedder) -> Iterator[Search]:
    opened = open_search(Settings(data_dir=tmp_path, _env_file=None), database, embedder=embedder)
    opened.projector.prepare()
    opened.projector.start()
    yield opened
    opened.close()


def test_a_reindex_job_builds_a_fresh_index_and_the_projector_goes_on(
    search: Search, database: Database, resources: Resources
) -> None:
    with database.transaction() as session:
        make_note(session, accepted=True)
    run_job(resources, TASKS, job_id=the_job(database).id)
    rebuilder = Rebuilder(database, search.projector)
    assert not rebuilder.rebuild_if_asked()
    before = search.index.state()
    with database.transaction() as session:
        enqueue(session, name=JobName.REINDEX, subject_id="")
    assert rebuilder.rebuild_if_asked()
    job = the_job(database)
    assert (job.name, job.state) == (JobName.REINDEX, JobState.DONE)
    assert search.index.state() is not before
    with database.transaction() as session:
        make_note(session, accepted=True, text="یادداشتی دیگر")
    run_job(resources, TASKS, job_id=the_job(database).id)
    while search.index.count() < 2:
        time.sleep(0.05)  # the projector's thread is at it


def test_a_fault_of_the_program_fails_the_job_and_the_rebuilder_goes_on(
    search: Search, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(_progress: object) -> None:
        raise RuntimeError("700 were put, 699 arrived")

    rebuilder = Rebuilder(database, search.projector)
    monkeypatch.setattr(search.projector, "rebuild", fault)
    with database.transaction() as session:
        enqueue(session, name=JobName.REINDEX, subject_id="")
    assert rebuilder.rebuild_if_asked()
    job = the_job(database)
    assert (job.state, job.error_code) == (JobState.FAILED, "internal_error")
    assert search.projector.is_running


def test_a_service_that_rebuilds_its_index_stays_ready(
    search: Search, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild, seen = search.projector.rebuild, list[bool]()

    def watched(progress: Callable[[int, int], None]) -> int:
        seen.append(search.projector.is_running)
        return rebuild(progress)

    monkeypatch.setattr(search.projector, "rebuild", watched)
    with database.transaction() as session:
        enqueue(session, name=JobName.REINDEX, subject_id="")
    assert Rebuilder(database, search.projector).rebuild_if_asked()
    assert seen == [True]
    assert the_job(database).state is JobState.DONE


def test_workers_leave_reindexing_to_the_owner() -> None:
    assert set(JobName) - set(TASKS) == {JobName.REINDEX}
