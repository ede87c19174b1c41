"""Vectors kept by text, so that equal texts are computed once and a rebuild computes nothing again."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, exists, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.database import batches, insert_new
from kb.passage import Passage, Vector


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


def prune_vectors(session: Session) -> int:
    """Delete vectors of texts that no passage has any more; returns how many."""
    in_use = exists().where(Passage.text_hash == Vector.text_hash)
    result = session.execute(delete(Vector).where(~in_use).execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount


def add_vectors(session: Session, vectors: Mapping[tuple[str, str], bytes]) -> None:
    """Keep packed vectors by model id and text hash; those that are there already stay as they are."""
    # Sorted: transactions that insert the same keys wait for one another in one direction only.
    rows = [
        {"model_id": model_id, "text_hash": text_hash, "data": data}
        for (model_id, text_hash), data in sorted(vectors.items())
    ]
    insert_new(session, Vector, rows)
