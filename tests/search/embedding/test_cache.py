"""Query vectors that are kept."""

import threading
from collections.abc import Sequence

import numpy as np
import pytest

from kb.errors import EmptyText
from search.embedding import QueryCache
from search.embedding.protocol import Progress, Vector, clean_text


class CountingEmbedder:
    """A two-dimensional embedder that writes down what it was asked."""

    model_id = "counting/1"
    dimension = 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vector:
        return np.array([[1, 0]] * len(texts), np.float32)

    def embed_query(self, text: str) -> Vector:
        self.asked.append(clean_text(text, field="query"))
        return np.array([0, 1], np.float32)

    def warm_up(self) -> None:
        self.asked.append("warm")


def test_a_repeated_query_is_not_embedded_again() -> None:
    counting = CountingEmbedder()
    cache = QueryCache(counting)
    first, second = cache.embed_query("سلام"), cache.embed_query("سلام")
    assert counting.asked == ["سلام"]
    assert np.array_equal(first, second)


def test_texts_that_differ_are_kept_apart() -> None:
    counting = CountingEmbedder()
    cache = QueryCache(counting)
    for text in ("سلام", "سلام.", "می‌رود", "می رود"):
        cache.embed_query(text)
    assert len(counting.asked) == 4


def test_the_least_recently_asked_is_forgotten() -> None:
    counting = CountingEmbedder()
    cache = QueryCache(counting, size=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        cache.embed_query(text)
    assert counting.asked == ["a", "b", "c", "b"]


def test_a_kept_vector_cannot_be_spoilt() -> None:
    vector = QueryCache(CountingEmbedder()).embed_query("سلام")
    with pytest.raises(ValueError, match="read-only"):
        vector[0] = 5


def test_an_error_is_not_kept() -> None:
    counting = CountingEmbedder()
    cache = QueryCache(counting)
    for _ in range(2):
        with pytest.raises(EmptyText):
            cache.embed_query(" ")
    cache.embed_query("سلام")
    assert counting.asked == ["سلام"]


def test_everything_else_is_the_embedders() -> None:
    counting = CountingEmbedder()
    cache = QueryCache(counting)
    cache.warm_up()
    assert counting.asked == ["warm"]
    assert (cache.model_id, cache.dimension) == ("counting/1", 2)
    assert cache.embed_passages(["x", "y"]).shape == (2, 2)


def test_threads_may_share_a_small_cache() -> None:
    cache = QueryCache(CountingEmbedder(), size=3)
    failures: list[Exception] = []

    def ask(seed: int) -> None:
        try:
            for step in range(300):
                cache.embed_query(str((seed + step) % 7))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
