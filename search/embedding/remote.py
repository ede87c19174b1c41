"""An OpenAI-compatible `/embeddings` endpoint, through Haystack's OpenAI embedders."""

import logging
from dataclasses import dataclass, field

from haystack.components.embedders import OpenAIDocumentEmbedder, OpenAITextEmbedder
from haystack.utils import Secret

from search.embedding.haystack_embedder import HaystackEmbedder
from search.embedding.prefixes import Prefixes
from search.openai_failures import Asked, explain_failure

# Haystack logs every failure with the endpoint's answer, which may repeat the text that was sent.
# The failure is raised to whoever asked, so nothing is lost by keeping that out of the log.
logging.getLogger("haystack.components.embedders.openai_document_embedder").disabled = True

#: What the client wants in place of a key where the endpoint asks for none.
_NO_KEY = "none"
_QUERY_RETRIES = 1
_PASSAGE_RETRIES = 3


@dataclass(frozen=True)
class Endpoint:
    """Where an OpenAI-compatible service listens and what it is asked."""

    #: Up to and without `/embeddings`, such as http://localhost:8080/v1.
    url: str
    model: str
    dimension: int
    prefixes: Prefixes = field(default_factory=Prefixes)
    api_key: str | None = field(default=None, repr=False)
    #: For one request, retries not counted.
    timeout_seconds: float = 30.0
    batch_size: int = 32


def remote_embedder(endpoint: Endpoint) -> HaystackEmbedder:
    """An embedder that asks `endpoint`; nothing is sent before the first call."""
    key = Secret.from_token(endpoint.api_key or _NO_KEY)
    asked = Asked(
        "the embedding endpoint", endpoint.url, "KB_EMBEDDER", "embeddings", endpoint.timeout_seconds
    )
    text_component = OpenAITextEmbedder(
        api_key=key,
        model=endpoint.model,
        api_base_url=endpoint.url,
        prefix=endpoint.prefixes.query,
        timeout=endpoint.timeout_seconds,
        max_retries=_QUERY_RETRIES,
    )
    document_component = OpenAIDocumentEmbedder(
        api_key=key,
        model=endpoint.model,
        api_base_url=endpoint.url,
        prefix=endpoint.prefixes.passage,
        batch_size=endpoint.batch_size,
        progress_bar=False,
        timeout=endpoint.timeout_seconds,
        max_retries=_PASSAGE_RETRIES,
        raise_on_failure=True,
    )
    return HaystackEmbedder(
        model_id=f"openai/{endpoint.model}/{endpoint.dimension}/{endpoint.prefixes.mark}/1",
        dimension=endpoint.dimension,
        text_component=text_component,
        document_component=document_component,
        explain=lambda error: explain_failure(error, asked),
        batch_size=endpoint.batch_size,
    )
