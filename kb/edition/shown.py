"""What searchers may see: live passages, checked against the record at every search."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import String, bindparam, cast, func, select
from sqlalchemy.orm import Session

from kb.database import batches
from kb.passage import Edition, Passage
from kb.sight import visible
from kb.visibility import Visibility
from kb.vocabulary import Audience, EditionState, Language, OriginKind, OriginState, PassageField


@dataclass(frozen=True, slots=True)
class LivePassage:
    """A passage that searchers may see now, with what its hit shows."""

    id: str
    edition_id: str
    origin_kind: OriginKind
    origin_id: str
    field: PassageField
    #: code point offsets in the origin's text
    start: int
    end: int
    heading_path: Sequence[str]
    text: str
    places: bytes | None
    analyzer_id: str
    title: str
    audience: Audience
    language: Language
    tags: Sequence[str]
    products: Sequence[str]
    state: OriginState | None
    #: when a person last wrote, released, sent or verified what it says
    vouched_at: datetime
    segments: Sequence[str] = ()


class _Facets(NamedTuple):
    """Of an edition."""

    audience: Audience
    segments: Sequence[str]
    products: Sequence[str]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What grouping needs to know of a passage that may be shown.

    `state` and `vouched_at` are the origin's: how far it is trusted (None: it has no such state), and when a
    person last wrote, released, sent or verified what it says.
    """

    edition_id: str
    origin_kind: OriginKind
    origin_id: str
    field: PassageField
    state: OriginState | None = None
    vouched_at: datetime | None = None


#: Written so that no index on the state serves it: SQLite would walk every live edition (20 ms at 2,000 of
#: them) instead of looking the wanted passages up.
_IS_LIVE = cast(Edition.state, String) == EditionState.LIVE.value

#: Searches read through these two: columns of the tables and not of the entities, and built once, because
#: building and compiling them takes longer than running them.
_PASSAGES, _EDITIONS = Passage.__table__, Edition.__table__
_MAY_BE_SHOWN = (
    _PASSAGES.c.id.in_(bindparam("passage_ids", expanding=True)),
    cast(_EDITIONS.c.state, String) == EditionState.LIVE.value,
    _EDITIONS.c.audience.in_(bindparam("audiences", expanding=True)),
)
_SHOWN = _PASSAGES.join(_EDITIONS, _EDITIONS.c.id == _PASSAGES.c.edition_id)
#: in the order of `Confirmed`, after the id
_CONFIRMED = (
    select(
        _PASSAGES.c.id,
        _PASSAGES.c.edition_id,
        _EDITIONS.c.origin_kind,
        _EDITIONS.c.origin_id,
        _PASSAGES.c.field,
        _EDITIONS.c.origin_state,
        _EDITIONS.c.vouched_at,
        _EDITIONS.c.audience,
        _EDITIONS.c.segments,
        _EDITIONS.c.products,
    )
    .select_from(_SHOWN)
    .where(*_MAY_BE_SHOWN)
)
#: in the order of `LivePassage`
_LIVE = (
    select(
        _PASSAGES.c.id,
        _PASSAGES.c.edition_id,
        _EDITIONS.c.origin_kind,
        _EDITIONS.c.origin_id,
        _PASSAGES.c.field,
        _PASSAGES.c.start,
        _PASSAGES.c.end,
        _PASSAGES.c.heading_path,
        _PASSAGES.c.text,
        _PASSAGES.c.places,
        _EDITIONS.c.analyzer_id,
        _EDITIONS.c.title,
        _EDITIONS.c.audience,
        _EDITIONS.c.language,
        _EDITIONS.c.tags,
        _EDITIONS.c.products,
        _EDITIONS.c.origin_state,
        _EDITIONS.c.vouched_at,
        _EDITIONS.c.segments,
    )
    .select_from(_SHOWN)
    .where(*_MAY_BE_SHOWN)
)


def edition_passages(session: Session, *, edition_id: str) -> list[Passage]:
    """An edition's passages in reading order."""
    statement = select(Passage).where(Passage.edition_id == edition_id).order_by(Passage.ordinal)
    return list(session.scalars(statement))


@dataclass(frozen=True, slots=True)
class Words:
    """What an edition says, put together again from its passages."""

    title: str
    #: the requester's words, a line each
    issue: tuple[str, ...]
    body: str


def edition_words(session: Session, *, edition: Edition) -> Words:
    """Title, issue lines and body of an edition; learnt queries are left out."""
    passages = edition_passages(session, edition_id=edition.id)
    return Words(
        edition.title,
        tuple(one.text for one in passages if one.field is PassageField.ISSUE),
        "".join(one.text for one in passages if one.field is PassageField.BODY),
    )


def confirmed_passages(
    session: Session, *, passage_ids: Collection[str], visibility: Visibility
) -> dict[str, Confirmed]:
    """Those of `passage_ids` that are live and that `visibility` allows, by id: its last word."""
    found: dict[str, Confirmed] = {}
    if visibility.is_empty:
        return found
    for some in batches(list(passage_ids)):
        rows = session.execute(_CONFIRMED, {"passage_ids": some, "audiences": list(visibility.audiences)})
        for passage_id, *confirmed, audience, segments, products in rows:
            if visibility.allows(_Facets(audience, segments, products)):
                found[passage_id] = Confirmed(*confirmed)
    return found


def origins_in_sight(
    session: Session, *, origin_ids: Collection[str], visibility: Visibility
) -> frozenset[str]:
    """Those of `origin_ids`, of whatever kind, that are live and that `visibility` allows."""
    found: set[str] = set()
    for some in batches(sorted(origin_ids)):
        is_shown = Edition.origin_id.in_(some), _IS_LIVE, visible(session, Edition, visibility)
        found.update(session.scalars(select(Edition.origin_id).where(*is_shown)))
    return frozenset(found)


def live_passages(
    session: Session, *, passage_ids: Collection[str], visibility: Visibility
) -> dict[str, LivePassage]:
    """Those of `passage_ids` that are live and that `visibility` allows, by id; the others are left out."""
    found: dict[str, LivePassage] = {}
    if visibility.is_empty:
        return found
    for some in batches(list(passage_ids)):
        rows = session.execute(_LIVE, {"passage_ids": some, "audiences": list(visibility.audiences)})
        listed = (LivePassage(*tuple(row)) for row in rows)
        found.update((passage.id, passage) for passage in listed if visibility.allows(passage))
    return found


def iterate_live(session: Session, *, batch: int = 500) -> Iterator[list[tuple[Edition, Passage]]]:
    """Every live passage with its edition, in lists of at most `batch`; for rebuilding the index."""
    last_id = ""
    while True:
        statement = (
            select(Edition, Passage)
            .join(Passage, Passage.edition_id == Edition.id)
            .where(_IS_LIVE, Passage.id > last_id)
            .order_by(Passage.id)
            .limit(batch)
        )
        rows = [(edition, passage) for edition, passage in session.execute(statement)]
        if not rows:
            return
        last_id = rows[-1][1].id
        yield rows


def count_live(session: Session) -> int:
    """How many passages are live."""
    statement = select(func.coalesce(func.sum(Edition.passage_count), 0))
    return session.scalar(statement.where(Edition.state == EditionState.LIVE)) or 0
