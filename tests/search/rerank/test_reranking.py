"""Reordering for real: a record, an index, a searcher, and an HTTP endpoint that scores passages."""

from collections.abc import Iterator
from typing import Any

import pytest

from kb.edition import keep_in_step
from kb.source import delete_source
from kb.visibility import ANONYMOUS, OPERATOR, visibility_of
from kb.vocabulary import Audience, OriginKind
from search.breaker import FAILURES_TO_OPEN
from search.find import Searcher
from search.index import Leg
from search.rerank import Reranking
from search.rerank.http_reranker import HttpReranker, RerankEndpoint
from search.rerank.reranking import order_of
from search.results import SearchResult
from tests.endpoints import Answer, EndpointServer, json_answer, serve
from tests.search.conftest import WordSearch

STAFF = visibility_of(OPERATOR, portal_public=True)
VISITOR = visibility_of(ANONYMOUS, portal_public=True)
QUESTION = "هزینهٔ ارسال مرسوله"


def by_mark(request: dict[str, Any]) -> Answer:
    """Scores a text by how often it says «برتر»."""
    results = [
        {"index": index, "relevance_score": float(text.count("برتر"))}
        for index, text in enumerate(request["documents"])
    ]
    return json_answer({"results": results})


@pytest.fixture
def endpoint() -> Iterator[EndpointServer]:
    with serve("/rerank", by_mark) as running:
        yield running


@pytest.fixture
def shelf_of_four(words: WordSearch) -> WordSearch:
    """Four sources; by words alone the first is best and the last is worst."""
    words.put("یک", "هزینهٔ ارسال مرسوله با پست پیشتاز است.")
    words.put("دو", "هزینهٔ ارسال را فروشگاه می‌دهد.")
    words.put("سه", "هزینهٔ نصب جداست، برتر.")
    words.put("چهار", "هزینه‌ها در پایان ماه تسویه می‌شوند، برتر برتر.")
    return words


def searcher(
    words: WordSearch, endpoint: EndpointServer, *, candidates: int = 20, timeout: float = 30.0
) -> Searcher:
    reranker = HttpReranker(RerankEndpoint(url=f"{endpoint.url}/rerank", timeout_seconds=timeout))
    return words.searcher(Reranking(reranker, timeout_seconds=timeout, candidates=candidates))


def ask(asked: Searcher, text: str = QUESTION, **more: Any) -> SearchResult:
    given: dict[str, Any] = {"visibility": STAFF, "legs": (Leg.TERMS, Leg.GRAMS)} | more
    return asked.search(text=text, **given)


def titles(result: SearchResult) -> list[str]:
    return [hit.title for hit in result.hits]


def test_equal_scores_keep_the_order_of_retrieval() -> None:
    assert order_of([0.1, 0.5, 0.5, 0.9, 0.1]) == [3, 1, 2, 0, 4]


def test_the_first_hits_come_in_the_rerankers_order(
    shelf_of_four: WordSearch, endpoint: EndpointServer
) -> None:
    assert titles(ask(shelf_of_four.searcher())) == ["یک", "دو", "سه", "چهار"]
    result = ask(searcher(shelf_of_four, endpoint))
    assert titles(result) == ["چهار", "سه", "یک", "دو"]
    assert [hit.rank for hit in result.hits] == [1, 2, 3, 4]
    assert [hit.rerank_score for hit in result.hits] == [2.0, 1.0, 0.0, 0.0]
    # What it put first holds hardly a word of the question, and no other hit's sentence takes its place.
    assert result.answer is None
    assert result.degraded == ()


def test_the_title_goes_with_the_passage_and_markup_does_not(
    words: WordSearch, endpoint: EndpointServer
) -> None:
    words.put("یک", "هزینهٔ **ارسال** مرسوله")
    words.put("دو", "هزینهٔ ارسال")
    ask(searcher(words, endpoint))
    assert endpoint.requests[0]["documents"][0] == "یک\nهزینهٔ ارسال مرسوله"


def test_only_so_many_are_asked_about_and_the_rest_stay_behind_them(
    shelf_of_four: WordSearch, endpoint: EndpointServer
) -> None:
    result = ask(searcher(shelf_of_four, endpoint, candidates=3))
    assert len(endpoint.requests[0]["documents"]) == 3
    assert titles(result) == ["سه", "یک", "دو", "چهار"]
    assert [hit.rerank_score for hit in result.hits] == [1.0, 0.0, 0.0, None]


def test_a_hit_from_beyond_the_limit_can_come_first(
    shelf_of_four: WordSearch, endpoint: EndpointServer
) -> None:
    assert titles(ask(searcher(shelf_of_four, endpoint), limit=1)) == ["چهار"]


def test_one_hit_or_none_is_not_worth_a_call(words: WordSearch, endpoint: EndpointServer) -> None:
    words.put("یک", "هزینهٔ ارسال مرسوله")
    asked = searcher(words, endpoint)
    assert titles(ask(asked)) == ["یک"]
    assert titles(ask(asked, "گارانتی")) == []
    assert endpoint.requests == []


def test_what_the_caller_may_not_see_never_leaves(words: WordSearch, endpoint: EndpointServer) -> None:
    words.put("پنهان", "هزینهٔ ارسال مرسوله محرمانه است.", audience=Audience.INTERNAL)
    gone = words.put("حذف", "هزینهٔ ارسال مرسوله حذف‌شده است.")
    words.put("یک", "هزینهٔ ارسال مرسوله")
    words.put("دو", "هزینهٔ ارسال")
    with words.shelf.record.transaction() as session:  # the index does not know yet
        delete_source(session, caller=OPERATOR, source_id=gone.origin_id)
    result = ask(searcher(words, endpoint), visibility=VISITOR)
    assert titles(result) == ["یک", "دو"]
    assert len(endpoint.requests) == 1
    assert "محرمانه" not in endpoint.sent
    assert "حذف‌شده" not in endpoint.sent


def test_what_is_hidden_while_the_reranker_thinks_is_not_shown(
    shelf_of_four: WordSearch, endpoint: EndpointServer
) -> None:
    best = ask(searcher(shelf_of_four, endpoint)).hits[0].origin_id

    def hide(request: dict[str, Any]) -> Answer:
        with shelf_of_four.shelf.record.transaction() as session:
            keep_in_step(session, origin_kind=OriginKind.SOURCE, origin_id=best, audience=Audience.INTERNAL)
        return by_mark(request)

    endpoint.answer = hide
    result = ask(searcher(shelf_of_four, endpoint), visibility=VISITOR)
    assert titles(result) == ["سه", "یک", "دو"]
    # What it put first holds hardly a word of the question, and no other hit's sentence takes its place.
    assert result.answer is None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"{}", status=500),
        Answer(b"<html>", content_type="text/html"),
        json_answer({"results": [{"index": 0, "relevance_score": float("nan")}]}),
        json_answer([{"index": 9, "score": 1.0}]),
    ],
)
def test_an_endpoint_that_fails_leaves_the_order_of_retrieval_and_is_named(
    shelf_of_four: WordSearch, endpoint: EndpointServer, answer: Answer
) -> None:
    endpoint.answer = lambda _: answer
    asked = searcher(shelf_of_four, endpoint)
    result = ask(asked)
    assert titles(result) == ["یک", "دو", "سه", "چهار"]
    assert result.degraded == ("reranker",)
    assert {hit.rerank_score for hit in result.hits} == {None}
    endpoint.answer = by_mark
    assert titles(ask(asked)) == ["چهار", "سه", "یک", "دو"]  # the poorer result was not kept


def test_an_endpoint_that_hangs_is_not_waited_for_and_then_left_alone(
    shelf_of_four: WordSearch, endpoint: EndpointServer
) -> None:
    endpoint.answer = endpoint.hang
    asked = searcher(shelf_of_four, endpoint, timeout=0.1)
    for _ in range(FAILURES_TO_OPEN + 2):
        result = ask(asked)
        assert titles(result) == ["یک", "دو", "سه", "چهار"]
        assert result.degraded == ("reranker",)
    assert len(endpoint.requests) == FAILURES_TO_OPEN


def test_a_fault_of_the_program_is_not_taken_for_an_endpoint_that_is_away(
    shelf_of_four: WordSearch,
) -> None:
    class Broken:
        def scores(self, query: str, texts: object) -> list[float]:
            raise ZeroDivisionError

    asked = shelf_of_four.searcher(Reranking(Broken(), timeout_seconds=30, candidates=5))
    with pytest.raises(ZeroDivisionError):
        ask(asked)
