"""Production's parts for real: PostgreSQL, a broker, Celery workers, the relay with the projector."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from kombu.connection import Connection
from sqlalchemy import func, select, update

from kb.clock import utc_now
from kb.database import Database
from kb.outbox import Job, get_job, list_jobs
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


def _send(number: int, process: psutil.Process) -> None:
    """A signal to a process and its children."""
    for receiver in [*process.children(recursive=True), process]:
        receiver.send_signal(number)


def test_documents_become_searchable_through_a_broker(production: Installation, documents: Path) -> None:
    relay = production.start("relay")
    _start_worker(production)
    answer = production.kb_json("ingest", str(documents), exit_code=1)
    assert answer["summary"] == {"failed": 1, "indexed": 2}
    assert "broker" in production.kb("doctor")
    assert interrupt(relay) == 0
    assert "هفت روز" in production.kb("search", "مهلت پس دادن کالا")


def test_a_task_whose_worker_is_killed_runs_again(production: Installation, tmp_path: Path) -> None:
    production.start("relay")
    worker = _start_worker(production)
    database = Database(production.settings().record_url)
    try:
        job_id = _interrupted_job(production, database, worker, tmp_path)
        _start_worker(production)
        wait_until(
            lambda: _job(database, job_id).state is JobState.DONE, what="the task's second run", seconds=240
        )
        job = _job(database, job_id)
        assert (job.attempts, job.losses) == (2, 1)
        wait_until(lambda: _live(database, job.subject_id) == 1, what="one live edition")
    finally:
        database.close()


def _interrupted_job(
    production: Installation, database: Database, worker: psutil.Process, folder: Path
) -> str:
    """A job whose worker was killed while it embedded, and whose lease has run out since."""
    sections = 60
    while True:
        long = folder / f"{sections}.md"
        long.write_text("\n\n".join(_section(number) for number in range(sections)), "utf-8")
        production.kb("ingest", str(long), "--no-wait")
        with database.reading() as session:
            job_id = list_jobs(session).items[0].id
        wait_until(lambda: _job(database, job_id).progress_total, what="the embedding to begin")  # noqa: B023
        _send(signal.SIGSTOP, worker)
        if _job(database, job_id).state is JobState.RUNNING:
            break
        _send(signal.SIGCONT, worker)  # a machine that is faster than this gets more to do
        sections *= 2
    _send(signal.SIGKILL, worker)
    with database.transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(lease_until=utc_now()))
    return job_id


def _section(number: int) -> str:
    return f"## بخش {number}\n\n" + f"نکتهٔ {number} دربارهٔ ارسال و بازگشت کالا. " * 25


def _job(database: Database, job_id: str) -> Job:
    with database.reading() as session:
        return get_job(session, job_id=job_id)


def _live(database: Database, origin_id: str) -> int:
    live = select(func.count()).where(Edition.origin_id == origin_id, Edition.state == EditionState.LIVE)
    with database.reading() as session:
        return session.scalar(live) or 0


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
