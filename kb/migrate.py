"""Bringing the record's schema up to date; the same migrations on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from kb.database import Database, serialise
from kb.errors import BrokenRecord, NewerRecord

#: a migration that cannot get its locks gives up, so that it does not stop everybody who queues behind it
LOCK_TIMEOUT = "10s"
STATEMENT_TIMEOUT = "15min"


def upgrade(database: Database) -> str:
    """Bring the schema to the newest revision, as a whole or not at all.

    Processes that upgrade at once wait for one another: the first does the work.

    Returns:
        The revision.
    Raises:
        NewerRecord: the record was written by a newer version.
        BrokenRecord: a migration left rows that point nowhere.
    """
    with _migrating(database) as connection:
        config = _config()
        config.attributes["connection"] = connection
        _refuse_newer(connection)
        command.upgrade(config, "head")
        if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise BrokenRecord(reason="a migration left rows that point nowhere")
    return head()


def current(database: Database) -> str | None:
    """The record's schema revision; None for an empty database."""
    with database.reading() as session:
        return _revision(session.connection())


def head() -> str:
    """The newest revision that this version knows."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def _config() -> Config:
    config = Config()
    # As package and folder, so that it is found wherever the package is installed.
    config.set_main_option("script_location", "kb:migrations")
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _migrating(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        if database.is_sqlite:
            # SQLite changes a table by copying it: dropping the original would delete what points to it.
            # The pragma counts only outside a transaction, hence on the driver's connection, before BEGIN.
            driver_connection = connection.connection.driver_connection
            assert driver_connection is not None
            driver_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                _wait_for_turn(connection)
                yield connection
        finally:
            # Not returned to the pool: its pragmas and timeouts are a migration's.
            connection.invalidate()


def _wait_for_turn(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        return  # BEGIN IMMEDIATE, as for every writer
    serialise(Session(connection), "migrate the record")
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'"))


def _refuse_newer(connection: Connection) -> None:
    revision = _revision(connection)
    if revision is None:
        return
    try:
        ScriptDirectory.from_config(_config()).get_revision(revision)
    except CommandError as error:
        raise NewerRecord(revision=revision) from error


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
