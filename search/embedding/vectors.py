"""Vectors that another model or service made, checked before they are believed."""

from collections.abc import Sequence

import numpy as np

from kb.errors import EmbeddingUnavailable
from search.embedding.protocol import Vector


def unit_rows(rows: Sequence[object], *, count: int, dimension: int) -> Vector:
    """Vectors from elsewhere, checked and scaled to unit length: [count, dimension] float32.

    Raises:
        EmbeddingUnavailable: wrong number, wrong length, not finite, or a zero vector.
    """
    if len(rows) != count or any(row is None for row in rows):
        raise EmbeddingUnavailable(
            reason=f"the model gave {sum(row is not None for row in rows)} vectors for {count} texts"
        )
    lengths = {np.shape(row) for row in rows}  # type: ignore[call-overload]
    if lengths != {(dimension,)}:
        found = ", ".join(str(length[0] if len(length) == 1 else length) for length in sorted(lengths))
        raise EmbeddingUnavailable(
            reason=f"the model gives vectors of length {found}, but KB_EMBEDDER_DIMENSION is {dimension}. "
            "Set it to the model's length, then run `kb reindex`"
        )
    vectors = np.asarray(rows, np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(norms).all() or not norms.all():
        raise EmbeddingUnavailable(reason="the model gave a vector that is zero or not finite")
    return np.asarray(vectors / norms, np.float32)
