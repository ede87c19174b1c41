"""The HTTP reranker against a real endpoint: what is sent, what is understood, and what each failure says."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from kb.errors import RerankerUnavailable
from search.rerank.http_reranker import HttpReranker, RerankEndpoint
from tests.endpoints import Answer, EndpointServer, json_answer, serve

KEY = "key-that-nobody-may-see"
TEXTS = ["کوتاه", "یک متن بلندتر", "a text"]


def by_length(request: dict[str, Any]) -> Answer:
    """Scores texts by their length; listed best first, as these endpoints do."""
    scored = [
        {"index": index, "relevance_score": len(text) / 100}
        for index, text in enumerate(request["documents"])
    ]
    return json_answer({"id": "1", "results": sorted(scored, key=lambda r: -r["relevance_score"])})


@pytest.fixture
def endpoint() -> Iterator[EndpointServer]:
    with serve("/v1/rerank", by_length) as running:
        running.url += "/v1/rerank"
        yield running


@pytest.fixture
def place(endpoint: EndpointServer) -> RerankEndpoint:
    return RerankEndpoint(url=endpoint.url, model="some/reranker", api_key=KEY, timeout_seconds=30)


def failure_of(place: RerankEndpoint) -> str:
    """What a call that fails says; never the key or a text."""
    with pytest.raises(RerankerUnavailable) as caught:
        HttpReranker(place).scores("محرمانه", TEXTS)
    message = str(caught.value)
    assert KEY not in message
    assert "محرمانه" not in message
    return message


def test_scores_come_in_the_order_of_the_texts(place: RerankEndpoint, endpoint: EndpointServer) -> None:
    assert HttpReranker(place).scores("پرسش", TEXTS) == [len(text) / 100 for text in TEXTS]
    assert endpoint.requests == [{"query": "پرسش", "documents": TEXTS, "top_n": 3, "model": "some/reranker"}]
    assert endpoint.keys == [f"Bearer {KEY}"]


def test_an_endpoint_with_one_model_and_no_key_is_told_neither(
    place: RerankEndpoint, endpoint: EndpointServer
) -> None:
    HttpReranker(replace(place, model=None, api_key=None)).scores("پرسش", TEXTS)
    assert "model" not in endpoint.requests[0]
    assert endpoint.keys == [None]


def test_one_that_wants_texts_is_asked_again_its_own_way_and_so_from_there_on(
    place: RerankEndpoint, endpoint: EndpointServer
) -> None:
    def tei(request: dict[str, Any]) -> Answer:
        if "texts" not in request:
            reason = b"Failed to deserialize the JSON body into the target type: missing field `texts`"
            return Answer(reason, status=422, content_type="text/plain")
        return json_answer([{"index": 1, "score": 0.9}, {"index": 0, "score": 0.4}, {"index": 2, "score": 0}])

    endpoint.answer = tei
    reranker = HttpReranker(place)
    assert reranker.scores("پرسش", TEXTS) == [0.4, 0.9, 0.0]
    assert reranker.scores("پرسش", TEXTS) == [0.4, 0.9, 0.0]
    assert ["texts" in request for request in endpoint.requests] == [False, True, True]


def test_personal_data_in_the_query_stays_here(place: RerankEndpoint, endpoint: EndpointServer) -> None:
    HttpReranker(place).scores("پول کارت 6037-9912-3456-7893 کی برمی‌گردد؟ 09123456789", TEXTS)
    assert "09123456789" not in endpoint.sent
    assert "[شماره موبایل]" in endpoint.sent


def scored(*pairs: tuple[object, object]) -> Answer:
    return json_answer({"results": [{"index": index, "relevance_score": score} for index, score in pairs]})


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>hello</html>", content_type="text/html"),
        Answer(b""),
        Answer(b"[" * 100_000),
        Answer(b'{"results": [{"index": 0, "relevance_score": 1' + b"0" * 400 + b"}]}"),
        json_answer({}),
        json_answer("results"),
        json_answer({"results": None}),
        json_answer({"results": [0, 1, 2]}),
        json_answer([]),
        scored((0, 1.0), (1, 0.5)),
        scored((0, 1.0), (1, 0.5), (1, 0.5)),
        scored((0, 1.0), (1, 0.5), (3, 0.5)),
        scored((0, 1.0), (1, 0.5), (-1, 0.5)),
        scored((0, 1.0), (True, 0.5), (2, 0.5)),
        scored((0, 1.0), ("1", 0.5), (2, 0.5)),
        scored((0, 1.0), (1, None), (2, 0.5)),
        scored((0, 1.0), (1, "0.5"), (2, 0.5)),
        scored((0, 1.0), (1, float("nan")), (2, 0.5)),
        scored((0, 1.0), (1, float("-inf")), (2, 0.5)),
    ],
)
def test_an_answer_without_one_finite_score_for_each_text_is_named(
    place: RerankEndpoint, endpoint: EndpointServer, answer: Answer
) -> None:
    endpoint.answer = lambda _: answer
    assert "did not answer with scores" in failure_of(place)


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "Check KB_RERANKER_API_KEY"),
        (404, "Check KB_RERANKER_URL and KB_RERANKER_MODEL"),
        (422, "Check KB_RERANKER_MODEL"),
        (429, "too many requests"),
        (500, "answered 500"),
        (307, "answered 307"),
    ],
)
def test_a_refusal_says_its_status_and_what_to_check(
    place: RerankEndpoint, endpoint: EndpointServer, status: int, advice: str
) -> None:
    endpoint.answer = lambda request: json_answer({"error": [KEY, request["query"]]}, status=status)
    message = failure_of(place)
    assert str(status) in message
    assert advice in message


def test_an_endpoint_that_is_not_there_is_named(place: RerankEndpoint) -> None:
    assert "http://127.0.0.1:1/rerank cannot be reached" in failure_of(
        replace(place, url="http://127.0.0.1:1/rerank")
    )


def test_an_endpoint_that_hangs_is_given_up(place: RerankEndpoint, endpoint: EndpointServer) -> None:
    endpoint.answer = endpoint.hang
    assert "did not answer within 0.1 s" in failure_of(replace(place, timeout_seconds=0.1))


def test_an_answer_of_any_size_is_not_read(place: RerankEndpoint, endpoint: EndpointServer) -> None:
    endpoint.answer = lambda _: Answer(b" " * 2_000_000)
    assert "too much" in failure_of(place)


def test_the_key_is_not_shown_with_the_endpoint(place: RerankEndpoint) -> None:
    assert KEY not in repr(place)
