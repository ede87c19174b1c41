"""One shard of Qdrant Edge: how it is set up, and our points, filters and errors in its terms.

Tried facts this file rests on (qdrant-edge-py 0.9): unoptimised segments are searched exactly; `Turbo16`
halves the memory of vectors and takes a third of float32's time (1.6 against 4.7 ms at 20,000 points),
moving a cosine by about 1e-6; vectors of 8 bits beside them (384 bytes each) are searched in less than half
of that time again (2.0 against 4.4 ms at 100,000 points), and where half as many again as are wanted are
looked up in full, the nearest 100 are the same; an empty `should` matches everything, `MatchAny([])` matches
nothing.
"""

import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import qdrant_edge as edge

from kb.errors import IndexUnavailable, StorageFull
from search.analysis.sparse import SparseVector
from search.index import BATCH_POINTS, IndexPoint, Leg, LegQuery

#: Edge maps its files and grows them by 32 MiB at a time: on a full disk the kernel kills the process
#: (SIGBUS) that touches a page there is no room for, so nothing is written with less room than this
LEAST_FREE_BYTES = 192 * 1024 * 1024
_SPARSE_LEGS = (Leg.TERMS, Leg.GRAMS)


def shard_config(dimension: int) -> Any:
    """What a shard of passages is created with."""
    return edge.EdgeConfig(
        vectors={
            Leg.DENSE.value: edge.EdgeVectorParams(
                dimension,
                edge.Distance.Cosine,
                datatype=edge.VectorStorageDatatype.Turbo16,
                quantization_config=edge.TurboQuantQuantizationConfig(
                    always_ram=True, bits=edge.TurboQuantBitSize.Bits8
                ),
                # Its points have 64 edges; where a filter leaves fewer than about 20,000, all of them are
                # searched. Half of the processors are left to searches while it is built.
                hnsw_config=edge.HnswIndexConfig(
                    m=32,
                    ef_construct=200,
                    full_scan_threshold=30_000,
                    max_indexing_threads=max(1, (os.cpu_count() or 1) // 2),
                ),
            )
        },
        sparse_vectors={
            leg.value: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf) for leg in _SPARSE_LEGS
        },
        payload_memory=edge.Memory.Cached,
        max_search_threads=1,
    )


def require_room(path: Path, *, size: int = 0) -> None:
    """That the disk of `path` has room for `size` bytes, and some to spare.

    Raises: StorageFull.
    """
    if shutil.disk_usage(path).free < size + LEAST_FREE_BYTES:
        raise StorageFull


def put_points(shard: Any, points: Sequence[IndexPoint]) -> None:
    """Insert or replace points.

    Raises: IndexUnavailable, StorageFull.
    """
    for start in range(0, len(points), BATCH_POINTS):
        batch = [_edge_point(point) for point in points[start : start + BATCH_POINTS]]
        with edge_errors():
            shard.update(edge.UpdateOperation.upsert_points(batch))


def remove_points(shard: Any, edition_ids: Sequence[str]) -> None:
    """Take out the points of these editions.

    Raises: IndexUnavailable, StorageFull.
    """
    with edge_errors():
        shard.update(
            edge.UpdateOperation.delete_points_by_filter(any_of([("edition_id", list(edition_ids))]))
        )


def _edge_point(point: IndexPoint) -> Any:
    vectors: dict[str, Any] = {
        Leg.TERMS.value: _edge_sparse(point.terms),
        Leg.GRAMS.value: _edge_sparse(point.grams),
    }
    if point.dense is not None:
        vectors[Leg.DENSE.value] = point.dense.tolist()
    return edge.Point(uuid.UUID(point.passage_id), vectors, point.payload())


def edge_vector(query: LegQuery) -> Any:
    """What a leg is asked, as Edge takes it."""
    if isinstance(query.vector, SparseVector):
        return _edge_sparse(query.vector)
    return query.vector.tolist()


def _edge_sparse(vector: SparseVector) -> Any:
    return edge.SparseVector(vector.indices.tolist(), vector.values.tolist())


def any_of(conditions: Sequence[tuple[str, list[str]]], *, among: Sequence[str] | None = None) -> Any:
    """AND over fields, any of the values of each; no value, no match (`MatchAny([])`).

    None without a condition: an empty filter would cost an exact search half as much again. One value is
    looked for by itself, as a visitor's `public` is: that costs a third less than a list of one.
    """
    must: list[Any] = [
        edge.FieldCondition(
            key=field, match=edge.MatchValue(values[0]) if len(values) == 1 else edge.MatchAny(values)
        )
        for field, values in conditions
    ]
    if among is not None:
        must.append(edge.HasIdCondition(set(among)))
    return edge.Filter(must=must) if must else None


@contextmanager
def edge_errors() -> Iterator[None]:
    """Edge raises plain `Exception`: say whether the disk is full or the index is broken."""
    try:
        yield
    except Exception as error:
        text = str(error)
        if "No space left" in text or "os error 28" in text or "File too large" in text:
            raise StorageFull from error
        raise IndexUnavailable(reason=text) from error
