"""One of several processes writes the index; another takes over when it ends."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kb.database import Database
from workers.leader import lead


class _Duty:
    """Notes who is on duty."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.ended = threading.Event()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self.begun.set()
        yield
        self.ended.set()


def _start(database: Database, duty: _Duty, stopping: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=lead, args=(database, duty, stopping))
    thread.start()
    return thread


@pytest.mark.postgres
def test_the_second_takes_over_when_the_first_ends(postgres_database: Database) -> None:
    duties = [_Duty(), _Duty()]
    stops = [threading.Event(), threading.Event()]
    first = _start(postgres_database, duties[0], stops[0])
    assert duties[0].begun.wait(10)
    second = _start(postgres_database, duties[1], stops[1])
    assert not duties[1].begun.wait(3)
    stops[0].set()
    first.join(10)
    assert duties[0].ended.is_set()
    assert duties[1].begun.wait(10)
    stops[1].set()
    second.join(10)
    assert not second.is_alive()


@pytest.mark.postgres
def test_a_leader_whose_connection_breaks_is_off_duty(postgres_database: Database) -> None:
    duty, stopping = _Duty(), threading.Event()
    leading = _start(postgres_database, duty, stopping)
    assert duty.begun.wait(10)
    with postgres_database.engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
    stopping.wait(6)
    stopping.set()
    leading.join(10)
    assert not leading.is_alive()


def test_on_sqlite_there_is_nobody_to_stand_by_for(database: Database) -> None:
    duty, stopping = _Duty(), threading.Event()
    leading = _start(database, duty, stopping)
    assert duty.begun.wait(10)
    stopping.set()
    leading.join(10)
    assert duty.ended.is_set()
