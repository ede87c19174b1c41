"""Retrieval alone on a large made-up record, in this process: from a query's text to ranked candidates.

What comes after it (asking the record who may see what was found, snippets, the answer, HTTP) is measured by
`kb bench search`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.evaluate import peak_memory_mib
from bench.measures import percentile
from bench.service import made_up_record
from bench.synthetic import queries
from kb.database import Database
from kb.visibility import EVERYTHING
from search.find import select_visible
from search.open import Search, open_search
from search.results import Filters

#: asked before the clock starts: a running service has in memory what they need
WARM_UP_QUERIES = 50


@dataclass(frozen=True, slots=True)
class RetrievalFigures:
    """Milliseconds of a query's vector and of retrieval with it; mebibytes of this process at its largest."""

    passages: int
    embedding_p50_ms: float
    embedding_p95_ms: float
    retrieval_p50_ms: float
    retrieval_p95_ms: float
    peak_memory_mib: float

    @property
    def ratio(self) -> float:
        """p95 of retrieval over p95 of embedding its query."""
        return self.retrieval_p95_ms / max(self.embedding_p95_ms, 1e-9)


def measure_retrieval(
    *,
    passages: int,
    asked: int = 300,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
) -> RetrievalFigures:
    """Fill a record with `passages` passages, and ask its index `asked` distinct queries."""
    embedding, retrieval = [], []
    with _made_up(passages, progress) as search:
        selection = select_visible(EVERYTHING, Filters())
        distinct = queries(asked + WARM_UP_QUERIES)
        for number, text in enumerate(distinct, start=1):
            # In turns, so that what else the machine does weighs on both alike.
            search.forget_queries()
            started = time.perf_counter()
            search.embedder.embed_query(text)
            embedded = time.perf_counter()
            search.forget_queries()
            begun = time.perf_counter()
            search.retrieval.retrieve(text, selection=selection, begun=search.retrieval.begin(text))
            ended = time.perf_counter()
            if number > WARM_UP_QUERIES:
                embedding.append((embedded - started) * 1000)
                retrieval.append((ended - begun) * 1000)
            progress("retrieval", number, len(distinct))
    return RetrievalFigures(
        passages=passages,
        embedding_p50_ms=percentile(embedding, 0.5),
        embedding_p95_ms=percentile(embedding, 0.95),
        retrieval_p50_ms=percentile(retrieval, 0.5),
        retrieval_p95_ms=percentile(retrieval, 0.95),
        peak_memory_mib=peak_memory_mib(),
    )


@contextmanager
def _made_up(passages: int, progress: Callable[[str, int, int], None]) -> Iterator[Search]:
    """An index of so many made-up passages, in a temporary directory."""
    with made_up_record(passages, progress) as (settings, embedder):
        database = Database(settings.record_url)
        search = open_search(settings, database, embedder=embedder)
        try:
            search.projector.prepare()
            if (found := search.index.count()) < passages // 10 * 10:
                raise RuntimeError(f"only {found} of {passages} passages are in the index")
            while not search.index.optimize():
                progress("index", search.index.count() - search.index.unoptimized(), found)
                time.sleep(0.5)
            yield search
        finally:
            search.close()
            database.close()
