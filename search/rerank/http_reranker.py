"""A `/rerank` endpoint, in the shape that Cohere, Jina, vLLM and Infinity share, or TEI's."""

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from kb.errors import RerankerUnavailable
from search.personal import mask_personal

#: an answer holds a few numbers a text
_LARGEST_ANSWER_BYTES = 1024 * 1024


@dataclass(frozen=True)
class RerankEndpoint:
    """Where the endpoint listens and what it is asked."""

    #: Whole, with the path.
    url: str
    #: None where the endpoint serves one model only.
    model: str | None = None
    api_key: str | None = field(default=None, repr=False)
    timeout_seconds: float = 2.0


class HttpReranker:
    """Asks `endpoint`; personal data in the query is masked before it leaves.

    TEI wants `texts` where the others want `documents` and refuses the latter with 422; then it is asked
    again its own way, and so at once from there on.
    """

    def __init__(self, endpoint: RerankEndpoint) -> None:
        headers = {"Authorization": f"Bearer {endpoint.api_key}"} if endpoint.api_key else {}
        self._endpoint = endpoint
        self._client = httpx.Client(timeout=endpoint.timeout_seconds, headers=headers)
        self._wants_texts = False

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """See `Reranker`."""
        masked = mask_personal(query)
        status, body = self._ask(masked, texts)
        if status == 422 and not self._wants_texts and b"texts" in body:
            self._wants_texts = True
            status, body = self._ask(masked, texts)
        if status != 200:
            raise self._failure(f"answered {status}{_advice(status)}")
        try:
            return read_scores(json.loads(body), count=len(texts))
        except (ValueError, OverflowError, RecursionError) as error:
            raise self._failure(f"did not answer with scores ({error}). Check KB_RERANKER_URL") from None

    def _ask(self, query: str, texts: Sequence[str]) -> tuple[int, bytes]:
        if self._wants_texts:
            asked: dict[str, Any] = {"query": query, "texts": list(texts), "truncate": True}
        else:
            asked = {"query": query, "documents": list(texts), "top_n": len(texts)}
            if self._endpoint.model:
                asked["model"] = self._endpoint.model
        give_up_at = time.monotonic() + self._endpoint.timeout_seconds
        body = bytearray()
        try:
            with self._client.stream("POST", self._endpoint.url, json=asked) as answer:
                for piece in answer.iter_bytes():
                    body += piece
                    # The client's own timeout is for each piece, not for the whole.
                    if time.monotonic() > give_up_at or len(body) > _LARGEST_ANSWER_BYTES:
                        raise self._failure("answers too slowly or too much")
                return answer.status_code, bytes(body)
        except httpx.TimeoutException:
            raise self._failure(f"did not answer within {self._endpoint.timeout_seconds:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = f"cannot be reached ({type(error).__name__}). Check KB_RERANKER_URL"
            raise self._failure(reason) from None

    def _failure(self, what: str) -> RerankerUnavailable:
        """Without the key or any text that was sent."""
        return RerankerUnavailable(reason=f"the endpoint {self._endpoint.url} {what}")


def read_scores(answer: object, *, count: int) -> list[float]:
    """Scores in the order of the texts, from `{"results": [{index, relevance_score}]}` or `[{index, score}]`.

    Raises:
        ValueError: not that shape, a text without a score or with two, or a score that is no finite number.
    """
    results = answer.get("results") if isinstance(answer, dict) else answer
    if not isinstance(results, list):
        raise ValueError("no list of results")
    found: dict[int, float] = {}
    for result in results:
        if not isinstance(result, dict):
            raise ValueError("a result is no object")
        index: Any = result.get("index")
        score: Any = result.get("relevance_score", result.get("score"))
        if not _is_number(index, int) or not 0 <= index < count or index in found:
            raise ValueError("an index is missing, out of range or there twice")
        if not _is_number(score, int, float) or not abs(score) < math.inf:
            raise ValueError("a score is no finite number")
        found[index] = float(score)
    if len(found) != count:
        raise ValueError(f"{len(found)} scores for {count} texts")
    return [found[index] for index in range(count)]


def _is_number(value: Any, *kinds: type) -> bool:
    """Whether it is one of `kinds`: JSON's true is no number, though Python's is an int."""
    return type(value) in kinds


def _advice(status: int) -> str:
    if status in (401, 403):
        return ". Check KB_RERANKER_API_KEY"
    if status == 404:
        return ". Check KB_RERANKER_URL and KB_RERANKER_MODEL"
    if status == 429:
        return ": too many requests"
    if status in (400, 413, 422):
        return ": it refused the request. Check KB_RERANKER_MODEL and KB_RERANKER_CANDIDATES"
    return ""
