"""A worker's parts in the test's own process: real record, real embedder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from kb.database import Database
from kb.outbox import Job, take_job
from kb.settings import Settings
from search.embedding import Embedder, EmbedderConfig, make_embedder
from tests.exchanging import fresh_record
from workers.resources import Resources


@pytest.fixture(scope="session")
def embedder(models_dir: Path) -> Embedder:
    return make_embedder(EmbedderConfig(models_directory=models_dir, threads=1))


@pytest.fixture
def resources(database: Database, embedder: Embedder, tmp_path: Path) -> Resources:
    """Resources on the test's record."""
    settings = Settings(
        data_dir=tmp_path, database_url=database.url.render_as_string(hide_password=False), _env_file=None
    )
    return Resources(settings, embedder=embedder)


@pytest.fixture
def other(_migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """Another installation, empty."""
    with fresh_record(_migrated_file, tmp_path) as database:
        yield database


def the_job(database: Database) -> Job:
    """The newest job of the record."""
    with database.reading() as session:
        job = session.scalars(select(Job).order_by(Job.created_at.desc(), Job.id.desc())).first()
    assert job is not None
    return job


def taken(resources: Resources, job: Job) -> Job:
    """The job, leased to these resources' worker."""
    with resources.database.transaction() as session:
        found = take_job(session, job_id=job.id, worker=resources.worker, lease_seconds=60)
    assert found is not None
    return found
