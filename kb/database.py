"""The record's engine, its base class and its transactions; SQLite and PostgreSQL alike."""

import enum
import hashlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    String,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from kb.errors import StorageFull

BUSY_TIMEOUT_MS = 15_000
_READ_ONLY = "kb_read_only"
#: on PostgreSQL the default isolation would show each statement another state
_POSTGRES_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

T = TypeVar("T")


class UtcDateTime(TypeDecorator[datetime]):
    """UTC-aware times on every backend; SQLite would hand back naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: the record keeps UTC-aware times only")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Named constraints, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime,
        str: String,
        # As their values in plain columns: a new member needs no migration of a database type.
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            length=32,
            values_callable=lambda members: [m.value for m in members],
        ),
        dict[str, Any]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        list[dict[str, Any]]: JSON(none_as_null=True),
    }


class Database:
    """The record: hands out transactions and reading sessions.

    Args:
        url: SQLAlchemy address; `sqlite:///path`, `postgresql+psycopg://...` or `postgresql://...`.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine = _open_engine(url)
        self._reading_engine = self.engine.execution_options(
            **{_READ_ONLY: True},
            **({} if self.is_sqlite else _POSTGRES_SNAPSHOT),
        )

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is committed at the end, or rolled back as a whole.

        Raises:
            StorageFull: the disk is full; nothing was written.
        """
        session = Session(self.engine, expire_on_commit=False)
        try:
            with session.begin():
                yield session
        except OperationalError as error:
            if _is_disk_full(error):
                raise StorageFull from error
            raise
        finally:
            session.close()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one snapshot, takes no write lock, and writes nothing."""
        with Session(self._reading_engine, expire_on_commit=False, autoflush=False) as session:
            yield session  # closing ends the transaction and lets go of what was read, unexpired

    def close(self) -> None:
        self.engine.dispose()


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def serialise(session: Session, name: str) -> None:
    """Let one transaction at a time past this point, until it ends.

    Args:
        name: on PostgreSQL, transactions that give the same name wait for one another; on SQLite all do.
    """
    connection = session.connection()  # begins: on SQLite that takes the one write lock
    if connection.dialect.name != "sqlite":
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def insert_new(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows whose primary or unique keys are not there yet; leave the others as they are."""
    if not rows:
        return
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    session.execute(insert(table).on_conflict_do_nothing(), list(rows))


def batches(items: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """Slices of at most `size`: SQLite takes a bounded number of variables in one statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _open_engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, pool_size=20, max_overflow=20)
    engine = create_engine(
        parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, pool_size=20, max_overflow=40
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        # Transactions are begun below, so that writers take the lock at once and never deadlock on upgrade.
        connection.isolation_level = None
        cursor = connection.cursor()
        _write_ahead(cursor)
        cursor.execute("PRAGMA synchronous=FULL")  # an accepted upload survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get(_READ_ONLY, False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch the file to WAL, which lasts; a switch that meets another one is refused without any waiting."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _is_disk_full(error: OperationalError) -> bool:
    original = error.orig
    if isinstance(original, sqlite3.OperationalError):
        return original.sqlite_errorname in {"SQLITE_FULL", "SQLITE_IOERR_WRITE"}
    return getattr(original, "sqlstate", None) == "53100"
