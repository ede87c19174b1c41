"""What searchers may see: live passages, checked against the record at every search."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import String, Text, bindparam, cast, func, select, type_coerce
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


class Confirmed(NamedTuple):
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


class Content(NamedTuple):
    """What never changes about a passage as long as the record has it: it may be remembered."""

    id: str
    edition_id: str
    field: PassageField
    #: code point offsets in the origin's text
    start: int
    end: int
    heading_path: Sequence[str]
    text: str
    places: bytes | None
    analyzer_id: str


class LiveEdition(NamedTuple):
    """An edition that searchers may see now; see `LivePassage`."""

    id: str
    origin_kind: OriginKind
    origin_id: str
    title: str
    audience: Audience
    language: Language
    tags: Sequence[str]
    products: Sequence[str]
    segments: Sequence[str]
    state: OriginState | None
    vouched_at: datetime

    def confirms(self, field: PassageField) -> Confirmed:
        """What grouping needs to know of its passages of this field."""
        return Confirmed(self.id, self.origin_kind, self.origin_id, field, self.state, self.vouched_at)

    def shows(self, content: Content) -> LivePassage:
        """One of its passages, with what its hit shows."""
        return LivePassage(
            content.id,
            self.id,
            self.origin_kind,
            self.origin_id,
            content.field,
            content.start,
            content.end,
            content.heading_path,
            content.text,
            content.places,
            content.analyzer_id,
            self.title,
            self.audience,
            self.language,
            self.tags,
            self.products,
            self.state,
            self.vouched_at,
            self.segments,
        )


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
_CONTENTS = (
    select(
        _PASSAGES.c.id,
        _PASSAGES.c.edition_id,
        _PASSAGES.c.field,
        _PASSAGES.c.start,
        _PASSAGES.c.end,
        _PASSAGES.c.heading_path,
        _PASSAGES.c.text,
        _PASSAGES.c.places,
        _EDITIONS.c.analyzer_id,
    )
    .select_from(_SHOWN)
    .where(_PASSAGES.c.id.in_(bindparam("passage_ids", expanding=True)))
)
_PLACED = select(_PASSAGES.c.id, _PASSAGES.c.edition_id, _PASSAGES.c.field).where(
    _PASSAGES.c.id.in_(bindparam("passage_ids", expanding=True))
)
#: in the order of `LiveEdition`, as the driver hands it out: turning it into values takes longer than reading
#: it, and is remembered (`_live_edition`)
_LIVE_EDITIONS = select(
    _EDITIONS.c.id,
    type_coerce(_EDITIONS.c.origin_kind, String),
    _EDITIONS.c.origin_id,
    _EDITIONS.c.title,
    type_coerce(_EDITIONS.c.audience, String),
    type_coerce(_EDITIONS.c.language, String),
    cast(_EDITIONS.c.tags, Text),
    cast(_EDITIONS.c.products, Text),
    cast(_EDITIONS.c.segments, Text),
    type_coerce(_EDITIONS.c.origin_state, String),
    type_coerce(_EDITIONS.c.vouched_at, String),
).where(
    _EDITIONS.c.id.in_(bindparam("edition_ids", expanding=True)),
    cast(_EDITIONS.c.state, String) == EditionState.LIVE.value,
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


def live_editions(
    session: Session, *, edition_ids: Collection[str], visibility: Visibility
) -> dict[str, LiveEdition]:
    """Those of `edition_ids` that are live and that `visibility` allows, by id: its last word."""
    found: dict[str, LiveEdition] = {}
    if visibility.is_empty:
        return found
    for some in batches(list(edition_ids)):
        for row in session.execute(_LIVE_EDITIONS, {"edition_ids": some}):
            edition = _live_edition(*row)
            if visibility.allows(edition):
                found[edition.id] = edition
    return found


@lru_cache(maxsize=8192)
def _live_edition(
    edition_id: str,
    origin_kind: str,
    origin_id: str,
    title: str,
    audience: str,
    language: str,
    tags: str,
    products: str,
    segments: str,
    state: str | None,
    vouched_at: datetime | str,
) -> LiveEdition:
    """A row as values; the same row as the same values."""
    if isinstance(vouched_at, str):  # SQLite has no type for times
        vouched_at = datetime.fromisoformat(vouched_at).replace(tzinfo=UTC)
    return LiveEdition(
        edition_id,
        OriginKind(origin_kind),
        origin_id,
        title,
        Audience(audience),
        Language(language),
        tuple(json.loads(tags)),
        tuple(json.loads(products)),
        tuple(json.loads(segments)),
        OriginState(state) if state else None,
        vouched_at,
    )


def placed_passages(session: Session, *, passage_ids: Collection[str]) -> dict[str, tuple[str, PassageField]]:
    """Edition and field of passages, whoever may see them; neither ever changes."""
    found: dict[str, tuple[str, PassageField]] = {}
    for some in batches(list(passage_ids)):
        rows = session.execute(_PLACED, {"passage_ids": some})
        found.update((passage_id, (edition_id, field)) for passage_id, edition_id, field in rows)
    return found


def passage_contents(session: Session, *, passage_ids: Collection[str]) -> dict[str, Content]:
    """Passages by id, whoever may see them: `live_editions` says who may."""
    found: dict[str, Content] = {}
    for some in batches(list(passage_ids)):
        rows = session.execute(_CONTENTS, {"passage_ids": some})
        found.update((row.id, Content(*row)) for row in rows)
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
