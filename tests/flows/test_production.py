"""Production's parts for real: PostgreSQL, a broker, Celery workers, the relay with the projector."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from kombu.connection import Connection
from sqlalchemy import select

from kb.database import Database
from kb.outbox import Job, list_jobs
from kb.passage import Edition
from kb.vocabulary import EditionState, JobState
from tests.flows.conftest import Installation, interrupt, wait_until
from workers.celery_app import QUEUE

BROKERS = [
    pytest.param("KB_TEST_REDIS_URL", marks=pytest.mark.redis),
    pytest.param("KB_TEST_RABBITMQ_URL", marks=pytest.mark.rabbitmq),
]
pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(params=BROKERS)
def production(
    request: pytest.FixtureRequest, installation: Installation, empty_postgres_url: str
) -> Iterator[Installation]:
    """A migrated record on PostgreSQL, an empty queue, and qdrant-client's local mode for the index."""
    broker = os.environ.get(request.param)
    if not broker:
        pytest.skip(f"{request.param} is not set")
    with Connection(broker) as connection:  # type: ignore[no-untyped-call]
        queue = connection.SimpleQueue(QUEUE)
        queue.clear()
        queue.close()
    installation.variables |= {
        "KB_BROKER_URL": broker,
        "KB_DATABASE_URL": empty_postgres_url,
        "KB_INDEX": "client",
        "KB_JOB_LEASE_SECONDS": "3",
    }
    installation.kb("init")
    yield installation
    installation.end()  # before the scratch database is dropped


def _start_worker(installation: Installation) -> psutil.Process:
    started = installation.start(
        *("celery", "--app=workers.celery_app", "worker", "--concurrency=2", "--loglevel=INFO"),
        *("--without-gossip", "--without-mingle"),
        module=True,
    )
    wait_until(lambda: "ready." in installation.output(started), what="the Celery worker")
    return psutil.Process(started.pid)


def _kill_with_children(process: psutil.Process) -> None:
    for victim in [*process.children(recursive=True), process]:
        victim.kill()


def test_documents_become_searchable_through_a_broker(production: Installation, documents: Path) -> None:
    relay = production.start("relay")
    _start_worker(production)
    answer = production.kb_json("ingest", str(documents), exit_code=1)
    assert answer["summary"] == {"failed": 1, "indexed": 2}
    assert "broker" in production.kb("doctor")
    assert interrupt(relay) == 0
    assert "هفت روز" in production.kb("search", "مهلت پس دادن کالا")


def test_a_task_whose_worker_is_killed_runs_again(production: Installation, tmp_path: Path) -> None:
    long = tmp_path / "long.md"
    sections = (f"## بخش {n}\n\n" + f"نکتهٔ {n} دربارهٔ ارسال و بازگشت کالا. " * 25 for n in range(120))
    long.write_text("\n\n".join(sections), "utf-8")
    production.start("relay")
    worker = _start_worker(production)
    production.kb("ingest", str(long), "--no-wait")
    database = Database(production.settings().record_url)
    try:
        wait_until(lambda: _only_job(database).progress_done > 2, what="the task to be under way")
        _kill_with_children(worker)
        _start_worker(production)
        wait_until(
            lambda: _only_job(database).state is JobState.DONE, what="the task's second run", seconds=240
        )
        job = _only_job(database)
        assert (job.attempts, job.losses) == (2, 1)
        wait_until(lambda: _live(database) == [1], what="one live edition")
    finally:
        database.close()


def _only_job(database: Database) -> Job:
    with database.reading() as session:
        (job,) = list_jobs(session).items
    return job


def _live(database: Database) -> list[int]:
    with database.reading() as session:
        return [1 for _ in session.scalars(select(Edition).where(Edition.state == EditionState.LIVE))]


def test_several_relays_and_one_leader(production: Installation, documents: Path) -> None:
    first, second = production.start("relay"), production.start("relay")
    _start_worker(production)
    production.kb("ingest", str(documents / "returns.md"))
    first.kill()
    first.wait()
    (documents / "returns.md").write_text("# بازگشت کالا\n\nاکنون ده روز مهلت دارید.\n", "utf-8")
    assert production.kb_json("ingest", str(documents / "returns.md"))["summary"] == {"indexed": 1}
    assert interrupt(second) == 0
    assert "ده روز" in production.kb("search", "مهلت پس دادن کالا")
