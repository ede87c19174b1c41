"""What an edition's body is made of: its passages in reading order, how many, and which is the first."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from kb.database import batches
from kb.passage import Passage
from kb.vocabulary import PassageField


class Body(NamedTuple):
    """An edition's body: the id of its first passage, and how many it has, at least 1."""

    first_id: str
    passages: int


_PASSAGES = Passage.__table__
#: built once, as every search of something new asks it
_EXTENTS = (
    select(
        _PASSAGES.c.edition_id,
        func.min(_PASSAGES.c.ordinal).label("first"),
        func.count().label("passages"),
    )
    .where(
        _PASSAGES.c.edition_id.in_(bindparam("edition_ids", expanding=True)),
        _PASSAGES.c.field == PassageField.BODY,
    )
    .group_by(_PASSAGES.c.edition_id)
    .subquery()
)
_BODIES = select(_PASSAGES.c.edition_id, _PASSAGES.c.id, _EXTENTS.c.passages).join(
    _EXTENTS,
    (_PASSAGES.c.edition_id == _EXTENTS.c.edition_id) & (_PASSAGES.c.ordinal == _EXTENTS.c.first),
)


def edition_bodies(session: Session, *, edition_ids: Collection[str]) -> dict[str, Body]:
    """The bodies of editions that have one, by edition; they never change."""
    found: dict[str, Body] = {}
    for some in batches(list(edition_ids)):
        rows = session.execute(_BODIES, {"edition_ids": some})
        found.update((edition_id, Body(first_id, passages)) for edition_id, first_id, passages in rows)
    return found


def body_passages(session: Session, *, edition_ids: Collection[str]) -> dict[str, list[str]]:
    """By edition, ids of its body's passages in reading order."""
    found: dict[str, list[str]] = {}
    rows = session.execute(
        select(Passage.edition_id, Passage.id)
        .where(Passage.edition_id.in_(edition_ids), Passage.field == PassageField.BODY)
        .order_by(Passage.edition_id, Passage.ordinal)
    )
    for edition_id, passage_id in rows:
        found.setdefault(edition_id, []).append(passage_id)
    return found
