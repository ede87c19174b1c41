"""Time and identifiers."""

import os
import time
import uuid
from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current time, UTC-aware."""
    return datetime.now(UTC)


def new_id() -> str:
    """A UUID version 7 (RFC 9562, section 5.7): ids sort by creation time to the millisecond."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))
