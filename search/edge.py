"""The default index: Qdrant Edge, inside the one process that serves.

Tried facts this file rests on (qdrant-edge-py 0.9): a shard has one owner process; its calls hold the
interpreter lock (about 1 ms a query, 25 ms per 256 points); a shard must be opened after any fork.
"""

import json
import logging
import os
import shutil
import threading
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import qdrant_edge as edge

from kb.errors import IndexUnavailable, KbError, StorageFull
from search.graph import GRAPH_ABOVE, GraphBuild
from search.index import (
    PAYLOAD_FIELDS,
    Candidate,
    IndexPoint,
    IndexState,
    Leg,
    LegQuery,
    Selection,
    best_first,
)
from search.shard import (
    any_of,
    edge_errors,
    edge_vector,
    put_points,
    remove_points,
    require_room,
    shard_config,
)

log = logging.getLogger(__name__)

#: about 10 MB
REMEMBERED_NAMES = 65_536
_CURRENT = "current.json"
#: the nearest by 8 bits, and of half as many again their order by the vectors themselves; where there is a
#: graph, so many are kept while it is walked (of the nearest 100 of 200,000, 97 are found)
_COARSE_FIRST = edge.SearchParams(
    hnsw_ef=320, quantization=edge.QuantizationSearchParams(rescore=True, oversampling=1.5)
)
#: by the vectors themselves: what is asked about by name, and legs that have no others
_AS_STORED = edge.SearchParams(quantization=edge.QuantizationSearchParams(ignore=True))


class EdgeIndex:
    """A `PassageIndex` in the directory `root`: shards, and `current.json` that names the one in use.

    Args:
        graph_above: points outside the graph, from which on `optimize` builds it (again).
    """

    def __init__(self, root: Path, *, graph_above: int = GRAPH_ABOVE) -> None:
        self._root = root
        self._graph_above = graph_above
        self._writing = threading.Lock()
        self._names = _Names()
        self._shard: Any = None
        #: of the shard, while there is one
        self._path = root
        self._state: IndexState | None = None
        #: an upper bound: what was put again counts again
        self._outside_graph = 0
        #: more than usual after a graph could not be built: it is tried again when there is as much more
        self._build_above = graph_above
        self._build: GraphBuild | None = None
        root.mkdir(parents=True, exist_ok=True)
        self._open_current()

    def state(self) -> IndexState | None:
        return self._state

    def put(self, points: Sequence[IndexPoint]) -> None:
        with self._writing:
            require_room(self._root)
            put_points(self._need_shard(), points)
            self._outside_graph += len(points)
            if self._build is not None:
                self._build.missed.append((points, ()))

    def remove_editions(self, edition_ids: Iterable[str]) -> None:
        ids = list(edition_ids)
        if not ids:
            return
        with self._writing:
            remove_points(self._need_shard(), ids)
            if self._build is not None:
                self._build.missed.append(((), ids))

    def query(self, queries: Sequence[LegQuery], selection: Selection) -> list[list[Candidate]]:
        if not selection.audiences:
            return [[] for _ in queries]
        conditions = selection.conditions()
        requests = [
            edge.QueryRequest(
                limit=query.limit,
                query=edge.Query.Nearest(edge_vector(query), using=query.leg.value),
                filter=any_of(conditions, among=query.among),
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
        condition = any_of([("edition_id", [edition_id])]) if edition_id else None
        with edge_errors():
            return int(self._need_shard().count(edge.CountRequest(exact=True, filter=condition)))

    def edition_ids(self) -> set[str]:
        if self._shard is None:
            return set()
        with edge_errors():
            request = edge.FacetRequest("edition_id", limit=10_000_000, exact=True)
            return {str(hit.value) for hit in self._need_shard().facet(request).hits if hit.count}

    def flush(self) -> None:
        with self._writing, edge_errors():
            self._need_shard().flush()

    def optimize(self) -> bool:
        if self._build is None:
            return not self._begin_build()
        if not self._build.is_done:
            return False
        self._finish_build(self._build)
        return self._outside_graph <= self._build_above

    def unoptimized(self) -> int:
        return self._outside_graph

    def begin_rebuild(self, state: IndexState) -> "EdgeRebuild":
        return EdgeRebuild(self, state)

    def close(self) -> None:
        with self._writing:
            self._abandon_build()
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
            self._path = self._root / stated["shard"]
            with edge_errors():
                self._shard = edge.EdgeShard.load(str(self._path))
            self._state = IndexState(**stated["state"])
            self._outside_graph = max(0, self.count() - stated.get("in_graph", 0))
        for path in self._root.glob("shard-*"):  # what a killed process left behind
            if path != self._path:
                shutil.rmtree(path, ignore_errors=True)

    def _begin_build(self) -> bool:
        """Copy the shard for a graph, if it is time to and there is room; whether a build is under way."""
        if self._outside_graph > self._build_above:
            self._outside_graph = min(self._outside_graph, self.count())
        if self._outside_graph <= self._build_above:
            return False
        assert self._state is not None
        with self._writing:
            try:
                with edge_errors():
                    self._shard.flush()
                self._build = GraphBuild(self._path, _new_shard(self._root), dimension=self._state.dimension)
            except (StorageFull, OSError) as error:
                log.warning("no graph is built over the index, searches of it stay slower: %s", error)
                self._build_above = self._outside_graph + self._graph_above
                return False
        log.info("a graph over %d points is being built", self.count())
        return True

    def _finish_build(self, build: GraphBuild) -> None:
        """Tell the copy what it missed, and put it in the place of the shard."""
        with self._writing:
            try:
                if build.failure is not None:
                    raise IndexUnavailable(reason=build.failure)
                in_graph = self._take_over(build)
            except (KbError, OSError) as error:
                log.error("the graph over the index could not be built: %s", error)
                self._abandon_build()
                self._build_above = self._outside_graph + self._graph_above
                return
            self._build = None
            self._build_above = self._graph_above
        log.info("searches use a graph over %d points", in_graph)

    def _take_over(self, build: GraphBuild) -> int:
        """How many points its graph has."""
        state = self._state
        assert state is not None
        with edge_errors():
            shard = edge.EdgeShard.load(str(build.path))
            in_graph = int(shard.count(edge.CountRequest(exact=True)))
        for points, removed in build.missed:
            put_points(shard, points)
            remove_points(shard, removed)
        with edge_errors():
            shard.flush()
        self._adopt(build.path, shard, state, in_graph=in_graph)
        self._outside_graph = sum(len(points) for points, _ in build.missed)
        return in_graph

    def _abandon_build(self) -> None:
        if self._build is not None:
            self._build.abandon()
            self._build = None

    def _replace(self, path: Path, shard: Any, state: IndexState) -> None:
        with self._writing:
            self._abandon_build()
            self._adopt(path, shard, state, in_graph=0)
            self._outside_graph, self._build_above = self.count(), self._graph_above

    def _adopt(self, path: Path, shard: Any, state: IndexState, *, in_graph: int) -> None:
        """Make `shard` the current one: on disk first, by one rename, then for searches."""
        stated = {"shard": path.name, "state": state.as_dict(), "in_graph": in_graph}
        temporary = self._root / f"{_CURRENT}.{uuid.uuid4().hex}"
        with temporary.open("w") as file:
            json.dump(stated, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._root / _CURRENT)
        old, old_path = self._shard, self._path
        self._shard, self._path, self._state = shard, path, state
        if old is not None:
            old.close()
            shutil.rmtree(old_path, ignore_errors=True)


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
        self._path = _new_shard(index._root)
        require_room(index._root)
        with edge_errors():
            self._shard = edge.EdgeShard.create(str(self._path), shard_config(state.dimension))
            for field in PAYLOAD_FIELDS:
                self._shard.update(edge.UpdateOperation.create_field_index(field, edge.KeywordIndexParams()))

    def put(self, points: Sequence[IndexPoint]) -> None:
        require_room(self._path)
        put_points(self._shard, points)

    def count(self) -> int:
        with edge_errors():
            return int(self._shard.count(edge.CountRequest(exact=True)))

    def commit(self) -> None:
        with edge_errors():
            self._shard.flush()
        self._index._replace(self._path, self._shard, self._new_state)

    def abandon(self) -> None:
        self._shard.close()
        shutil.rmtree(self._path, ignore_errors=True)


def _new_shard(root: Path) -> Path:
    return root / f"shard-{uuid.uuid4().hex}"
