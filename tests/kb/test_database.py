import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import InternalError, StatementError

from kb.clock import new_id
from kb.database import Database, batches, serialise
from kb.errors import StorageFull
from kb.note import Note
from tests.factories import make_note


def test_times_come_back_in_utc(any_database: Database) -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    told = datetime(2026, 3, 21, 0, 15, tzinfo=tehran)
    with any_database.transaction() as session:
        note = make_note(session)
        note.updated_at = told
        session.flush()
        note_id = note.id
    with any_database.reading() as session:
        read = session.get_one(Note, note_id).updated_at
    assert read == told
    assert read.tzinfo == UTC


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    def keep() -> None:
        with database.transaction() as session:
            make_note(session).updated_at = datetime(2026, 3, 21)  # noqa: DTZ001

    with pytest.raises(StatementError, match="naive"):
        keep()


def test_a_transaction_is_kept_whole_or_not_at_all(any_database: Database) -> None:
    def fail_in_the_middle() -> None:
        with any_database.transaction() as session:
            make_note(session)
            raise KeyError

    with pytest.raises(KeyError):
        fail_in_the_middle()
    with any_database.reading() as session:
        assert session.scalars(select(Note)).all() == []


def test_reading_sees_one_snapshot_while_others_write(any_database: Database) -> None:
    with any_database.reading() as session:
        assert session.scalars(select(Note.id)).all() == []
        with any_database.transaction() as writing:
            make_note(writing)
        assert session.scalars(select(Note.id)).all() == []
    with any_database.reading() as session:
        assert len(session.scalars(select(Note.id)).all()) == 1


def test_what_is_written_while_reading_is_never_kept(any_database: Database) -> None:
    # PostgreSQL refuses it, SQLite forgets it.
    with contextlib.suppress(InternalError), any_database.reading() as session:
        session.execute(text("DELETE FROM audit_head"))
    with any_database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM audit_head")).scalar() == 1


def test_those_who_serialise_on_one_name_go_one_at_a_time(any_database: Database) -> None:
    inside = 0
    most = 0
    failures: list[BaseException] = []

    def work() -> None:
        nonlocal inside, most
        try:
            for _ in range(5):
                with any_database.transaction() as session:
                    serialise(session, "name")
                    inside += 1
                    most = max(most, inside)
                    session.execute(text("SELECT 1"))
                    inside -= 1
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert most == 1


def test_a_full_disk_is_told_and_nothing_is_half_written(database: Database) -> None:
    """SQLite's own page limit gives the error that a full disk gives."""
    with database.transaction() as session:
        make_note(session)
        pages = session.execute(text("PRAGMA page_count")).scalar()

    def write_much() -> None:
        with database.transaction() as session:
            session.execute(text(f"PRAGMA max_page_count = {int(pages or 0) + 4}"))
            for _ in range(10):
                make_note(session, text="متن " * 2000)

    with pytest.raises(StorageFull):
        write_much()
    with database.reading() as session:
        session.execute(text("PRAGMA max_page_count = 1000000"))
        assert len(session.scalars(select(Note.id)).all()) == 1


def test_sqlite_keeps_what_was_committed_through_a_power_cut(database: Database) -> None:
    with database.reading() as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}


def test_a_writer_waits_for_another_instead_of_failing(database: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "record.sqlite3", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, lambda: other.execute("COMMIT"))
    release.start()
    with database.transaction() as session:
        make_note(session)
    release.join()
    other.close()


RACE = """
import os, sys, time
from kb.database import Database
faults = 0
for round in range(40):
    begin, children = time.time() + 0.05, []
    for number in range(4):
        children.append(os.fork())
        if children[-1] == 0:
            database = Database(f"sqlite:///{sys.argv[1]}/{round}.sqlite3")
            while time.time() < begin + number % 2 * 0.0003 * (round % 5):
                pass
            try:
                with database.reading() as session:
                    session.connection().exec_driver_sql("SELECT 1")
            except Exception:
                os._exit(1)
            os._exit(0)
    faults += sum(os.waitpid(child, 0)[1] != 0 for child in children)
sys.exit(min(faults, 100))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
def test_processes_that_open_a_new_record_at_once_all_get_in(tmp_path: Path) -> None:
    """Switching to WAL meets another's switch in about one of a hundred openings."""
    ran = subprocess.run([sys.executable, "-c", RACE, str(tmp_path)], timeout=300, check=False)
    assert ran.returncode == 0


@given(st.lists(st.integers(), max_size=20), st.integers(1, 7))
def test_batches_hold_everything_in_order(items: list[int], size: int) -> None:
    cut = [list(some) for some in batches(items, size)]
    assert [item for some in cut for item in some] == items
    assert all(1 <= len(some) <= size for some in cut)


def test_ids_are_uuids_of_version_7_that_sort_in_the_order_they_were_made() -> None:
    before = time.time_ns() // 1_000_000
    made = [uuid.UUID(new_id()) for _ in range(100)]
    after = time.time_ns() // 1_000_000
    assert all(value.version == 7 and value.variant == uuid.RFC_4122 for value in made)
    assert all(before <= value.int >> 80 <= after for value in made)
    assert len(set(made)) == 100
    assert made == sorted(made)


def test_ids_sort_in_their_order_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second_ago = new_id(), time.time_ns() - 10**9
    monkeypatch.setattr(time, "time_ns", lambda: second_ago)
    assert first < new_id() < new_id()
