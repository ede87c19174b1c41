"""Shared fixtures: settings, records on SQLite and PostgreSQL, callers."""

import os
import shutil
import uuid
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine.url import URL, make_url

from kb.database import Database
from kb.migrate import upgrade
from kb.settings import Settings
from kb.visibility import Caller
from kb.vocabulary import Role
from tests.factories import make_person

POSTGRES_VARIABLE = "KB_TEST_POSTGRES_URL"

# The same examples in every run, and none is too slow for a slow machine. To look for new ones:
# `pytest --hypothesis-profile=default`.
hypothesis.settings.load_profile("ci")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("KB_") and not name.startswith("KB_TEST_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the default model is unpacked, once for all installations of the session."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture
def settings(tmp_path: Path, models_dir: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", models_dir=models_dir, _env_file=None)


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite record, copied for each test: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "record.sqlite3"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture
def database(_migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty record on SQLite."""
    path = tmp_path / "record.sqlite3"
    shutil.copy(_migrated_file, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_server() -> URL:
    """Where scratch databases may be created and dropped."""
    address = os.environ.get(POSTGRES_VARIABLE)
    if not address:
        pytest.skip(f"{POSTGRES_VARIABLE} is not set")
    return make_url(address)


def _on_server(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _scratch_database(server: URL, template: str) -> Iterator[URL]:
    name = f"kb_test_{uuid.uuid4().hex}"
    _on_server(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield server.set(database=name)
    _on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def _migrated_postgres(postgres_server: URL) -> Iterator[URL]:
    for url in _scratch_database(postgres_server, "template0"):
        database = Database(url.render_as_string(hide_password=False))
        upgrade(database)
        database.close()  # a template must have no connections
        yield url


@pytest.fixture
def empty_postgres_url(postgres_server: URL) -> Iterator[str]:
    """An empty scratch database."""
    for url in _scratch_database(postgres_server, "template0"):
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def postgres_database(postgres_server: URL, _migrated_postgres: URL) -> Iterator[Database]:
    """A migrated, empty record on PostgreSQL."""
    assert _migrated_postgres.database is not None
    for url in _scratch_database(postgres_server, _migrated_postgres.database):
        database = Database(url.render_as_string(hide_password=False))
        yield database
        database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_database(request: pytest.FixtureRequest) -> Database:
    """The test runs twice: on SQLite and on PostgreSQL."""
    name = "database" if request.param == "sqlite" else "postgres_database"
    found = request.getfixturevalue(name)
    assert isinstance(found, Database)
    return found


@pytest.fixture
def caller(request: pytest.FixtureRequest) -> Callable[..., Caller]:
    """`caller(role=...)`: a new person of that role in the record that the test uses."""
    name = "any_database" if "any_database" in request.fixturenames else "database"
    database = request.getfixturevalue(name)

    def make(role: Role = Role.AGENT) -> Caller:
        with database.transaction() as session:
            return make_person(session, role=role)

    return make


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where every service is promised (`KB_TEST_REQUIRE_SERVICES`), a skipped test is a failed one."""
    report = yield
    if report.skipped and os.environ.get("KB_TEST_REQUIRE_SERVICES") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped though every service is promised: {report.longrepr}"
    return report
