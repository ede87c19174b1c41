"""The retrieval pipeline: Haystack components from a query's text to ranked candidates.

Values that pass between components are frozen and copy as themselves, because Haystack deep-copies every
socket; vectors travel as arrays. The pipeline's own overhead is measured by `kb bench pipeline`.
"""

import logging
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from haystack import Pipeline, component
from haystack.core.errors import PipelineRuntimeError
from numpy.typing import NDArray

from kb.errors import EmbeddingUnavailable, KbError
from search.embedding import Embedder
from search.fusion import LegResults, Ranked, Ranking, fuse, ideal_score, missing_share
from search.index import Candidate, Leg, LegQuery, PassageIndex, Selection
from search.repair import Alternative
from search.terms import QueryTerms, TermCounter
from search.vocabulary import Vocabulary

log = logging.getLogger(__name__)

#: candidates per leg: enough that grouping by origin and the check against the record leave ten
DEPTH = 100


@component
class QueryAnalysis:
    """Text to terms and 3-grams.

    Words written apart are joined where the index has them joined, and repaired words are also looked for as
    their other readings.
    """

    def __init__(self, counter: TermCounter, vocabulary: Vocabulary) -> None:
        self._counter = counter
        self._vocabulary = vocabulary

    @component.output_types(terms=QueryTerms)
    def run(self, text: str, alternatives: tuple[Alternative, ...] = ()) -> dict[str, Any]:
        frequency = self._vocabulary.snapshot.terms.frequency_of
        return {"terms": self._counter.query(text, frequency, alternatives)}


@component
class QueryEmbedding:
    """Text to its vector; without an embedder's answer the words decide alone."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @component.output_types(vector=NDArray[np.float32] | None)
    def run(self, text: str, wanted: bool) -> dict[str, Any]:
        if not wanted:
            return {"vector": None}
        try:
            return {"vector": self._embedder.embed_query(text)}
        except EmbeddingUnavailable as error:
            log.warning("searching by words alone: %s", error)
            return {"vector": None}


@component
class LegRetrieval:
    """Asks every leg in one call."""

    def __init__(self, index: PassageIndex, vocabulary: Vocabulary) -> None:
        self._index = index
        self._vocabulary = vocabulary

    @component.output_types(results=LegResults)
    def run(
        self,
        terms: QueryTerms,
        vector: NDArray[np.float32] | None,
        selection: Selection,
        legs: tuple[Leg, ...],
        depth: int,
    ) -> dict[str, Any]:
        queries = []
        if Leg.DENSE in legs and vector is not None:
            queries.append(LegQuery(Leg.DENSE, vector, depth))
        for leg, sparse in ((Leg.TERMS, terms.terms), (Leg.GRAMS, terms.grams)):
            if leg in legs and len(sparse.indices):
                queries.append(LegQuery(leg, sparse, depth))
        found = self._index.query(queries, selection) if queries else []
        results = {query.leg: candidates for query, candidates in zip(queries, found, strict=True)}
        if vector is not None and Leg.DENSE in results:
            results[Leg.DENSE] += self._cosines_of_others(vector, results, selection)
        snapshot = self._vocabulary.snapshot
        idf = snapshot.terms.idf(terms.terms.indices)
        ideal = {
            Leg.TERMS: ideal_score(idf, terms.terms.values),
            Leg.GRAMS: ideal_score(snapshot.grams.idf(terms.grams.indices), terms.grams.values),
        }
        frequencies = snapshot.terms.frequency(terms.terms.indices)
        return {"results": LegResults(results, ideal, missing_share(idf, terms.terms.values, frequencies))}

    def _cosines_of_others(
        self, vector: NDArray[np.float32], results: dict[Leg, list[Candidate]], selection: Selection
    ) -> list[Candidate]:
        """Exact cosines of what only the words found: guessing them costs a hundredth of nDCG@10."""
        near = {candidate.passage_id for candidate in results[Leg.DENSE]}
        others = dict.fromkeys(c.passage_id for found in results.values() for c in found)
        among = tuple(passage_id for passage_id in others if passage_id not in near)
        if not among:
            return []
        return self._index.query([LegQuery(Leg.DENSE, vector, len(among), among)], selection)[0]


@component
class Fusion:
    """The legs' candidates to one ranking."""

    @component.output_types(ranking=Ranking)
    def run(self, results: LegResults) -> dict[str, Any]:
        return {"ranking": fuse(results)}


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A ranking and what it was made from."""

    ranking: Ranking
    terms: QueryTerms
    degraded: tuple[str, ...]

    @property
    def ranked(self) -> tuple[Ranked, ...]:
        return self.ranking.ranked

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


class Retrieval:
    """Runs the pipeline; safe for several threads."""

    def __init__(
        self, *, counter: TermCounter, embedder: Embedder, index: PassageIndex, vocabulary: Vocabulary
    ) -> None:
        self.pipeline = Pipeline()
        self.pipeline.add_component("analysis", QueryAnalysis(counter, vocabulary))
        self.pipeline.add_component("embedding", QueryEmbedding(embedder))
        self.pipeline.add_component("legs", LegRetrieval(index, vocabulary))
        self.pipeline.add_component("fusion", Fusion())
        self.pipeline.connect("analysis.terms", "legs.terms")
        self.pipeline.connect("embedding.vector", "legs.vector")
        self.pipeline.connect("legs.results", "fusion.results")

    def retrieve(
        self,
        text: str,
        *,
        selection: Selection,
        legs: tuple[Leg, ...] = tuple(Leg),
        depth: int = DEPTH,
        alternatives: tuple[Alternative, ...] = (),
    ) -> Retrieved:
        """Ranked candidates for `text` among what `selection` allows.

        Args:
            alternatives: other readings of words of a repaired `text`.
        """
        given = {
            "analysis": {"text": text, "alternatives": alternatives},
            "embedding": {"text": text, "wanted": Leg.DENSE in legs},
            "legs": {"selection": selection, "legs": legs, "depth": depth},
        }
        try:
            done = self.pipeline.run(given, include_outputs_from={"analysis", "embedding"})
        except PipelineRuntimeError as error:
            if isinstance(error.__cause__, KbError):
                raise error.__cause__ from error
            raise
        degraded = ("dense",) if Leg.DENSE in legs and done["embedding"]["vector"] is None else ()
        return Retrieved(done["fusion"]["ranking"], done["analysis"]["terms"], degraded)
