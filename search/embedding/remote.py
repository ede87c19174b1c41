"""An OpenAI-compatible `/embeddings` endpoint, through Haystack's OpenAI embedders."""

import logging
from dataclasses import dataclass, field

from haystack.components.embedders import OpenAIDocumentEmbedder, OpenAITextEmbedder
from haystack.utils import Secret
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

from search.embedding.haystack_embedder import HaystackEmbedder
from search.embedding.prefixes import Prefixes

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
        explain=lambda error: explain_failure(error, endpoint),
        batch_size=endpoint.batch_size,
    )


def explain_failure(error: Exception, endpoint: Endpoint) -> str | None:
    """What went wrong with a request and what to do, without the key or any text; None for our own faults."""
    where = f"the embedding endpoint {endpoint.url}"
    if isinstance(error, APITimeoutError):
        return f"{where} did not answer within {endpoint.timeout_seconds:g} s"
    if isinstance(error, APIConnectionError):
        return f"{where} cannot be reached. Check KB_EMBEDDER_URL and that it is running"
    if isinstance(error, APIStatusError):
        return f"{where} answered {error.status_code}{_advice(error.status_code)}"
    if isinstance(error, APIError | ValueError | TypeError | AttributeError | LookupError):
        # The client raises these where the answer is not what the protocol says.
        return f"{where} did not answer with embeddings ({type(error).__name__}). Check KB_EMBEDDER_URL"
    return None


def _advice(status: int) -> str:
    if status in (401, 403):
        return ". Check KB_EMBEDDER_API_KEY"
    if status == 404:
        return ". Check KB_EMBEDDER_URL and KB_EMBEDDER_MODEL"
    if status == 429:
        return ": too many requests. Try again later"
    if status in (400, 413, 422):
        return ": it refused the request. The model name may be wrong or a text too long for the model"
    return ""
