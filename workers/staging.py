"""From the passages of one origin to a staged edition: only what the record lacks is computed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from kb.canonical import sha256_of
from kb.edition import live_edition, missing_vectors, stage_edition, staged_edition
from kb.origin import lock_origin
from kb.passage import PassageDraft
from kb.vocabulary import Language, OriginKind, PassageField
from workers.lease import Lease
from workers.resources import Resources

#: grows when the same content would be cut or composed into other passages
STAGING_VERSION = 1
#: texts per call of the embedder: bounds what an embedder that does not report its progress delays
BATCH_TEXTS = 128


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage before anything is computed from it; offsets count code points of the origin's text."""

    field: PassageField
    start: int
    end: int
    heading_path: tuple[str, ...]
    text: str
    indexed_text: str


@dataclass(frozen=True, slots=True)
class Material:
    """One state of an origin, as the worker read it.

    `state` identifies, with title, language and queries, everything the passages depend on.
    """

    kind: OriginKind
    id: str
    title: str
    language: Language
    state: tuple[object, ...]
    #: what people asked when it answered them
    queries: tuple[str, ...] = ()


class Standing(StrEnum):
    """Where the record has a state of an origin: waiting for the index, seen by searchers, nowhere."""

    STAGED = "staged"
    LIVE = "live"
    NEW = "new"


def fingerprint_of(resources: Resources, material: Material) -> str:
    """SHA-256 over the material and the identity of everything that processes it."""
    made_by = (STAGING_VERSION, resources.embedder.model_id, resources.counter.version)
    learnt = [list(material.queries)] if material.queries else []
    return sha256_of([*made_by, material.title, material.language.value, *material.state, *learnt])


def standing_of(session: Session, material: Material, fingerprint: str) -> Standing:
    """Whether an edition of this state exists; the newest one counts."""
    key: Any = {"origin_kind": material.kind, "origin_id": material.id}
    staged, live = staged_edition(session, **key), live_edition(session, **key)
    if staged is not None and staged.fingerprint == fingerprint:
        return Standing.STAGED
    return Standing.LIVE if live is not None and live.fingerprint == fingerprint else Standing.NEW


def compute(resources: Resources, passages: Sequence[PassageText], lease: Lease) -> list[PassageDraft]:
    """Drafts with the vectors that the record lacks; no transaction is open meanwhile.

    Raises:
        Interrupted: the job must not go on here.
        EmbeddingUnavailable: the model cannot be loaded or reached.
    """
    texts = {text_hash_of(passage.indexed_text): passage.indexed_text for passage in passages}
    embedder_id, counter_id = resources.embedder.model_id, resources.counter.version
    with resources.database.reading() as session:
        to_embed = missing_vectors(session, model_id=embedder_id, hashes=texts)
        to_count = missing_vectors(session, model_id=counter_id, hashes=texts)
    vectors: dict[str, dict[str, bytes]] = {text_hash: {} for text_hash in texts}
    for text_hash in to_count:
        vectors[text_hash][counter_id] = _counted(resources, texts[text_hash])
    for text_hash, data in _embedded(resources, {key: texts[key] for key in to_embed}, lease).items():
        vectors[text_hash][embedder_id] = data
    return [_draft(resources, passage, vectors) for passage in passages]


def stage(
    session: Session,
    resources: Resources,
    material: Material,
    fingerprint: str,
    drafts: Sequence[PassageDraft],
    *,
    title: str | None = None,
) -> None:
    """Put the edition beside the live one, unless the origin is not served any more; flushes only.

    Args:
        title: what hits show, where the material names none.
    """
    origin = lock_origin(session, origin_kind=material.kind, origin_id=material.id)
    if origin is None or not origin.is_served:
        return
    stage_edition(
        session,
        origin_kind=material.kind,
        origin_id=material.id,
        fingerprint=fingerprint,
        language=material.language,
        title=title or material.title,
        embedder_id=resources.embedder.model_id,
        analyzer_id=resources.counter.version,
        passages=drafts,
    )


def text_hash_of(indexed_text: str) -> str:
    """SHA-256 by which equal texts share their vectors."""
    return hashlib.sha256(indexed_text.encode("utf-8", "replace")).hexdigest()


def _embedded(resources: Resources, texts: dict[str, str], lease: Lease) -> dict[str, bytes]:
    """Dense vectors by hash; the lease is looked at after every text."""
    hashes = sorted(texts, key=lambda text_hash: (len(texts[text_hash]), text_hash))
    found: dict[str, bytes] = {}
    lease.report(0, len(hashes))

    def report(done: int, _in_batch: int) -> None:
        lease.report(len(found) + done, len(hashes))

    for start in range(0, len(hashes), BATCH_TEXTS):
        batch = hashes[start : start + BATCH_TEXTS]
        rows = resources.embedder.embed_passages([texts[key] for key in batch], progress=report)
        found |= {key: row.astype("<f4").tobytes() for key, row in zip(batch, rows, strict=True)}
    return found


def _counted(resources: Resources, text: str) -> bytes:
    from search.terms import pack_counts

    return pack_counts(resources.counter.count(text))


def _draft(resources: Resources, passage: PassageText, vectors: dict[str, dict[str, bytes]]) -> PassageDraft:
    text_hash = text_hash_of(passage.indexed_text)
    return PassageDraft(
        field=passage.field,
        start=passage.start,
        end=passage.end,
        heading_path=passage.heading_path,
        text=passage.text,
        indexed_text=passage.indexed_text,
        text_hash=text_hash,
        vectors=vectors[text_hash],
        places=resources.counter.places(passage.text),
    )
