"""The retrieval pipeline: Haystack components from a query's text to ranked candidates.

Values that pass between components are frozen and copy as themselves, because Haystack deep-copies every
socket; vectors travel as arrays. The pipeline's own overhead is measured by `kb bench pipeline`.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Any, Self

import numpy as np
from haystack import Pipeline, component
from haystack.core.errors import PipelineRuntimeError
from numpy.typing import NDArray

from kb.errors import EmbeddingUnavailable, KbError
from search.analysis.natural import NaturalSpelling
from search.embedding import Embedder, prepare_query
from search.fusion import LegResults, Ranked, Ranking, fuse, ideal_score, missing_share
from search.index import Candidate, Findable, Leg, LegQuery, Selection
from search.repair import Alternative
from search.terms import QueryTerms, TermCounter
from search.vocabulary import Vocabulary
from search.weighting import rarest

log = logging.getLogger(__name__)

#: candidates per leg: enough that grouping by origin and the check against the record leave ten
DEPTH = 100
#: of what only the words found, so many cosines are asked for: all of up to 200 would take a third of a
#: millisecond more at the end of a search, and move nDCG@10 of eleven kinds by -.004 to +.001, mean .000
MOST_OTHERS = 60
#: queries embedded at once; more would share the same cores
EMBEDDING_THREADS = 4
#: of waiting for a thread to begin; all of them may be busy
LONGEST_BEGINNING_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class PendingVector:
    """A query's vector that another thread computes; None where it is not wanted."""

    future: Future[NDArray[np.float32]] | None

    @property
    def is_done(self) -> bool:
        """Whether nobody would wait for it."""
        return self.future is None or self.future.done()

    def result(self) -> NDArray[np.float32] | None:
        """Wait for it; None where it was not wanted, or the embedder does not answer."""
        try:
            return self.future.result() if self.future is not None else None
        except EmbeddingUnavailable as error:
            log.warning("searching by words alone: %s", error)
            return None

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


#: terms of the query, ids of what its words found, the vector that is being computed
Meanwhile = Callable[[QueryTerms, Sequence[str], PendingVector], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query is asked with: one value for all components, as Haystack copies every one it hands on.

    See `Retrieval.retrieve`.
    """

    text: str
    selection: Selection
    legs: tuple[Leg, ...] = tuple(Leg)
    depth: int = DEPTH
    alternatives: tuple[Alternative, ...] = ()
    begun: PendingVector | None = None
    meanwhile: Meanwhile | None = None

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


@component
class QueryAnalysis:
    """Text to terms and 3-grams.

    Words written apart are joined where the index has them joined, and repaired words are also looked for as
    their other readings. In a large index the commonest 3-grams are left out.
    """

    def __init__(self, counter: TermCounter, vocabulary: Vocabulary) -> None:
        self._counter = counter
        self._vocabulary = vocabulary

    @component.output_types(terms=QueryTerms)
    def run(self, asked: Asked) -> dict[str, Any]:
        snapshot = self._vocabulary.snapshot
        terms = self._counter.query(asked.text, snapshot.terms.frequency_of, asked.alternatives)
        grams = rarest(terms.grams, snapshot.grams.frequency(terms.grams.indices))
        return {"terms": replace(terms, grams=grams)}


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
    def run(self, asked: Asked) -> dict[str, Any]:
        """The vector of the text: what was begun for it already, if anything."""
        if asked.begun is not None:
            return {"vector": asked.begun}
        return {"vector": self.begin(asked.text) if Leg.DENSE in asked.legs else PendingVector(None)}

    def begin(self, text: str) -> PendingVector:
        """Embed `text` in another thread, and return when that has begun.

        Without the wait this thread would keep the interpreter lock for its next five milliseconds, and the
        other would begin only then.
        """
        try:
            run = prepare_query(self._embedder, self._spelling.spell(text) or text)
        except EmbeddingUnavailable as error:
            failed: Future[NDArray[np.float32]] = Future()
            failed.set_exception(error)
            return PendingVector(failed)
        begun = threading.Event()
        future = self._threads.submit(_told, begun, run)
        begun.wait(LONGEST_BEGINNING_SECONDS)
        return PendingVector(future)


def _told(begun: threading.Event, run: Callable[[], NDArray[np.float32]]) -> NDArray[np.float32]:
    begun.set()
    return run()


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
    def run(self, terms: QueryTerms, asked: Asked) -> dict[str, Any]:
        vectors = ((Leg.TERMS, terms.terms), (Leg.GRAMS, terms.grams))
        queries = [
            LegQuery(leg, vector, asked.depth)
            for leg, vector in vectors
            if leg in asked.legs and len(vector.indices)
        ]
        found = self._index.query(queries, asked.selection) if queries else []
        return {
            "lexical": LexicalResults(
                {query.leg: candidates for query, candidates in zip(queries, found, strict=True)}
            )
        }


@component
class DenseRetrieval:
    """Asks the dense leg, and brings all legs' candidates to one ranking.

    The dense leg is asked for what is nearest, and for the exact cosines of what the words found: guessing
    those costs a hundredth of nDCG@10.
    """

    def __init__(self, index: Findable, vocabulary: Vocabulary) -> None:
        self._index = index
        self._vocabulary = vocabulary

    @component.output_types(ranking=Ranking, degraded=tuple[str, ...])
    def run(
        self, vector: PendingVector, lexical: LexicalResults, terms: QueryTerms, asked: Asked
    ) -> dict[str, Any]:
        snapshot = self._vocabulary.snapshot
        idf = snapshot.terms.idf(terms.terms.indices)
        ideal = {
            Leg.TERMS: ideal_score(idf, terms.terms.values),
            Leg.GRAMS: ideal_score(snapshot.grams.idf(terms.grams.indices), terms.grams.values),
        }
        missing = missing_share(idf, terms.terms.values, snapshot.terms.frequency(terms.terms.indices))
        in_turns = chain.from_iterable(zip_longest(*lexical.found.values()))
        among = tuple(dict.fromkeys(c.passage_id for c in in_turns if c is not None))
        if asked.meanwhile is not None:
            asked.meanwhile(terms, among, vector)
        words = sum(not group.is_stop for group in terms.groups)
        results = LegResults(lexical.found, ideal, missing, words)
        embedded = vector.result()
        if embedded is not None:
            near, others = self._near(embedded, among, asked)
            reach = near[-1].score if len(near) == asked.depth else None
            results = replace(results, found={**lexical.found, Leg.DENSE: near + others}, reach=reach)
        failed = vector.future is not None and embedded is None
        return {"ranking": fuse(results), "degraded": ("dense",) if failed else ()}

    def _near(
        self, vector: NDArray[np.float32], among: tuple[str, ...], asked: Asked
    ) -> tuple[list[Candidate], list[Candidate]]:
        """What is nearest, and the first of what only the words found, both legs in turns."""
        (near,) = self._index.query([LegQuery(Leg.DENSE, vector, asked.depth)], asked.selection)
        known = {candidate.passage_id for candidate in near}
        others = tuple(one for one in among if one not in known)[:MOST_OTHERS]
        if not others:
            return near, []
        (found,) = self._index.query([LegQuery(Leg.DENSE, vector, len(others), others)], asked.selection)
        return near, found


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
        self.pipeline.connect("analysis.terms", "lexical.terms")
        self.pipeline.connect("analysis.terms", "dense.terms")
        self.pipeline.connect("embedding.vector", "dense.vector")
        self.pipeline.connect("lexical.lexical", "dense.lexical")

    def close(self) -> None:
        """End the threads of a retrieval that is not used any more."""
        self._embedding.close()

    def begin(self, text: str, *, legs: tuple[Leg, ...] = tuple(Leg)) -> PendingVector:
        """Start to embed what is likely to be retrieved next, for `retrieve(begun=...)`."""
        return self._embedding.begin(text) if Leg.DENSE in legs else PendingVector(None)

    def retrieve(
        self,
        text: str,
        *,
        selection: Selection,
        legs: tuple[Leg, ...] = tuple(Leg),
        depth: int = DEPTH,
        alternatives: tuple[Alternative, ...] = (),
        begun: PendingVector | None = None,
        meanwhile: Meanwhile | None = None,
    ) -> Retrieved:
        """Ranked candidates for `text` among what `selection` allows.

        Args:
            alternatives: other readings of words of a repaired `text`.
            begun: what `begin` returned for the same text and legs.
            meanwhile: called with the query's terms and what they found, before the vector is waited for.
        """
        asked = Asked(text, selection, legs, depth, alternatives, begun, meanwhile)
        given = {name: {"asked": asked} for name in ("embedding", "analysis", "lexical", "dense")}
        try:
            done = self.pipeline.run(given, include_outputs_from={"analysis"})
        except PipelineRuntimeError as error:
            if isinstance(error.__cause__, KbError):
                raise error.__cause__ from error
            raise
        return Retrieved(done["dense"]["ranking"], done["analysis"]["terms"], done["dense"]["degraded"])
