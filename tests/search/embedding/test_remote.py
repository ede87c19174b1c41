"""The remote embedder against a real HTTP endpoint: what is sent, and what each failure says."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kb.errors import EmbeddingUnavailable
from search.embedding import E5Embedder
from search.embedding.prefixes import Prefixes
from search.embedding.remote import Endpoint, remote_embedder
from tests.endpoints import Answer, EndpointServer
from tests.search.embedding.conftest import embeddings_answer

KEY = "key-that-nobody-may-see"


@pytest.fixture
def place(endpoint: EndpointServer) -> Endpoint:
    prefixes = Prefixes(query="query: ", passage="passage: ")
    return Endpoint(
        url=endpoint.url, model="some/e5", dimension=384, prefixes=prefixes, api_key=KEY, batch_size=3
    )


def failure_of(place: Endpoint) -> str:
    """What a query that fails says; never the key or the text."""
    with pytest.raises(EmbeddingUnavailable) as caught:
        remote_embedder(place).embed_query("محرمانه")
    message = str(caught.value)
    assert caught.value.code == "embedding_unavailable"
    assert KEY not in message
    assert "محرمانه" not in message
    return message


def test_vectors_are_those_of_the_model_behind_the_endpoint(place: Endpoint, e5: E5Embedder) -> None:
    remote = remote_embedder(place)
    np.testing.assert_allclose(remote.embed_query("سلام"), e5.embed_query("سلام"), atol=1e-6)
    texts = [f"متن شمارهٔ {number}" for number in range(7)]
    np.testing.assert_allclose(remote.embed_passages(texts), e5.embed_passages(texts), atol=1e-6)


def test_passages_go_in_batches_with_model_key_and_prefix(place: Endpoint, endpoint: EndpointServer) -> None:
    remote_embedder(place).embed_passages(["یک", "دو", "سه", "چهار"])
    assert [request["input"] for request in endpoint.requests] == [
        ["passage: یک", "passage: دو", "passage: سه"],
        ["passage: چهار"],
    ]
    assert {request["model"] for request in endpoint.requests} == {"some/e5"}
    assert set(endpoint.keys) == {f"Bearer {KEY}"}


def test_vectors_are_scaled_to_unit_length(place: Endpoint, endpoint: EndpointServer) -> None:
    endpoint.answer = lambda _: embeddings_answer([[3.0, 4.0]])
    vector = remote_embedder(replace(place, dimension=2)).embed_query("سلام")
    np.testing.assert_allclose(vector, [0.6, 0.8], atol=1e-6)


def test_identity_changes_with_model_dimension_and_prefixes(place: Endpoint) -> None:
    others = [
        place,
        replace(place, model="other"),
        replace(place, dimension=8),
        replace(place, prefixes=Prefixes()),
        replace(place, prefixes=Prefixes(query="q: ", passage="passage: ")),
    ]
    assert len({remote_embedder(other).model_id for other in others}) == len(others)
    assert remote_embedder(replace(place, url="http://other/v1")).model_id == remote_embedder(place).model_id


def test_the_key_is_not_shown_with_the_endpoint(place: Endpoint) -> None:
    assert KEY not in repr(place)


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "Check KB_EMBEDDER_API_KEY"),
        (403, "Check KB_EMBEDDER_API_KEY"),
        (404, "Check KB_EMBEDDER_URL and KB_EMBEDDER_MODEL"),
        (400, "a text too long for the model"),
        (500, "answered 500"),
    ],
)
def test_a_refusal_says_its_status_and_what_to_check(
    place: Endpoint, endpoint: EndpointServer, status: int, advice: str
) -> None:
    body = json.dumps({"error": {"message": f"no: محرمانه {KEY}"}}, ensure_ascii=False).encode()
    endpoint.answer = lambda _: Answer(body, status=status)
    message = failure_of(place)
    assert str(status) in message
    assert advice in message


def test_one_refusal_fails_all_passages_and_logs_none_of_them(
    place: Endpoint, endpoint: EndpointServer, caplog: pytest.LogCaptureFixture
) -> None:
    good = endpoint.answer

    def second_is_refused(request: dict[str, Any]) -> Answer:
        if len(endpoint.requests) == 1:
            return good(request)
        return Answer(json.dumps({"error": request["input"]}).encode(), status=400)

    endpoint.answer = second_is_refused
    with pytest.raises(EmbeddingUnavailable, match="400"):
        remote_embedder(place).embed_passages([f"secret {number}" for number in range(5)])
    assert "secret" not in caplog.text


def test_an_endpoint_that_is_not_there_is_named(place: Endpoint) -> None:
    message = failure_of(replace(place, url="http://127.0.0.1:1/v1"))
    assert "http://127.0.0.1:1/v1 cannot be reached" in message


def test_an_endpoint_that_hangs_is_given_up(place: Endpoint, endpoint: EndpointServer) -> None:
    endpoint.answer = endpoint.hang
    assert "did not answer within 0.3 s" in failure_of(replace(place, timeout_seconds=0.3))


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>hello</html>", content_type="text/html"),
        Answer(b"not json"),
        Answer(b"{}"),
        Answer(b'{"data": [], "model": "m", "usage": {"prompt_tokens": 0, "total_tokens": 0}}'),
    ],
)
def test_an_answer_without_embeddings_is_named(
    place: Endpoint, endpoint: EndpointServer, answer: Answer
) -> None:
    endpoint.answer = lambda _: answer
    assert "did not answer with embeddings" in failure_of(place)


def test_fewer_vectors_than_texts_are_refused(place: Endpoint, endpoint: EndpointServer) -> None:
    endpoint.answer = lambda _: embeddings_answer([[1.0] * 384])
    with pytest.raises(EmbeddingUnavailable):
        remote_embedder(place).embed_passages(["یک", "دو"])


def test_another_dimension_names_the_setting(place: Endpoint, endpoint: EndpointServer) -> None:
    endpoint.answer = lambda _: embeddings_answer([[1.0] * 3])
    message = failure_of(place)
    assert "length 3" in message
    assert "KB_EMBEDDER_DIMENSION is 384" in message
    assert "kb reindex" in message


@pytest.mark.parametrize("value", [0.0, float("nan")])
def test_a_vector_without_direction_is_refused(
    place: Endpoint, endpoint: EndpointServer, value: float
) -> None:
    endpoint.answer = lambda _: embeddings_answer([[value] * 384])
    assert "zero or not finite" in failure_of(place)
