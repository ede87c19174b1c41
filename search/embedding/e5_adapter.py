"""Small changes that turn multilingual-e5-small towards one task: low-rank additions to its matrices.

LoRA (Hu et al. 2021, arXiv:2106.09685): what is learnt about a matrix is the product of two thin ones, so a
task costs a few hundred kilobytes and the model itself stays as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.embedding.e5_weights import E5Weights
from search.embedding.protocol import Vector

_DOWN, _UP = ".down", ".up"


@dataclass(frozen=True, eq=False)
class Adapter:
    """What is added to matrices, by the name of the tensor: (down [rank, inputs], up [outputs, rank])."""

    changes: Mapping[str, tuple[Vector, Vector]]


class AdaptedWeights(E5Weights):
    """The weights with an adapter's changes in them."""

    def __init__(self, weights: E5Weights, adapter: Adapter) -> None:
        super().__init__(weights.path)
        self._changes = adapter.changes

    def matrix(self, name: str, *, rows: int, columns: int) -> Vector:
        """See `E5Weights`."""
        unchanged = super().matrix(name, rows=rows, columns=columns)
        if name not in self._changes:
            return unchanged
        down, up = self._changes[name]
        return unchanged + up @ down


def read_adapter(path: Path) -> Adapter:
    """An adapter that `write_adapter` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        names = [name.removesuffix(_DOWN) for name in stored.files if name.endswith(_DOWN)]
        return Adapter(
            {
                name: (stored[name + _DOWN].astype(np.float32), stored[name + _UP].astype(np.float32))
                for name in names
            }
        )


def write_adapter(path: Path, adapter: Adapter) -> None:
    """Keep an adapter, in half precision."""
    arrays = {name + _DOWN: down for name, (down, _) in adapter.changes.items()}
    arrays |= {name + _UP: up for name, (_, up) in adapter.changes.items()}
    halved = {name: array.astype(np.float16) for name, array in sorted(arrays.items())}
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **halved)
