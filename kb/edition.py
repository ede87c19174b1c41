"""Editions: staged by workers, published by the index's owner, retired with their origins.

At most one edition of an origin is staged and at most one live (unique indexes hold that). All verbs lock
the origin's row first, so they never wait for one another in a circle.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, cast, delete, exists, func, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.audit import WORKER, record_audit
from kb.clock import new_id, utc_now
from kb.database import batches, insert_new
from kb.errors import NotFound, VectorsMissing
from kb.origin import lock_origin
from kb.passage import Edition, Passage, PassageDraft, Vector
from kb.text import storable
from kb.visibility import Visibility
from kb.vocabulary import Audience, EditionState, Language, OriginKind, PassageField


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
    live_at: datetime


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What grouping needs to know of a passage that may be shown."""

    edition_id: str
    origin_kind: OriginKind
    origin_id: str
    field: PassageField


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
        _EDITIONS.c.live_at,
    )
    .select_from(_SHOWN)
    .where(*_MAY_BE_SHOWN)
)


def live_edition(session: Session, *, origin_kind: OriginKind, origin_id: str) -> Edition | None:
    """The edition that searchers see."""
    return session.scalar(select(Edition).where(*_of(origin_kind, origin_id, EditionState.LIVE)))


def staged_edition(session: Session, *, origin_kind: OriginKind, origin_id: str) -> Edition | None:
    """The edition that waits for the index."""
    return session.scalar(select(Edition).where(*_of(origin_kind, origin_id, EditionState.STAGED)))


def stage_edition(
    session: Session,
    *,
    origin_kind: OriginKind,
    origin_id: str,
    fingerprint: str,
    language: Language,
    title: str,
    embedder_id: str,
    analyzer_id: str,
    passages: Sequence[PassageDraft],
) -> Edition:
    """Put a complete set of passages beside the live one, in place of an older staged one.

    Audience and tags are the origin's at this moment: what the worker saw when it began may be old.

    Args:
        passages: in reading order.
    Raises:
        NotFound: the origin was deleted, archived, rejected or never released.
        VectorsMissing: a passage has no vector of `embedder_id` or `analyzer_id`.
    """
    origin = lock_origin(session, origin_kind=origin_kind, origin_id=origin_id)
    if origin is None or not origin.is_served:
        raise NotFound(what=origin_kind.value, id=origin_id)
    # Retired, not deleted: its points may be in the index already, and the owner removes those.
    _retire(session, origin_kind, origin_id, EditionState.STAGED)
    edition = Edition(
        id=new_id(),
        origin_kind=origin_kind,
        origin_id=origin_id,
        fingerprint=fingerprint,
        state=EditionState.STAGED,
        audience=origin.audience,
        language=language,
        title=storable(title),
        tags=list(origin.tags),
        embedder_id=embedder_id,
        analyzer_id=analyzer_id,
        passage_count=len(passages),
        staged_at=utc_now(),
    )
    session.add(edition)
    session.flush()
    if passages:
        rows = [_passage_row(edition.id, ordinal, draft) for ordinal, draft in enumerate(passages)]
        session.execute(insert(Passage), rows)
    computed = ((draft.text_hash, draft.vectors.items()) for draft in passages)
    add_vectors(session, {(model, text_hash): data for text_hash, made in computed for model, data in made})
    hashes = {draft.text_hash for draft in passages}
    for model_id in (embedder_id, analyzer_id):
        if missing := missing_vectors(session, model_id=model_id, hashes=hashes):
            raise VectorsMissing(count=len(missing), model_id=model_id)
    return edition


def publish_edition(session: Session, *, edition_id: str) -> bool:
    """Make a staged edition the live one and retire the older, in one go; a source becomes indexed.

    Returns:
        False when it is not staged any more (superseded, or its origin went away): then its points are to
        be removed from the index.
    """
    known = session.get(Edition, edition_id)
    if known is None:
        return False
    kind, origin_id = known.origin_kind, known.origin_id
    origin = lock_origin(session, origin_kind=kind, origin_id=origin_id)
    edition = session.scalar(
        select(Edition)
        .where(Edition.id == edition_id, Edition.state == EditionState.STAGED)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if edition is None:
        return False
    if origin is None or not origin.is_served:
        edition.state = EditionState.RETIRED
        session.flush()
        return False
    _retire(session, kind, origin_id, EditionState.LIVE)
    edition.state, edition.live_at = EditionState.LIVE, utc_now()
    edition.audience, edition.tags = origin.audience, list(origin.tags)
    session.flush()
    if kind is OriginKind.SOURCE:
        # Imported here: sources retire editions, and only this looks the other way.
        from kb.source import mark_source_published

        mark_source_published(session, source_id=origin_id)
    record_audit(
        session,
        caller=WORKER,
        verb="publish_edition",
        object_kind=kind.value,
        object_id=origin_id,
        data={"edition_id": edition_id, "passages": edition.passage_count},
    )
    return True


def retire_editions(session: Session, *, origin_kind: OriginKind, origin_id: str) -> None:
    """Take an origin away from searchers at once; called by the verbs that close or delete it."""
    lock_origin(session, origin_kind=origin_kind, origin_id=origin_id)
    _retire(session, origin_kind, origin_id, EditionState.STAGED, EditionState.LIVE)


def retire_staged(session: Session, *, origin_kind: OriginKind, origin_id: str) -> None:
    """Keep what is live, drop what was about to replace it: the origin moved on meanwhile."""
    lock_origin(session, origin_kind=origin_kind, origin_id=origin_id)
    _retire(session, origin_kind, origin_id, EditionState.STAGED)


def keep_in_step(
    session: Session,
    *,
    origin_kind: OriginKind,
    origin_id: str,
    audience: Audience | None = None,
    tags: Sequence[str] | None = None,
) -> None:
    """Copy an origin's new audience and tags to its editions, against which every hit is checked.

    The fingerprint of an edition that changed is cleared, so that the next indexing stages it anew (no text
    is embedded again) and the index learns of the change, too.
    """
    states = (EditionState.STAGED, EditionState.LIVE)
    for edition in session.scalars(select(Edition).where(*_of(origin_kind, origin_id, *states))):
        before = edition.audience, edition.tags
        edition.audience = audience or edition.audience
        edition.tags = edition.tags if tags is None else list(tags)
        if (edition.audience, edition.tags) != before:
            edition.fingerprint = ""
    session.flush()


def staged_editions(session: Session, *, limit: int) -> list[Edition]:
    """What waits for the index, oldest first."""
    return _in_state(session, EditionState.STAGED, limit)


def retired_editions(session: Session, *, limit: int) -> list[Edition]:
    """What the index must forget, oldest first."""
    return _in_state(session, EditionState.RETIRED, limit)


def drop_edition(session: Session, *, edition_id: str) -> bool:
    """Remove a retired edition and its passages; False (and nothing happens) when it is not retired."""
    result = session.execute(
        delete(Edition).where(Edition.id == edition_id, Edition.state == EditionState.RETIRED)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def edition_passages(session: Session, *, edition_id: str) -> list[Passage]:
    """An edition's passages in reading order."""
    statement = select(Passage).where(Passage.edition_id == edition_id).order_by(Passage.ordinal)
    return list(session.scalars(statement))


def confirmed_passages(
    session: Session, *, passage_ids: Collection[str], audiences: Collection[str]
) -> dict[str, Confirmed]:
    """Those of `passage_ids` that are live and of one of `audiences`, by id: the last word on visibility."""
    found: dict[str, Confirmed] = {}
    for some in batches(list(passage_ids)) if audiences else ():
        rows = session.execute(_CONFIRMED, {"passage_ids": some, "audiences": list(audiences)})
        found.update((row[0], Confirmed(*row[1:])) for row in rows)
    return found


def live_passages(
    session: Session, *, passage_ids: Collection[str], visibility: Visibility
) -> dict[str, LivePassage]:
    """Those of `passage_ids` that are live and that `visibility` allows, by id; the others are left out."""
    found: dict[str, LivePassage] = {}
    if visibility.is_empty:
        return found
    for some in batches(list(passage_ids)):
        rows = session.execute(_LIVE, {"passage_ids": some, "audiences": list(visibility.audiences)})
        found.update((row[0], LivePassage(*tuple(row))) for row in rows)
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


def vectors_of(session: Session, *, model_id: str, hashes: Collection[str]) -> dict[str, bytes]:
    """Packed vectors by text hash; those that are not there are left out."""
    found: dict[str, bytes] = {}
    for some in batches(sorted(hashes)):
        statement = select(Vector.text_hash, Vector.data).where(
            Vector.model_id == model_id, Vector.text_hash.in_(some)
        )
        found.update((text_hash, data) for text_hash, data in session.execute(statement))
    return found


def missing_vectors(session: Session, *, model_id: str, hashes: Collection[str]) -> set[str]:
    """Those of `hashes` for which `model_id` has no vector in the record."""
    missing = set(hashes)
    for some in batches(sorted(missing)):
        statement = select(Vector.text_hash).where(Vector.model_id == model_id, Vector.text_hash.in_(some))
        missing.difference_update(session.scalars(statement))
    return missing


def add_vectors(session: Session, vectors: Mapping[tuple[str, str], bytes]) -> None:
    """Keep packed vectors by model id and text hash; those that are there already stay as they are."""
    # Sorted: transactions that insert the same keys wait for one another in one direction only.
    rows = [
        {"model_id": model_id, "text_hash": text_hash, "data": data}
        for (model_id, text_hash), data in sorted(vectors.items())
    ]
    insert_new(session, Vector, rows)


def prune_vectors(session: Session) -> int:
    """Delete vectors of texts that no passage has any more; returns how many."""
    in_use = exists().where(Passage.text_hash == Vector.text_hash)
    result = session.execute(delete(Vector).where(~in_use).execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount


def _of(kind: OriginKind, origin_id: str, *states: EditionState) -> tuple[ColumnElement[bool], ...]:
    return Edition.origin_kind == kind, Edition.origin_id == origin_id, Edition.state.in_(states)


def _retire(session: Session, kind: OriginKind, origin_id: str, *states: EditionState) -> None:
    session.execute(update(Edition).where(*_of(kind, origin_id, *states)).values(state=EditionState.RETIRED))


def _in_state(session: Session, state: EditionState, limit: int) -> list[Edition]:
    statement = select(Edition).where(Edition.state == state).order_by(Edition.id).limit(limit)
    return list(session.scalars(statement))


def _passage_row(edition_id: str, ordinal: int, draft: PassageDraft) -> dict[str, Any]:
    return {
        "id": new_id(),
        "edition_id": edition_id,
        "ordinal": ordinal,
        "field": draft.field,
        "start": draft.start,
        "end": draft.end,
        "heading_path": list(draft.heading_path),
        "text": draft.text,
        "indexed_text": draft.indexed_text,
        "text_hash": draft.text_hash,
        "places": draft.places,
    }
