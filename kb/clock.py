"""Time and identifiers."""

import os
import threading
import time
import uuid
from datetime import UTC, datetime

#: of the newest id of this process, in 1/4096 ms since 1970
_last_ticks = 0
_last_lock = threading.Lock()


def utc_now() -> datetime:
    """The current time, UTC-aware."""
    return datetime.now(UTC)


def new_id() -> str:
    """A UUID version 7; those of one process sort in the order they were made, others by time.

    Source: RFC 9562, section 5.7 and method 3 of section 6.2: 12 bits after the milliseconds hold their
    fraction, and a clock that has not moved on (or went back) is counted on.
    """
    global _last_ticks
    with _last_lock:
        ticks = _last_ticks = max((time.time_ns() << 12) // 1_000_000, _last_ticks + 1)
    milliseconds, fraction = divmod(ticks, 1 << 12)
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return str(uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | random))


def _unlock_in_child() -> None:
    """Another thread may hold the lock at a fork; it does not exist in the child."""
    global _last_lock
    _last_lock = threading.Lock()


os.register_at_fork(after_in_child=_unlock_in_child)
