"""This answered my question: learnt, found, suggested, taken back."""

from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from api.dependencies import CSRF_HEADER
from kb.vocabulary import Audience, Role, Scope
from tests.api.conftest import AS_OPERATOR, Running

SignedIn = Callable[..., TestClient]
ADDRESS = "/v1/search/links"


@pytest.fixture
def article_id(running: Running) -> str:
    return running.article(title="ساعت کار مرکز تماس", resolution="هر روز از ۸ تا ۲۲ پاسخ می‌دهیم.").id


def link(browser: TestClient, article_id: str, query: str, status: int = 200) -> dict[str, object]:
    body = {"query": query, "origin_kind": "article", "origin_id": article_id}
    answer = browser.post(ADDRESS, json=body)
    assert answer.status_code == status, answer.text
    shown: dict[str, object] = answer.json()
    return shown


def suggested(client: TestClient, typed: str) -> list[str]:
    return [s["text"] for s in client.get("/v1/suggest", params={"q": typed}).json()["suggestions"]]


def test_words_of_two_people_lead_others_to_the_article(
    running: Running, client: TestClient, signed_in: SignedIn, article_id: str
) -> None:
    words = "گوشیتون رو تا چند برمیدارین"
    first = link(signed_in(), article_id, words)
    assert (first["people"], first["is_confirmed"]) == (1, False)
    running.work()
    assert suggested(client, "گوشیتون") == []
    second = link(signed_in(), article_id, "گوشی‌تون رو تا چند برمی‌دارین؟")
    assert (second["people"], second["is_confirmed"]) == (2, True)
    running.work()
    assert suggested(client, "گوشیتون") == [words]
    hit = client.get("/v1/search", params={"q": words}).json()["hits"][0]
    assert hit["origin"]["id"] == article_id


def test_a_publishers_words_lead_there_but_are_not_suggested(
    running: Running, client: TestClient, signed_in: SignedIn, article_id: str
) -> None:
    words = "الو کی جواب میده"
    assert link(signed_in(Role.PUBLISHER), article_id, words)["is_confirmed"]
    running.work()
    assert client.get("/v1/search", params={"q": words}).json()["hits"][0]["origin"]["id"] == article_id
    assert suggested(client, "الو") == []


def test_taken_back_words_are_not_suggested_any_more(
    client: TestClient, running: Running, signed_in: SignedIn, article_id: str
) -> None:
    words = "خط تلفنتون کی بازه"
    one, other = signed_in(), signed_in()
    link(one, article_id, words)
    link(other, article_id, words)
    running.work()
    assert suggested(client, "خط تلفن") == [words]
    params = {"query": words, "origin_kind": "article", "origin_id": article_id}
    for _ in range(2):
        assert one.delete(ADDRESS, params=params).status_code == 204
    assert suggested(client, "خط تلفن") == []  # at once, whatever the index still holds


def test_words_never_lead_visitors_to_what_they_may_not_see(
    client: TestClient, running: Running, signed_in: SignedIn
) -> None:
    hidden = running.article(title="سقف تماس", resolution="محرمانه", audience=Audience.INTERNAL).id
    words = "قفلشکن تلفن چیست"
    for _ in range(2):
        staff = signed_in()
        link(staff, hidden, words)
    running.work()
    assert suggested(staff, "قفلشکن") == [words]
    assert suggested(client, "قفلشکن") == []
    found = client.get("/v1/search", params={"q": words}).json()["hits"]
    assert hidden not in {hit["origin"]["id"] for hit in found}


def test_personal_data_is_masked(signed_in: SignedIn, article_id: str) -> None:
    shown = link(signed_in(), article_id, "با 09121234567 تماس بگیرید")
    assert "0912" not in str(shown["query"])


def test_only_signed_in_people_can_say_so(
    client: TestClient, key: Callable[..., dict[str, str]], article_id: str
) -> None:
    body = {"query": "پول", "origin_kind": "article", "origin_id": article_id}
    assert client.post(ADDRESS, json=body).status_code == 401
    assert client.post(ADDRESS, json=body, headers=key(*Scope)).status_code == 403
    assert client.post(ADDRESS, json=body, headers=AS_OPERATOR).status_code == 403


def test_a_browser_needs_its_csrf_token(signed_in: SignedIn, article_id: str) -> None:
    browser = signed_in()
    del browser.headers[CSRF_HEADER]
    form = {"query": "پول", "kind": "article", "origin_id": article_id}
    assert browser.post("/answered", data=form).status_code == 403


def test_the_button_is_on_the_page_of_people_and_can_be_undone(
    client: TestClient, signed_in: SignedIn, article_id: str
) -> None:
    address = "/?q=ساعت کار مرکز تماس"
    assert "/answered" not in client.get(address).text
    browser = signed_in()
    form = _form(browser, address, article_id)
    assert form["back"].startswith("/?q=")
    answer = browser.post("/answered", data=form)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/?q=")
    form = _form(browser, address, article_id)
    assert form["undo"] == "true"
    assert browser.post("/answered", data=form).status_code == 303
    assert "undo" not in _form(browser, address, article_id)
    elsewhere = browser.post("/answered", data=form | {"back": "//evil.example"})
    assert elsewhere.headers["location"].startswith("/#")


def _form(browser: TestClient, address: str, origin_id: str) -> dict[str, str]:
    tree = LexborHTMLParser(browser.get(address).text)
    form = tree.css_first(f"#hit-{origin_id} form.answered")
    assert form is not None
    fields = [*form.css("input"), *form.css("button[name]")]
    return {str(node.attributes["name"]): str(node.attributes["value"]) for node in fields}
