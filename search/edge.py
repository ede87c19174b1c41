"""The default index: Qdrant Edge, inside the one process that serves.

Tried facts this file rests on (qdrant-edge-py 0.9): a shard has one owner process; its calls hold the
interpreter lock (about 1 ms a query, 25 ms per 256 points); unoptimised segments are searched exactly,
which is right and fast up to about 100,000 points; `Turbo16` halves the memory of vectors and takes a third
of float32's time (1.6 against 4.7 ms at 20,000 points), moving a cosine by about 1e-6; vectors of 8 bits
beside them (384 bytes each) are searched in less than half of that time again (2.0 against 4.4 ms at 100,000
points), and where half as many again as are wanted are looked up in full, the nearest 100 are the same; a
shard must be opened after any fork; an empty `should` matches everything, `MatchAny([])` matches nothing.
"""

import json
import os
import shutil
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import qdrant_edge as edge

from kb.errors import IndexUnavailable, StorageFull
from search.analysis.sparse import SparseVector
from search.index import (
    BATCH_POINTS,
    PAYLOAD_FIELDS,
    Candidate,
    IndexPoint,
    IndexState,
    Leg,
    LegQuery,
    Selection,
    best_first,
)

#: Edge maps its files and grows them by 32 MiB at a time: on a full disk the kernel kills the process
#: (SIGBUS) that touches a page there is no room for, so nothing is written with less room than this
LEAST_FREE_BYTES = 192 * 1024 * 1024
#: about 10 MB
REMEMBERED_NAMES = 65_536
_CURRENT = "current.json"
_SPARSE_LEGS = (Leg.TERMS, Leg.GRAMS)
#: the nearest by 8 bits, and of half as many again their order by the vectors themselves
_COARSE_FIRST = edge.SearchParams(quantization=edge.QuantizationSearchParams(rescore=True, oversampling=1.5))
#: by the vectors themselves: what is asked about by name, and legs that have no others
_AS_STORED = edge.SearchParams(quantization=edge.QuantizationSearchParams(ignore=True))


class EdgeIndex:
    """A `PassageIndex` in the directory `root`: shards, and `current.json` that names the one in use."""

    def __init__(self, root: Path, *, search_threads: int = 1) -> None:
        self._root = root
        self._threads = search_threads
        self._writing = threading.Lock()
        self._names = _Names()
        self._shard: Any = None
        self._state: IndexState | None = None
        root.mkdir(parents=True, exist_ok=True)
        self._open_current()

    def state(self) -> IndexState | None:
        return self._state

    def put(self, points: Sequence[IndexPoint]) -> None:
        with self._writing:
            _require_room(self._root)
            _put(self._need_shard(), points)

    def remove_editions(self, edition_ids: Iterable[str]) -> None:
        ids = list(edition_ids)
        if not ids:
            return
        with self._writing, _edge_errors():
            shard = self._need_shard()
            shard.update(edge.UpdateOperation.delete_points_by_filter(_any_of([("edition_id", ids)])))

    def query(self, queries: Sequence[LegQuery], selection: Selection) -> list[list[Candidate]]:
        if not selection.audiences:
            return [[] for _ in queries]
        conditions = selection.conditions()
        requests = [
            edge.QueryRequest(
                limit=query.limit,
                query=edge.Query.Nearest(_edge_vector(query), using=query.leg.value),
                filter=_any_of(conditions, among=query.among),
                params=_COARSE_FIRST if query.leg is Leg.DENSE and query.among is None else _AS_STORED,
            )
            for query in queries
        ]
        # Between reading the reference and the call the shard may be swapped and closed; ask the new one.
        for _ in range(3):
            shard = self._need_shard()
            try:
                answers = [shard.query(request) for request in requests]
            except Exception as error:
                if shard is not self._shard:
                    continue
                raise IndexUnavailable(reason=str(error)) from error
            return [self._names.candidates(points) for points in answers]
        raise IndexUnavailable(reason="it is being replaced")

    def count(self, *, edition_id: str | None = None) -> int:
        if self._shard is None:
            return 0
        condition = _any_of([("edition_id", [edition_id])]) if edition_id else None
        with _edge_errors():
            return int(self._need_shard().count(edge.CountRequest(exact=True, filter=condition)))

    def edition_ids(self) -> set[str]:
        if self._shard is None:
            return set()
        with _edge_errors():
            request = edge.FacetRequest("edition_id", limit=10_000_000, exact=True)
            return {str(hit.value) for hit in self._need_shard().facet(request).hits if hit.count}

    def flush(self) -> None:
        with self._writing, _edge_errors():
            self._need_shard().flush()

    def begin_rebuild(self, state: IndexState) -> "EdgeRebuild":
        return EdgeRebuild(self, state)

    def close(self) -> None:
        with self._writing:
            shard, self._shard = self._shard, None
            if shard is not None:
                shard.close()

    def _need_shard(self) -> Any:
        if self._shard is None:
            raise IndexUnavailable(reason="it has not been built yet")
        return self._shard

    def _open_current(self) -> None:
        current = self._root / _CURRENT
        if current.exists():
            stated = json.loads(current.read_text())
            with _edge_errors():
                self._shard = edge.EdgeShard.load(str(self._root / stated["shard"]))
            self._state = IndexState(**stated["state"])
        self._delete_leftovers(keep=self._current_name())

    def _current_name(self) -> str | None:
        current = self._root / _CURRENT
        return json.loads(current.read_text())["shard"] if current.exists() else None

    def _delete_leftovers(self, *, keep: str | None) -> None:
        for path in self._root.glob("shard-*"):
            if path.name != keep:
                shutil.rmtree(path, ignore_errors=True)

    def _adopt(self, name: str, shard: Any, state: IndexState) -> None:
        """Make `shard` the current one: on disk first, by one rename, then for searches."""
        with self._writing:
            stated = {"shard": name, "state": state.as_dict()}
            temporary = self._root / f"{_CURRENT}.{uuid.uuid4().hex}"
            with temporary.open("w") as file:
                json.dump(stated, file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._root / _CURRENT)
            old, self._shard, self._state = self._shard, shard, state
            if old is not None:
                old.close()
        self._delete_leftovers(keep=name)


class _Names:
    """Point ids as the record spells them; spelling a UUID takes ten times as long as looking it up."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def candidates(self, points: Iterable[Any]) -> list[Candidate]:
        """Edge's answer, ties in the order of passage ids."""
        known = self._known
        if len(known) > REMEMBERED_NAMES:
            known = self._known = {}
        found = []
        for point in points:
            point_id = point.id
            name = known.get(point_id.int)
            if name is None:
                name = known[point_id.int] = str(point_id)
            found.append((name, point.score))
        return best_first(found)


class EdgeRebuild:
    """A fresh shard beside the current one."""

    def __init__(self, index: EdgeIndex, state: IndexState) -> None:
        self._index = index
        self._new_state = state
        self._name = f"shard-{uuid.uuid4().hex}"
        self._path = index._root / self._name
        _require_room(index._root)
        with _edge_errors():
            self._shard = edge.EdgeShard.create(str(self._path), _config(state.dimension, index._threads))
            for field in PAYLOAD_FIELDS:
                self._shard.update(edge.UpdateOperation.create_field_index(field, edge.KeywordIndexParams()))

    def put(self, points: Sequence[IndexPoint]) -> None:
        _require_room(self._path)
        _put(self._shard, points)

    def count(self) -> int:
        with _edge_errors():
            return int(self._shard.count(edge.CountRequest(exact=True)))

    def commit(self) -> None:
        with _edge_errors():
            self._shard.flush()
        self._index._adopt(self._name, self._shard, self._new_state)

    def abandon(self) -> None:
        self._shard.close()
        shutil.rmtree(self._path, ignore_errors=True)


def _config(dimension: int, search_threads: int) -> Any:
    return edge.EdgeConfig(
        vectors={
            Leg.DENSE.value: edge.EdgeVectorParams(
                dimension,
                edge.Distance.Cosine,
                datatype=edge.VectorStorageDatatype.Turbo16,
                quantization_config=edge.TurboQuantQuantizationConfig(
                    always_ram=True, bits=edge.TurboQuantBitSize.Bits8
                ),
            )
        },
        sparse_vectors={
            leg.value: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf) for leg in _SPARSE_LEGS
        },
        payload_memory=edge.Memory.Cached,
        max_search_threads=search_threads,
    )


def _require_room(path: Path) -> None:
    """Raises: StorageFull."""
    if shutil.disk_usage(path).free < LEAST_FREE_BYTES:
        raise StorageFull


def _put(shard: Any, points: Sequence[IndexPoint]) -> None:
    for start in range(0, len(points), BATCH_POINTS):
        batch = [_edge_point(point) for point in points[start : start + BATCH_POINTS]]
        with _edge_errors():
            shard.update(edge.UpdateOperation.upsert_points(batch))


def _edge_point(point: IndexPoint) -> Any:
    vectors: dict[str, Any] = {
        Leg.TERMS.value: _edge_sparse(point.terms),
        Leg.GRAMS.value: _edge_sparse(point.grams),
    }
    if point.dense is not None:
        vectors[Leg.DENSE.value] = point.dense.tolist()
    return edge.Point(uuid.UUID(point.passage_id), vectors, point.payload())


def _edge_vector(query: LegQuery) -> Any:
    if isinstance(query.vector, SparseVector):
        return _edge_sparse(query.vector)
    return query.vector.tolist()


def _edge_sparse(vector: SparseVector) -> Any:
    return edge.SparseVector(vector.indices.tolist(), vector.values.tolist())


def _any_of(conditions: Sequence[tuple[str, list[str]]], *, among: Sequence[str] | None = None) -> Any:
    """AND over fields, any of the values of each; no value, no match (`MatchAny([])`).

    None without a condition: an empty filter would cost an exact search half as much again.
    """
    must: list[Any] = [
        edge.FieldCondition(key=field, match=edge.MatchAny(values)) for field, values in conditions
    ]
    if among is not None:
        must.append(edge.HasIdCondition(set(among)))
    return edge.Filter(must=must) if must else None


@contextmanager
def _edge_errors() -> Iterator[None]:
    """Edge raises plain `Exception`: say whether the disk is full or the index is broken."""
    try:
        yield
    except Exception as error:
        text = str(error)
        if "No space left" in text or "os error 28" in text or "File too large" in text:
            raise StorageFull from error
        raise IndexUnavailable(reason=text) from error
