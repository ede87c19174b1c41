"""One of several processes writes the index; another takes over when it ends."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kb.database import Database
from workers.leader import CHECK_SECONDS, Duty, lead

PATIENCE_SECONDS = 60.0


class _Duty:
    """Notes who is on duty."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.ended = threading.Event()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self.begun.set()
        try:
            yield
        finally:
            self.ended.set()


def _start(database: Database, duty: Duty, stopping: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=lead, args=(database, duty, stopping))
    thread.start()
    return thread


@pytest.mark.postgres
def test_the_second_takes_over_when_the_first_ends(postgres_database: Database) -> None:
    duties = [_Duty(), _Duty()]
    stops = [threading.Event(), threading.Event()]
    first = _start(postgres_database, duties[0], stops[0])
    assert duties[0].begun.wait(PATIENCE_SECONDS)
    second = _start(postgres_database, duties[1], stops[1])
    assert not duties[1].begun.wait(CHECK_SECONDS + 1)
    stops[0].set()
    assert duties[1].begun.wait(PATIENCE_SECONDS)
    assert duties[0].ended.is_set()
    stops[1].set()
    for thread in (first, second):
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


@pytest.mark.postgres
def test_a_leader_whose_connection_breaks_is_off_duty(postgres_database: Database) -> None:
    first, second = duties = [_Duty(), _Duty()]
    turns, stopping = iter(duties), threading.Event()
    leading = _start(postgres_database, lambda: next(turns)(), stopping)
    assert first.begun.wait(PATIENCE_SECONDS)
    with postgres_database.engine.connect() as connection:
        # of this database alone: others on the server have leaders of their own
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    assert first.ended.wait(PATIENCE_SECONDS)
    assert second.begun.wait(PATIENCE_SECONDS), "it leads again, as nobody else does"
    stopping.set()
    leading.join(PATIENCE_SECONDS)
    assert not leading.is_alive()


def test_on_sqlite_there_is_nobody_to_stand_by_for(database: Database) -> None:
    duty, stopping = _Duty(), threading.Event()
    leading = _start(database, duty, stopping)
    assert duty.begun.wait(PATIENCE_SECONDS)
    stopping.set()
    leading.join(PATIENCE_SECONDS)
    assert duty.ended.is_set()
