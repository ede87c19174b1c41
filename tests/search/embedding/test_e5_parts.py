"""Parts of a text: each embedded in the light of all, in texts of any length."""

import numpy as np
import pytest

from search.embedding import E5Embedder
from search.embedding.e5_weights import DIMENSION
from search.embedding.protocol import PartsEmbedder


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_every_part_has_a_row_and_what_holds_nothing_is_zero(e5: E5Embedder) -> None:
    assert isinstance(e5, PartsEmbedder)
    vectors = e5.embed_parts(["چراغ قرمز بود،", "", "so I restarted it."])
    assert vectors.shape == (3, DIMENSION)
    assert vectors.dtype == np.float32
    assert not vectors[1].any()
    assert vectors[0].any()
    assert vectors[2].any()
    assert e5.embed_parts([]).shape == (0, DIMENSION)


def test_a_part_is_read_in_its_context(e5: E5Embedder) -> None:
    part = "it was the wrong one"
    (first, _) = e5.embed_parts([part, "so we sent the parcel again"])
    (again, _) = e5.embed_parts([part, "so we sent the parcel again"])
    (other, _) = e5.embed_parts([part, "the fuse had blown"])
    assert (first == again).all()
    assert 0.5 < cosine(first, other) < 0.9999


def test_a_text_beyond_the_window_is_read_to_its_end(e5: E5Embedder) -> None:
    parts = ["The customer called about a line that was dead."] * 100
    vectors = e5.embed_parts([*parts, "word " * 2000])
    assert np.abs(vectors).max(axis=1).min() > 0


@pytest.mark.parametrize("text", ["\0", "\ud800", "   "])
def test_odd_characters_do_not_stop_it(e5: E5Embedder, text: str) -> None:
    assert np.isfinite(e5.embed_parts([text, "and so on"])).all()
