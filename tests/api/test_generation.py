"""Written answers over HTTP and on the page, with a chat endpoint that runs."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from kb.settings import Settings
from kb.vocabulary import Audience
from tests.api.conftest import AS_OPERATOR, Running, start
from tests.endpoints import Answer, EndpointServer, json_answer, serve

QUESTION = "هزینهٔ بسته‌بندی هدیه چقدر است؟"


def completion(text: str) -> Answer:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return json_answer(
        {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    )


def cite(request: dict[str, Any], words: str) -> int:
    """The number of the passage that holds `words`."""
    user = request["messages"][1]["content"]
    passages = re.findall(r'<passage-\w+ number="(\d+)">\n(.*?)\n</passage', user, re.DOTALL)
    return next(int(number) for number, text in passages if words in text)


def good(request: dict[str, Any]) -> Answer:
    return completion(f"<b>۳۰ هزار تومان</b> است [{cite(request, 'سی هزار')}].")


@pytest.fixture(scope="module")
def _chat() -> Iterator[EndpointServer]:
    with serve("/chat/completions", good, base="/v1") as running:
        yield running


@pytest.fixture
def chat(_chat: EndpointServer) -> EndpointServer:
    _chat.answer = good
    _chat.requests.clear()
    return _chat


@pytest.fixture(scope="module")
def writing(
    _chat: EndpointServer, running: Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """An application with a chat endpoint, a public and an internal article."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("writing"),
        models_dir=running.service.settings.models_path,
        llm_url=_chat.url,
        llm_model="m",
        _env_file=None,
    )
    for made in start(settings):
        made.article(title="بسته‌بندی هدیه", resolution="هزینهٔ بسته‌بندی هدیه سی هزار تومان است.")
        made.article(
            title="بسته‌بندی هدیه برای کارکنان",
            resolution="هزینهٔ بسته‌بندی هدیه برای کارکنان صفر محرمانه است.",
            audience=Audience.INTERNAL,
        )
        yield made


@pytest.fixture
def visitor(writing: Running) -> TestClient:
    return TestClient(writing.app, follow_redirects=False)


def ask(client: TestClient, **more: Any) -> dict[str, Any]:
    headers = more.pop("headers", {})
    answer = client.post("/v1/search", json={"query": QUESTION} | more, headers=headers)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_an_answer_is_written_only_where_it_is_asked_for(visitor: TestClient, chat: EndpointServer) -> None:
    assert ask(visitor)["generated"] is None
    assert chat.requests == []
    found = ask(visitor, generate=True)
    assert found["generated"]["text"] == "<b>۳۰ هزار تومان</b> است [1]."
    (cited,) = found["generated"]["citations"]
    hit = next(hit for hit in found["hits"] if hit["title"] == "بسته‌بندی هدیه")
    assert (cited["number"], cited["passage_id"], cited["url"]) == (1, hit["passage_id"], hit["url"])
    assert cited["origin"] == hit["origin"]
    assert found["answer"] is not None
    assert found["degraded"] == []


def test_each_caller_has_it_written_from_what_they_may_see(visitor: TestClient, chat: EndpointServer) -> None:
    ask(visitor, generate=True, headers=AS_OPERATOR)
    assert "محرمانه" in chat.sent
    chat.requests.clear()
    ask(visitor, generate=True)
    ask(visitor, generate=True, headers=AS_OPERATOR, audience="public")
    assert len(chat.requests) == 2
    assert "محرمانه" not in chat.sent


def test_where_it_fails_the_search_stands_and_says_so(visitor: TestClient, chat: EndpointServer) -> None:
    chat.answer = lambda _: Answer(b"{}", status=500)
    found = ask(visitor, generate=True)
    assert found["degraded"] == ["generation"]
    assert found["generated"] is None
    assert found["answer"] is not None
    assert found["hits"]


@pytest.mark.usefixtures("library")
def test_without_an_endpoint_the_search_stands_and_the_page_offers_nothing(client: TestClient) -> None:
    found = ask(client, query="زمان برگشت پول", generate=True)
    assert found["degraded"] == ["generation"]
    assert found["hits"]
    tree = LexborHTMLParser(client.get("/?q=زمان برگشت پول&generate=true").text)
    assert tree.css_first(".hit") is not None
    assert tree.css_first("form.generate, .generated, .notice") is None


def test_the_page_offers_it_as_a_form_and_shows_it_as_text_with_its_sources(
    visitor: TestClient, chat: EndpointServer
) -> None:
    before = LexborHTMLParser(visitor.get("/", params={"q": QUESTION}).text)
    form = before.css_first("form.generate")
    assert form is not None
    assert form.attributes["method"] == "get"
    fields = {
        str(node.attributes["name"]): str(node.attributes["value"]) for node in form.css("[name][value]")
    }
    assert fields == {"q": QUESTION, "generate": "true"}
    assert chat.requests == []
    tree = LexborHTMLParser(visitor.get("/", params=fields).text)
    written = tree.css_first(".generated-text")
    assert written is not None
    assert written.text() == "<b>۳۰ هزار تومان</b> است [1]."
    assert written.css_first("b") is None
    source = tree.css_first(".generated ol li a")
    assert source is not None
    assert str(source.attributes["href"]).startswith("/articles/")
    assert tree.css_first(".answer blockquote") is not None
    assert tree.css_first("form.generate") is None


def test_the_page_says_when_none_could_be_written(visitor: TestClient, chat: EndpointServer) -> None:
    chat.answer = lambda _: completion("بدون هیچ ارجاع")
    tree = LexborHTMLParser(visitor.get("/", params={"q": QUESTION, "generate": "true"}).text)
    notice = tree.css_first(".notice")
    assert notice is not None
    assert notice.text() == "پاسخ کامل نوشته نشد؛ نتیجه‌های زیر همچنان معتبرند."
    assert tree.css_first(".hit") is not None
