"""What went wrong with a request to an OpenAI-compatible endpoint, in a sentence for its administrator."""

from dataclasses import dataclass

from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

#: what the client and Haystack raise where the answer is not what the protocol says
_SENSELESS = (
    APIError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    AssertionError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which endpoint was asked for what.

    Args:
        name: what it is called in the sentence, such as "the embedding endpoint".
        settings: beginning of its settings' names, such as "KB_EMBEDDER".
        wanted: what it should have answered with.
    """

    name: str
    url: str
    settings: str
    wanted: str
    timeout_seconds: float


def explain_failure(error: Exception, asked: Asked) -> str | None:
    """The reason and what to do, without the key or any text that was sent; None for our own faults."""
    where = f"{asked.name} {asked.url}"
    if isinstance(error, APITimeoutError):
        return f"{where} did not answer within {asked.timeout_seconds:g} s"
    if isinstance(error, APIConnectionError):
        return f"{where} cannot be reached. Check {asked.settings}_URL and that it is running"
    if isinstance(error, APIStatusError):
        return f"{where} answered {error.status_code}{_advice(error.status_code, asked.settings)}"
    if isinstance(error, _SENSELESS):
        kind = type(error).__name__
        return f"{where} did not answer with {asked.wanted} ({kind}). Check {asked.settings}_URL"
    return None


def _advice(status: int, settings: str) -> str:
    if status in (401, 403):
        return f". Check {settings}_API_KEY"
    if status == 404:
        return f". Check {settings}_URL and {settings}_MODEL"
    if status == 429:
        return ": too many requests. Try again later"
    if status in (400, 413, 422):
        return ": it refused the request. The model name may be wrong or a text too long for the model"
    return ""
