"""A model that sentence-transformers fetches and runs on this machine, through Haystack's integration."""

import importlib.util
from typing import Any

from kb.errors import EmbeddingUnavailable
from search.embedding.haystack_embedder import HaystackEmbedder
from search.embedding.prefixes import Prefixes

_BATCH = 16
_INTEGRATION = "haystack_integrations.components.embedders.sentence_transformers"


def sentence_transformers_embedder(*, model: str, dimension: int, prefixes: Prefixes) -> HaystackEmbedder:
    """A model run by sentence-transformers through Haystack's integration (both components share one copy).

    Raises:
        EmbeddingUnavailable: the optional packages are not installed.
    """
    if not (_installed("sentence_transformers") and _installed(_INTEGRATION)):
        raise EmbeddingUnavailable(
            reason="sentence-transformers is not installed. Run "
            "`pip install 'nagofte[sentence-transformers]'`, or set KB_EMBEDDER"
        )
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    shared: dict[str, Any] = {"model": model, "progress_bar": False, "normalize_embeddings": True}
    return HaystackEmbedder(
        model_id=f"sentence-transformers/{model}/{dimension}/{prefixes.mark}/1",
        dimension=dimension,
        text_component=SentenceTransformersTextEmbedder(prefix=prefixes.query, **shared),
        document_component=SentenceTransformersDocumentEmbedder(
            prefix=prefixes.passage, batch_size=_BATCH, **shared
        ),
        explain=lambda error: _explain_load(error, model),
        batch_size=_BATCH,
    )


def _installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def _explain_load(error: Exception, model: str) -> str | None:
    if isinstance(error, OSError | ValueError):
        return (
            f"sentence-transformers could not fetch or load {model} ({error}). Let this machine reach "
            "huggingface.co once, or set KB_EMBEDDER_MODEL to the directory of a downloaded model"
        )
    return None
