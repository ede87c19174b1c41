"""What a caller may see, as a condition on rows: the counterpart of `Visibility.allows` in SQL."""

from collections.abc import Collection
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Text, and_, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array
from sqlalchemy.orm import InstrumentedAttribute, Session

from kb.database import is_sqlite
from kb.visibility import Visibility


class GuardedRows(Protocol):
    """A table of what has an audience, customer segments and products."""

    audience: Any
    segments: Any
    products: Any


def visible(session: Session, rows: type[GuardedRows], visibility: Visibility) -> ColumnElement[bool]:
    """The rows that `visibility` allows."""
    conditions = [rows.audience.in_(visibility.audiences)]
    for column, allowed in ((rows.segments, visibility.segments), (rows.products, visibility.products)):
        if allowed is not None:
            conditions.append(or_(is_empty(session, column), holds_any(session, column, allowed)))
    return and_(*conditions)


def is_empty(session: Session, column: InstrumentedAttribute[list[str]]) -> ColumnElement[bool]:
    """Whether a JSON list has no items."""
    if is_sqlite(session):
        return func.json_array_length(column) == 0
    return func.jsonb_array_length(_jsonb(column)) == 0


def holds_any(
    session: Session, column: InstrumentedAttribute[list[str]], items: Collection[str]
) -> ColumnElement[bool]:
    """Whether a JSON list of strings holds one of `items`; none holds one of no items."""
    if is_sqlite(session):
        each = func.json_each(column).table_valued("value")
        return select(literal(1)).select_from(each).where(each.c.value.in_(sorted(items))).exists()
    found: ColumnElement[bool] = _jsonb(column).has_any(cast(array(sorted(items)), ARRAY(Text)))
    return found


def _jsonb(column: InstrumentedAttribute[list[str]]) -> ColumnElement[Any]:
    return cast(cast(column, Text), JSONB)
