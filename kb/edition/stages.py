"""The stages of an edition: staged, live, retired.

At most one edition of an origin is staged and at most one live (unique indexes hold that). All verbs lock
the origin's row first, so they never wait for one another in a circle.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.audit import WORKER, record_audit
from kb.clock import new_id, utc_now
from kb.edition.vectors import add_vectors, missing_vectors
from kb.errors import NotFound, VectorsMissing
from kb.origin import Origin, lock_origin
from kb.passage import Edition, Passage, PassageDraft
from kb.text import storable
from kb.vocabulary import Audience, EditionState, Language, OriginKind, OriginState


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

    Audience and facets are the origin's at this moment: what the worker saw when it began may be old.

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
    edition = _edition_of(origin, origin_kind, origin_id, EditionState.STAGED)
    edition.fingerprint, edition.language, edition.title = fingerprint, language, storable(title)
    edition.embedder_id, edition.analyzer_id = embedder_id, analyzer_id
    _fill(session, edition, passages)
    return edition


def propose_edition(
    session: Session,
    *,
    article_id: str,
    language: Language,
    title: str,
    embedder_id: str,
    analyzer_id: str,
    passages: Sequence[PassageDraft],
) -> Edition:
    """Keep the passages of a revision that is not released, in place of those proposed before; never indexed.

    Raises:
        NotFound: the article is not there.
        VectorsMissing: a passage has no vector of `embedder_id` or `analyzer_id`.
    """
    origin = lock_origin(session, origin_kind=OriginKind.ARTICLE, origin_id=article_id)
    if origin is None:
        raise NotFound(what="article", id=article_id)
    drop_proposed(session, article_id=article_id)
    edition = _edition_of(origin, OriginKind.ARTICLE, article_id, EditionState.PROPOSED)
    edition.fingerprint, edition.language, edition.title = "", language, storable(title)
    edition.embedder_id, edition.analyzer_id = embedder_id, analyzer_id
    _fill(session, edition, passages)
    return edition


def proposed_edition(session: Session, *, article_id: str) -> Edition | None:
    """What was proposed of an article's working revision."""
    of_article = _of(OriginKind.ARTICLE, article_id, EditionState.PROPOSED)
    return session.scalar(select(Edition).where(*of_article))


def drop_proposed(session: Session, *, article_id: str) -> None:
    """Forget what was proposed; nothing of it is in the index."""
    session.execute(delete(Edition).where(*_of(OriginKind.ARTICLE, article_id, EditionState.PROPOSED)))


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
    edition.products, edition.segments = list(origin.products), list(origin.segments)
    edition.origin_state = origin.state
    edition.vouched_at = origin.vouched_at
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
    products: Sequence[str] | None = None,
    segments: Sequence[str] | None = None,
    state: OriginState | None = None,
    vouched_at: datetime | None = None,
) -> None:
    """Copy an origin's new audience and facets to its editions, against which every hit is checked.

    The fingerprint of an edition whose points would be other ones is cleared, so that the next indexing
    stages it anew (no text is embedded again) and the index learns of the change, too.
    """
    states = (EditionState.STAGED, EditionState.LIVE)
    for edition in session.scalars(select(Edition).where(*_of(origin_kind, origin_id, *states))):
        before = _shown_facets(edition)
        edition.audience = audience or edition.audience
        edition.tags = edition.tags if tags is None else list(tags)
        edition.products = edition.products if products is None else list(products)
        edition.segments = edition.segments if segments is None else list(segments)
        edition.origin_state = state or edition.origin_state
        edition.vouched_at = vouched_at or edition.vouched_at
        if _shown_facets(edition) != before:
            edition.fingerprint = ""
    session.flush()


def _shown_facets(edition: Edition) -> tuple[object, ...]:
    """What its points in the index repeat."""
    return edition.audience, edition.tags, edition.products, edition.segments, edition.origin_state


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


def _of(kind: OriginKind, origin_id: str, *states: EditionState) -> tuple[ColumnElement[bool], ...]:
    return Edition.origin_kind == kind, Edition.origin_id == origin_id, Edition.state.in_(states)


def _retire(session: Session, kind: OriginKind, origin_id: str, *states: EditionState) -> None:
    session.execute(update(Edition).where(*_of(kind, origin_id, *states)).values(state=EditionState.RETIRED))


def _in_state(session: Session, state: EditionState, limit: int) -> list[Edition]:
    statement = select(Edition).where(Edition.state == state).order_by(Edition.id).limit(limit)
    return list(session.scalars(statement))


def _edition_of(origin: Origin, kind: OriginKind, origin_id: str, state: EditionState) -> Edition:
    return Edition(
        id=new_id(),
        origin_kind=kind,
        origin_id=origin_id,
        state=state,
        audience=origin.audience,
        tags=list(origin.tags),
        products=list(origin.products),
        segments=list(origin.segments),
        origin_state=origin.state,
        vouched_at=origin.vouched_at,
        staged_at=utc_now(),
    )


def _fill(session: Session, edition: Edition, passages: Sequence[PassageDraft]) -> None:
    """Add the edition with its passages; every vector must be there."""
    edition.passage_count = len(passages)
    session.add(edition)
    session.flush()
    if passages:
        rows = [_passage_row(edition.id, ordinal, draft) for ordinal, draft in enumerate(passages)]
        session.execute(insert(Passage), rows)
    computed = ((draft.text_hash, draft.vectors.items()) for draft in passages)
    add_vectors(session, {(model, text_hash): data for text_hash, made in computed for model, data in made})
    hashes = {draft.text_hash for draft in passages}
    for model_id in (edition.embedder_id, edition.analyzer_id):
        if missing := missing_vectors(session, model_id=model_id, hashes=hashes):
            raise VectorsMissing(count=len(missing), model_id=model_id)


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
