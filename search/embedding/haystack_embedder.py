"""Any pair of Haystack embedders (text and documents) as an `Embedder`."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
from haystack import Document

from kb.errors import EmbeddingUnavailable
from search.embedding.protocol import Progress, Vector, clean_text, clean_texts
from search.embedding.vectors import unit_rows


class TextComponent(Protocol):
    """Haystack's text embedders."""

    def run(self, text: str) -> dict[str, Any]:
        """Answer `{"embedding": [d]}`."""


class DocumentComponent(Protocol):
    """Haystack's document embedders."""

    def run(self, documents: list[Document]) -> dict[str, Any]:
        """Answer `{"documents": [...]}`, each with its embedding."""


class HaystackEmbedder:
    """Calls the components directly, outside a pipeline, and checks every vector they give.

    The components add the prefixes.
    """

    def __init__(
        self,
        *,
        model_id: str,
        dimension: int,
        text_component: TextComponent,
        document_component: DocumentComponent,
        explain: Callable[[Exception], str | None],
        batch_size: int,
    ) -> None:
        """Wrap the components.

        Args:
            explain: the reason for a person why a component failed, or None where the error is not one
                that `EmbeddingUnavailable` should stand for; it is raised again then.
            batch_size: documents per call of `document_component`, at least 1.
        """
        self._model_id = model_id
        self._dimension = dimension
        self._text_component = text_component
        self._document_component = document_component
        self._explain = explain
        self._batch_size = batch_size

    @property
    def model_id(self) -> str:
        return self._model_id

    @property
    def dimension(self) -> int:
        return self._dimension

    def embed_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vector:
        """See `Embedder`; `progress` is called after every batch."""
        cleaned = clean_texts(texts)
        parts = [np.empty((0, self._dimension), np.float32)]
        for start in range(0, len(cleaned), self._batch_size):
            batch = cleaned[start : start + self._batch_size]
            # Ids of our own: by default Haystack hashes the content, and equal texts would be one document.
            documents = [Document(id=str(position), content=text) for position, text in enumerate(batch)]
            answer = self._call(partial(self._document_component.run, documents=documents))
            rows = [document.embedding for document in answer["documents"]]
            parts.append(unit_rows(rows, count=len(batch), dimension=self._dimension))
            if progress is not None:
                progress(start + len(batch), len(cleaned))
        return np.concatenate(parts)

    def embed_query(self, text: str) -> Vector:
        """See `Embedder`."""
        cleaned = clean_text(text, field="query")
        answer = self._call(partial(self._text_component.run, text=cleaned))
        vector: Vector = unit_rows([answer["embedding"]], count=1, dimension=self._dimension)[0]
        return vector

    def warm_up(self) -> None:
        """Embed one word: the model is loaded or the endpoint proves that it answers."""
        self.embed_query("warm")

    def _call(self, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        try:
            return work()
        except Exception as error:
            reason = self._explain(error)
            if reason is None:
                raise
            raise EmbeddingUnavailable(reason=reason) from error
