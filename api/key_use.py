"""Keeps when keys were last used, after the answer has gone out: nobody waits for it."""

import logging
import threading
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError

from kb.api_key import note_key_use
from kb.clock import utc_now
from kb.database import Database
from kb.errors import Unavailable

logger = logging.getLogger("nagofte.api")

_EVERY = timedelta(minutes=1)


class KeyUse:
    """Remembers what this process noted lately, so that most requests write nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def note(self, key_id: str) -> None:
        """Write the time down unless it was within the last minute."""
        now = utc_now()
        with self._lock:
            if now - self._noted.get(key_id, now - 2 * _EVERY) < _EVERY:
                return
            self._noted[key_id] = now
        try:
            with self._database.transaction() as session:
                note_key_use(session, key_id=key_id, now=now)
        except (OperationalError, Unavailable):
            # The answer is out already; the next use writes it.
            logger.warning("the use of a key was not noted", exc_info=True)
