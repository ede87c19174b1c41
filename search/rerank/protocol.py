"""What every reranker offers."""

from collections.abc import Sequence
from typing import Protocol


class Reranker(Protocol):
    """Reads a query and texts together; safe to call from several threads at once."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """How well each of `texts` answers `query`: finite, higher is better, comparable within one call.

        Returns:
            One score per text, in the order of `texts`.
        Raises:
            RerankerUnavailable: the model cannot be loaded or reached, or answered nonsense.
        """
