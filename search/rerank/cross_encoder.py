"""A cross-encoder that sentence-transformers runs on this machine, through Haystack's integration."""

import importlib.util
import math
import threading
from collections.abc import Sequence
from typing import Any

from haystack import Document

from kb.errors import RerankerUnavailable

_INTEGRATION = "haystack_integrations.components.rankers.sentence_transformers"


class CrossEncoderReranker:
    """Loads `model` (a name or a directory) at the first call.

    Raises:
        RerankerUnavailable: the optional packages are not installed.
    """

    def __init__(self, model: str) -> None:
        if not (_installed("sentence_transformers") and _installed(_INTEGRATION)):
            raise RerankerUnavailable(
                reason="sentence-transformers is not installed. Run "
                "`pip install 'nagofte[sentence-transformers]'`, or set KB_RERANKER=none"
            )
        self._model = model
        self._lock = threading.Lock()
        self._ranker: Any = None

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """See `Reranker`: the sigmoid of the model's output, 0..1."""
        documents = [Document(id=str(place), content=text) for place, text in enumerate(texts)]
        ranked = self._loaded().run(query=query, documents=documents, top_k=max(1, len(documents)))
        found = {int(document.id): float(document.score) for document in ranked["documents"]}
        if len(found) != len(texts) or not all(math.isfinite(score) for score in found.values()):
            raise RerankerUnavailable(reason=f"{self._model} gave no score for some texts")
        return [found[place] for place in range(len(texts))]

    def _loaded(self) -> Any:
        with self._lock:
            if self._ranker is None:
                self._ranker = self._load()
            return self._ranker

    def _load(self) -> Any:
        from haystack_integrations.components.rankers.sentence_transformers import (
            SentenceTransformersSimilarityRanker,
        )

        ranker = SentenceTransformersSimilarityRanker(model=self._model)
        try:
            ranker.warm_up()
        except (OSError, ValueError) as error:
            raise RerankerUnavailable(
                reason=f"sentence-transformers could not fetch or load {self._model} ({error}). Let "
                "this machine reach huggingface.co once, or set KB_RERANKER_MODEL to the directory of a "
                "downloaded model"
            ) from error
        return ranker


def _installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:
        return False
