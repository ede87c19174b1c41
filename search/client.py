"""The index on a Qdrant server (or qdrant-client's local mode), behind the same protocol as Edge.

The alias `<name>` points at the collection in use; a rebuild fills a fresh collection and moves the alias
in one operation, so that every process searches the old one or the new one.
"""

import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ApiException, UnexpectedResponse

from kb.errors import IndexUnavailable
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


class ClientIndex:
    """A `PassageIndex` reached through `client`.

    Args:
        name: the alias; collections are called `<name>-<unique>`.
        timeout_seconds: of every call to a server.
    """

    def __init__(self, client: QdrantClient, *, name: str = "nagofte", timeout_seconds: int = 30) -> None:
        self._client = client
        self._name = name
        self._timeout = timeout_seconds
        # Local mode is not safe for threads; a server's client is, and the lock is then not contended long.
        self._local = threading.RLock()
        self._state: IndexState | None = None

    def state(self) -> IndexState | None:
        """Read from the server each time: another process may have moved the alias."""
        with self._calls():
            collection = self._collection()
            if collection is None:
                return None
            metadata = self._client.get_collection(collection).config.metadata
            return IndexState(**metadata) if metadata else None

    def put(self, points: Sequence[IndexPoint]) -> None:
        self._put(self._need_collection(), points)

    def remove_editions(self, edition_ids: Iterable[str]) -> None:
        ids = list(edition_ids)
        if not ids:
            return
        with self._calls():
            selector = models.FilterSelector(filter=_any_of([("edition_id", ids)]))
            self._client.delete(self._need_collection(), selector, wait=True)

    def query(self, queries: Sequence[LegQuery], selection: Selection) -> list[list[Candidate]]:
        if not selection.audiences:
            return [[] for _ in queries]
        conditions = selection.conditions()
        requests = [
            models.QueryRequest(
                query=_client_vector(query),
                using=query.leg.value,
                filter=_any_of(conditions, among=query.among),
                limit=query.limit,
                with_payload=False,
            )
            for query in queries
        ]
        with self._calls():
            answers = self._client.query_batch_points(self._name, requests=requests, timeout=self._timeout)
        return [best_first((str(point.id), point.score) for point in answer.points) for answer in answers]

    def count(self, *, edition_id: str | None = None) -> int:
        with self._calls():
            collection = self._collection()
            if collection is None:
                return 0
            condition = _any_of([("edition_id", [edition_id])]) if edition_id else None
            return self._client.count(collection, count_filter=condition, exact=True).count

    def edition_ids(self) -> set[str]:
        with self._calls():
            collection = self._collection()
            if collection is None:
                return set()
            facet = self._client.facet(collection, key="edition_id", limit=10_000_000, exact=True)
            return {str(hit.value) for hit in facet.hits if hit.count}

    def flush(self) -> None:
        """Nothing to do: every write above waited until the server had applied it."""

    def optimize(self) -> bool:
        return True  # a server does it by itself

    def unoptimized(self) -> int:
        return 0

    def begin_rebuild(self, state: IndexState) -> "ClientRebuild":
        return ClientRebuild(self, state)

    def close(self) -> None:
        self._client.close()

    @contextmanager
    def _calls(self) -> Iterator[None]:
        with self._local:
            try:
                yield
            except (ApiException, UnexpectedResponse, OSError, ValueError) as error:
                raise IndexUnavailable(
                    reason=str(error).splitlines()[0] if str(error) else "no answer"
                ) from error

    def _collection(self) -> str | None:
        aliases = self._client.get_aliases().aliases
        return next((a.collection_name for a in aliases if a.alias_name == self._name), None)

    def _need_collection(self) -> str:
        with self._calls():
            collection = self._collection()
        if collection is None:
            raise IndexUnavailable(reason="it has not been built yet")
        return collection

    def _put(self, collection: str, points: Sequence[IndexPoint]) -> None:
        for start in range(0, len(points), BATCH_POINTS):
            batch = [_client_point(point) for point in points[start : start + BATCH_POINTS]]
            with self._calls():
                self._client.upsert(collection, batch, wait=True)

    def _create(self, state: IndexState) -> str:
        collection = f"{self._name}-{uuid.uuid4().hex[:12]}"
        with self._calls():
            self._client.create_collection(
                collection,
                vectors_config={
                    Leg.DENSE.value: models.VectorParams(
                        size=state.dimension, distance=models.Distance.COSINE
                    )
                },
                sparse_vectors_config={
                    leg.value: models.SparseVectorParams(modifier=models.Modifier.IDF)
                    for leg in (Leg.TERMS, Leg.GRAMS)
                },
                metadata=state.as_dict(),
            )
            if self._client.init_options.get("url") or self._client.init_options.get("host"):
                for field in PAYLOAD_FIELDS:  # local mode has no payload indexes
                    self._client.create_payload_index(collection, field, models.PayloadSchemaType.KEYWORD)
        return collection

    def _move_alias(self, collection: str) -> None:
        with self._calls():
            old = self._collection()
            operations: list[Any] = []
            if old is not None:
                operations.append(
                    models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=self._name))
                )
            operations.append(
                models.CreateAliasOperation(
                    create_alias=models.CreateAlias(collection_name=collection, alias_name=self._name)
                )
            )
            self._client.update_collection_aliases(change_aliases_operations=operations)
            for existing in self._client.get_collections().collections:
                if existing.name.startswith(f"{self._name}-") and existing.name != collection:
                    self._client.delete_collection(existing.name)


class ClientRebuild:
    """A fresh collection beside the one the alias points at."""

    def __init__(self, index: ClientIndex, state: IndexState) -> None:
        self._index = index
        self._collection = index._create(state)

    def put(self, points: Sequence[IndexPoint]) -> None:
        self._index._put(self._collection, points)

    def count(self) -> int:
        with self._index._calls():
            return self._index._client.count(self._collection, exact=True).count

    def commit(self) -> None:
        self._index._move_alias(self._collection)

    def abandon(self) -> None:
        with self._index._calls():
            self._index._client.delete_collection(self._collection)


def _client_point(point: IndexPoint) -> models.PointStruct:
    vectors: dict[str, Any] = {
        Leg.TERMS.value: _client_sparse(point.terms),
        Leg.GRAMS.value: _client_sparse(point.grams),
    }
    if point.dense is not None:
        vectors[Leg.DENSE.value] = point.dense.tolist()
    return models.PointStruct(id=point.passage_id, vector=vectors, payload=point.payload())


def _client_vector(query: LegQuery) -> Any:
    if isinstance(query.vector, SparseVector):
        return _client_sparse(query.vector)
    return query.vector.tolist()


def _client_sparse(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=vector.indices.tolist(), values=vector.values.tolist())


def _any_of(
    conditions: Sequence[tuple[str, list[str]]], *, among: Sequence[str] | None = None
) -> models.Filter:
    """AND over fields, any of the values of each; callers never pass an empty list of values."""
    must: list[Any] = [
        models.FieldCondition(key=field, match=models.MatchAny(any=values)) for field, values in conditions
    ]
    if among is not None:
        must.append(models.HasIdCondition(has_id=list(among)))
    return models.Filter(must=must)
