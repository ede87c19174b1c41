"""Pages of lists, newest first, with cursors that stay right while rows are added."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from kb.errors import InvalidInput

PAGE_LIMIT = 200

#: what `cut` writes into cursors; anything else could be a value that the database chokes on
_ID = re.compile(r"[0-9A-Za-z_-]{0,64}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_TEXT_LIMIT_CHARS = 500

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items and, unless they are the last, the cursor of the next ones."""

    items: tuple[T, ...]
    next_cursor: str | None

    def map(self, change: Callable[[T], U]) -> "Page[U]":
        return Page(tuple(change(item) for item in self.items), self.next_cursor)


def older_than(
    cursor: str, time: InstrumentedAttribute[datetime], id: InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    """Condition for the rows that follow `cursor`, ordered by (time, id) descending.

    Raises:
        InvalidInput: not a cursor that `cut` made.
    """
    at, row_id = _moment(cursor)
    return or_(time < at, and_(time == at, id < row_id))


def later_than(
    cursor: str, time: InstrumentedAttribute[datetime], id: InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    """Condition for the rows that follow `cursor`, ordered by (time, id) ascending.

    Raises:
        InvalidInput: not a cursor that `cut` made.
    """
    at, row_id = _moment(cursor)
    return or_(time > at, and_(time == at, id > row_id))


def number_before(cursor: str) -> int:
    """The number in a cursor over a numbered list.

    Raises:
        InvalidInput: not a cursor that `cut` made.
    """
    key, _ = _decode(cursor)
    if not _NUMBER.fullmatch(key):
        raise _broken_cursor()
    return int(key)


def text_after(cursor: str) -> str:
    """The text in a cursor over a list in the order of some unique text.

    Raises:
        InvalidInput: not a cursor that `cut` made.
    """
    key, _ = _decode(cursor)
    if not key.isprintable() or len(key) > _TEXT_LIMIT_CHARS:
        raise _broken_cursor()
    return key


def checked_limit(limit: int) -> int:
    """`limit` itself.

    Raises:
        InvalidInput: outside 1..200.
    """
    if not 1 <= limit <= PAGE_LIMIT:
        raise InvalidInput(field="limit", reason=f"it must be 1 to {PAGE_LIMIT}")
    return limit


def cut(rows: Sequence[T], limit: int, position: Callable[[T], tuple[datetime | int | str, str]]) -> Page[T]:
    """The first `limit` of up to `limit + 1` rows; the extra one only tells that there are more."""
    items = tuple(rows[:limit])
    if len(rows) <= limit:
        return Page(items, None)
    key, row_id = position(items[-1])
    return Page(items, _encode(key.isoformat() if isinstance(key, datetime) else str(key), row_id))


def _encode(key: str, row_id: str) -> str:
    text = json.dumps([key, row_id], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _moment(cursor: str) -> tuple[datetime, str]:
    key, row_id = _decode(cursor)
    try:
        at = datetime.fromisoformat(key)
    except ValueError:
        raise _broken_cursor() from None
    if at.utcoffset() != timedelta(0):
        raise _broken_cursor()
    return at, row_id


def _decode(cursor: str) -> tuple[str, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, binascii.Error, RecursionError):
        raise _broken_cursor() from None
    match value:
        case [str(key), str(row_id)] if _ID.fullmatch(row_id):
            return key, row_id
        case _:
            raise _broken_cursor()


def _broken_cursor() -> InvalidInput:
    return InvalidInput(field="cursor", reason="send next_cursor back exactly as it was given")
