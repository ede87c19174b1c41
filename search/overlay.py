"""An index as it would be: some editions taken out, the points of others put over it; nothing is written.

What is put over is scored here as the index would: cosine, and dot products with the corpus's IDF.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from search.analysis.sparse import SparseVector
from search.index import Candidate, IndexPoint, Leg, LegQuery, PassageIndex, Selection, admits, best_first
from search.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is different from the index.

    Attributes:
        hidden: ids of passages that count as taken out.
        points: what counts as put in.
    """

    hidden: frozenset[str] = frozenset()
    points: tuple[IndexPoint, ...] = ()


class OverlaidIndex:
    """Answers queries like a `PassageIndex`; it can only be asked."""

    def __init__(self, index: PassageIndex, vocabulary: Vocabulary, overlay: Overlay) -> None:
        self._index = index
        self._vocabulary = vocabulary
        self._overlay = overlay

    def query(self, queries: Sequence[LegQuery], selection: Selection) -> list[list[Candidate]]:
        """One list per query, best first, ties by passage id."""
        over = [point for point in self._overlay.points if admits(selection, point)]
        put = {point.passage_id for point in self._overlay.points}
        beneath = self._index.query([self._for_index(query, put) for query in queries], selection)
        return [self._joined(query, found, over) for query, found in zip(queries, beneath, strict=True)]

    def _for_index(self, query: LegQuery, put: set[str]) -> LegQuery:
        """With room for what is hidden, and without what the index does not have."""
        among = query.among
        if among is not None:
            among = tuple(one for one in among if one not in put and one not in self._overlay.hidden)
        return replace(query, limit=query.limit + len(self._overlay.hidden), among=among)

    def _joined(
        self, query: LegQuery, found: Sequence[Candidate], over: Sequence[IndexPoint]
    ) -> list[Candidate]:
        kept = [(id, score) for id, score in found if id not in self._overlay.hidden]
        wanted = [one for one in over if query.among is None or one.passage_id in query.among]
        scored = ((one.passage_id, self._score(query, one)) for one in wanted)
        kept += [(id, score) for id, score in scored if score is not None]
        return best_first(sorted(kept, key=lambda one: -one[1]))[: query.limit]

    def _score(self, query: LegQuery, point: IndexPoint) -> float | None:
        """What the index would say; None where it would not name the point."""
        if query.leg is Leg.DENSE:
            assert isinstance(query.vector, np.ndarray)
            return None if point.dense is None else _cosine(query.vector, point.dense)
        assert isinstance(query.vector, SparseVector)
        statistics = self._vocabulary.snapshot.terms
        vector = point.terms
        if query.leg is Leg.GRAMS:
            statistics, vector = self._vocabulary.snapshot.grams, point.grams
        shared, at, of = np.intersect1d(
            query.vector.indices, vector.indices, assume_unique=True, return_indices=True
        )
        if not len(shared):
            return None
        return float((query.vector.values[at] * statistics.idf(shared) * vector.values[of]).sum())


def _cosine(left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    return float(left @ right / (np.linalg.norm(left) * np.linalg.norm(right)))
