"""Low-rank changes of the model: kept in a file, added to the matrices they name, told apart when loaded."""

from pathlib import Path

import numpy as np
import pytest

from search.embedding import E5Embedder
from search.embedding.e5_adapter import AdaptedWeights, Adapter, read_adapter, write_adapter
from search.embedding.e5_weights import DIMENSION

PARTS = ["The lamp was red,", "so I turned it off."]


@pytest.fixture
def adapter() -> Adapter:
    random = np.random.default_rng(7)
    down, up = random.normal(size=(2, 2, DIMENSION)).astype(np.float32)
    return Adapter({"l5.v.w": (down, up.T / 100)})


def test_an_adapter_is_kept_and_read_back(adapter: Adapter, tmp_path: Path) -> None:
    write_adapter(tmp_path / "adapter.npz", adapter)
    again = read_adapter(tmp_path / "adapter.npz")
    assert again.changes.keys() == adapter.changes.keys()
    for kept, written in zip(again.changes["l5.v.w"], adapter.changes["l5.v.w"], strict=True):
        assert kept.dtype == np.float32
        assert np.allclose(kept, written, atol=2e-3)


def test_only_the_matrices_it_names_are_changed(adapter: Adapter, e5: E5Embedder) -> None:
    changed = AdaptedWeights(e5.weights, adapter)
    shape = {"rows": DIMENSION, "columns": DIMENSION}
    down, up = adapter.changes["l5.v.w"]
    difference = changed.matrix("l5.v.w", **shape) - e5.weights.matrix("l5.v.w", **shape)
    assert np.allclose(difference, up @ down, atol=1e-5)
    assert (changed.matrix("l5.k.w", **shape) == e5.weights.matrix("l5.k.w", **shape)).all()


def test_parts_are_read_with_the_adapter_that_is_asked_for(adapter: Adapter, e5: E5Embedder) -> None:
    plain, adapted = e5.embed_parts(PARTS), e5.embed_parts(PARTS, adapter=adapter)
    assert np.abs(plain - adapted).max() > 0.01
    assert (e5.embed_parts(PARTS) == plain).all()
    nothing = Adapter(
        {"l5.v.w": (np.zeros((1, DIMENSION), np.float32), np.zeros((DIMENSION, 1), np.float32))}
    )
    assert np.allclose(e5.embed_parts(PARTS, adapter=nothing), plain, atol=1e-5)
