"""The retrieval pipeline: Haystack components from a query's text to ranked candidates.

Values that pass between components are frozen and copy as themselves, because Haystack deep-copies every
socket; vectors travel as arrays. The pipeline's own overhead is measured by `kb bench pipeline`.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from haystack import Pipeline, component
from haystack.core.errors import PipelineRuntimeError
from numpy.typing import NDArray

from kb.errors import EmbeddingUnavailable, KbError
from search.analysis.natural import NaturalSpelling
from search.embedding import Embedder
from search.fusion import LegResults, Ranked, Ranking, fuse, ideal_score, missing_share
from search.index import Candidate, Findable, Leg, LegQuery, Selection
from search.repair import Alternative
from search.terms import QueryTerms, TermCounter
from search.vocabulary import Vocabulary

log = logging.getLogger(__name__)

#: candidates per leg: enough that grouping by origin and the check against the record leave ten
DEPTH = 100
#: queries embedded at once; more would share the same cores
EMBEDDING_THREADS = 4


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


@dataclass(frozen=True, slots=True)
class PendingVector:
    """A query's vector that another thread computes; None where it is not wanted."""

    future: Future[NDArray[np.float32]] | None

    def result(self) -> NDArray[np.float32] | None:
        """Wait for it; None where it was not wanted, or the embedder does not answer."""
        try:
            return self.future.result() if self.future is not None else None
        except EmbeddingUnavailable as error:
            log.warning("searching by words alone: %s", error)
            return None

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


@component
class QueryEmbedding:
    """Text to its vector, while the words are looked up: embedding takes about as long."""

    def __init__(self, embedder: Embedder, spelling: NaturalSpelling) -> None:
        self._embedder = embedder
        self._spelling = spelling
        self._threads = ThreadPoolExecutor(EMBEDDING_THREADS, thread_name_prefix="query-embedding")

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    @component.output_types(vector=PendingVector)
    def run(self, text: str, wanted: bool) -> dict[str, Any]:
        spelt = self._spelling.spell(text) or text
        future = self._threads.submit(self._embedder.embed_query, spelt) if wanted else None
        return {"vector": PendingVector(future)}


@dataclass(frozen=True, slots=True)
class LexicalResults:
    """What the lexical legs found."""

    found: dict[Leg, list[Candidate]]

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


@component
class LexicalRetrieval:
    """Asks the terms and the grams leg in one call."""

    def __init__(self, index: Findable) -> None:
        self._index = index

    @component.output_types(lexical=LexicalResults)
    def run(
        self, terms: QueryTerms, selection: Selection, legs: tuple[Leg, ...], depth: int
    ) -> dict[str, Any]:
        vectors = ((Leg.TERMS, terms.terms), (Leg.GRAMS, terms.grams))
        queries = [
            LegQuery(leg, vector, depth) for leg, vector in vectors if leg in legs and len(vector.indices)
        ]
        found = self._index.query(queries, selection) if queries else []
        return {
            "lexical": LexicalResults(
                {query.leg: candidates for query, candidates in zip(queries, found, strict=True)}
            )
        }


@component
class DenseRetrieval:
    """Asks the dense leg: for what is nearest, and for the exact cosines of what only the words found.

    Guessing those cosines costs a hundredth of nDCG@10.
    """

    def __init__(self, index: Findable, vocabulary: Vocabulary) -> None:
        self._index = index
        self._vocabulary = vocabulary

    @component.output_types(results=LegResults, degraded=tuple[str, ...])
    def run(
        self,
        vector: PendingVector,
        lexical: LexicalResults,
        terms: QueryTerms,
        selection: Selection,
        depth: int,
    ) -> dict[str, Any]:
        embedded = vector.result()
        found = dict(lexical.found)
        if embedded is not None:
            near = self._index.query([LegQuery(Leg.DENSE, embedded, depth)], selection)[0]
            found[Leg.DENSE] = near + self._cosines_of_others(embedded, near, lexical, selection)
        snapshot = self._vocabulary.snapshot
        idf = snapshot.terms.idf(terms.terms.indices)
        ideal = {
            Leg.TERMS: ideal_score(idf, terms.terms.values),
            Leg.GRAMS: ideal_score(snapshot.grams.idf(terms.grams.indices), terms.grams.values),
        }
        frequencies = snapshot.terms.frequency(terms.terms.indices)
        missing = missing_share(idf, terms.terms.values, frequencies)
        failed = vector.future is not None and embedded is None
        return {"results": LegResults(found, ideal, missing), "degraded": ("dense",) if failed else ()}

    def _cosines_of_others(
        self,
        vector: NDArray[np.float32],
        near: Sequence[Candidate],
        lexical: LexicalResults,
        selection: Selection,
    ) -> list[Candidate]:
        known = {candidate.passage_id for candidate in near}
        others = dict.fromkeys(c.passage_id for found in lexical.found.values() for c in found)
        among = tuple(passage_id for passage_id in others if passage_id not in known)
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
        self, *, counter: TermCounter, embedder: Embedder, index: Findable, vocabulary: Vocabulary
    ) -> None:
        self.pipeline = Pipeline()
        self._embedding = QueryEmbedding(embedder, NaturalSpelling(counter.analyzer))
        # Embedding first: components that are ready run in this order.
        self.pipeline.add_component("embedding", self._embedding)
        self.pipeline.add_component("analysis", QueryAnalysis(counter, vocabulary))
        self.pipeline.add_component("lexical", LexicalRetrieval(index))
        self.pipeline.add_component("dense", DenseRetrieval(index, vocabulary))
        self.pipeline.add_component("fusion", Fusion())
        self.pipeline.connect("analysis.terms", "lexical.terms")
        self.pipeline.connect("analysis.terms", "dense.terms")
        self.pipeline.connect("embedding.vector", "dense.vector")
        self.pipeline.connect("lexical.lexical", "dense.lexical")
        self.pipeline.connect("dense.results", "fusion.results")

    def close(self) -> None:
        """End the threads of a retrieval that is not used any more."""
        self._embedding.close()

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
            "lexical": {"selection": selection, "legs": legs, "depth": depth},
            "dense": {"selection": selection, "depth": depth},
        }
        try:
            done = self.pipeline.run(given, include_outputs_from={"analysis", "dense"})
        except PipelineRuntimeError as error:
            if isinstance(error.__cause__, KbError):
                raise error.__cause__ from error
            raise
        return Retrieved(done["fusion"]["ranking"], done["analysis"]["terms"], done["dense"]["degraded"])
