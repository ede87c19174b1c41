"""One leader among several processes over the same record: a PostgreSQL advisory lock."""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import text

from kb.database import Database
from workers.lease import RECORD_AWAY

log = logging.getLogger(__name__)

#: any constant that no other use of advisory locks in this database has
_LOCK_KEY = 6_041_966_214
CHECK_SECONDS = 2.0

Duty = Callable[[], AbstractContextManager[object]]


def lead(database: Database, duty: Duty, stopping: threading.Event) -> None:
    """Stand by until no other process leads, then be on duty until `stopping` or until the lock is lost.

    A SQLite record has no other process to stand by for.

    Args:
        duty: what the leader does, as a context that is entered and left.
    """
    if database.is_sqlite:
        with duty():
            stopping.wait()
        return
    while not stopping.is_set():
        try:
            _try_to_lead(database, duty, stopping)
        except RECORD_AWAY as error:
            log.error("leadership is lost: %s", error)
        stopping.wait(CHECK_SECONDS)


def _try_to_lead(database: Database, duty: Duty, stopping: threading.Event) -> None:
    """The lock belongs to one connection: a killed leader frees it at once, a finished one by closing it."""
    with database.engine.connect() as connection:
        ours = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK_KEY})
        connection.commit()
        if not ours:
            return
        try:
            with duty():
                while not stopping.wait(CHECK_SECONDS):
                    connection.execute(text("SELECT 1"))
                    connection.commit()
        finally:
            connection.invalidate()  # never back into the pool with the lock
