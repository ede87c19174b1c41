"""Searching over HTTP, as visitors, keys and people."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from kb.vocabulary import Audience, Scope
from tests.api.conftest import AS_OPERATOR, SECRET, Running

pytestmark = pytest.mark.usefixtures("library")
Key = Callable[..., dict[str, str]]


def test_a_visitor_finds_the_public_answer(client: TestClient, library: dict[str, str]) -> None:
    found = client.get("/v1/search", params={"q": "پولم کی برمی‌گرده؟"}).json()
    first = found["hits"][0]
    assert first["origin"] == {"kind": "article", "id": library["public"]}
    assert first["title"] == "زمان برگشت پول پس از مرجوعی"
    assert first["url"].startswith(f"http://testserver/articles/{library['public']}")
    assert "۳ تا ۵ روز کاری" in first["snippet"]
    assert first["score"] > 0
    assert first["language"] == "fa"
    assert found["query"] == "پولم کی برمی‌گرده؟"
    assert found["took_ms"] > 0
    assert found["answer"]["origin"]["id"] == library["public"]
    assert 0 <= found["answer"]["confidence"] <= 1


def test_steps_and_rows_are_answered_with_their_places_in_the_article(
    client: TestClient, running: Running
) -> None:
    text = (
        "پیش از آن بخوانید.\n\n## ساختن پیمانک\n\n1. **پیمانک** را باز کنید.\n2. نام بنویسید.\n\n"
        "## بهای پیمانک\n\n| پیمانک | بها |\n|---|---|\n"
        "| سیمین | ۲۰ هزار تومان |\n| زرین | ۴۰ هزار تومان |\n"
    )
    running.article(title="پیمانک", resolution=text)
    steps = client.get("/v1/search", params={"q": "چطور پیمانک بسازم"}).json()["answer"]
    assert steps["kind"] == "steps"
    assert steps["lead"]["text"] == "ساختن پیمانک"
    assert [step["text"] for step in steps["steps"]] == ["پیمانک را باز کنید.", "نام بنویسید."]
    assert (steps["first_number"], steps["is_whole"], steps["rows"]) == (1, True, [])
    row = client.get("/v1/search", params={"q": "قیمت پیمانک زرین چقدر است"}).json()["answer"]
    assert row["kind"] == "row"
    assert row["text"] == "پیمانک: زرین؛ بها: ۴۰ هزار تومان"
    assert [cell["header"] for cell in row["rows"][0]] == ["پیمانک", "بها"]
    for shown in (*steps["steps"], *row["rows"][0]):
        assert text[shown["start"] : shown["end"]].replace("*", "") == shown["text"]


def test_post_and_get_answer_alike(client: TestClient) -> None:
    posted = client.post("/v1/search", json={"query": "refund bank card", "languages": ["en"]}).json()
    got = client.get("/v1/search", params={"q": "refund bank card", "language": "en"}).json()
    assert [hit["passage_id"] for hit in posted["hits"]] == [hit["passage_id"] for hit in got["hits"]]
    assert {hit["language"] for hit in got["hits"]} == {"en"}


def test_highlights_are_offsets_into_the_snippet_and_html_is_escaped(
    client: TestClient, running: Running
) -> None:
    running.article(title="نویسه‌ها", resolution="کد <script>alert(1)</script> را در زنبیلک ننویسید & بس.")
    hit = client.get("/v1/search", params={"q": "زنبیلک"}).json()["hits"][0]
    marked = [hit["snippet"][span["start"] : span["end"]] for span in hit["highlights"]]
    assert "زنبیلک" in " ".join(marked)
    assert "<mark>" in hit["snippet_html"]
    assert "<script>" not in hit["snippet_html"]


def test_filters_narrow_by_kind_and_tag(client: TestClient, library: dict[str, str]) -> None:
    assert client.get("/v1/search", params={"q": "برگشت پول", "kind": "note"}).json()["hits"] == []
    tagged = client.get("/v1/search", params={"q": "برگشت پول", "tag": "برگشت پول"}).json()["hits"]
    assert [hit["origin"]["id"] for hit in tagged] == [library["public"]]


@pytest.mark.parametrize(
    ("ceiling", "expected"),
    [
        (Audience.PUBLIC, set()),
        (Audience.PARTNER, {"partner"}),
        (Audience.INTERNAL, {"partner", "internal"}),
    ],
)
def test_a_key_finds_up_to_its_ceiling(
    client: TestClient, key: Key, library: dict[str, str], ceiling: Audience, expected: set[str]
) -> None:
    headers = key(Scope.SEARCH, ceiling=ceiling)
    ids = {
        hit["origin"]["id"]
        for question in ("تسویه با فروشندگان", f"سقف جبران {SECRET}")
        for hit in client.get("/v1/search", params={"q": question}, headers=headers).json()["hits"]
    }
    assert {name for name in ("partner", "internal") if library[name] in ids} == expected


def test_asking_above_the_ceiling_is_refused(client: TestClient, key: Key) -> None:
    for headers in ({}, key(Scope.SEARCH, ceiling=Audience.PARTNER)):
        answer = client.get("/v1/search", params={"q": "x", "audience": "internal"}, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["code"] == "audience_not_allowed"


def test_staff_can_look_through_a_visitors_eyes(client: TestClient, library: dict[str, str]) -> None:
    question = {"q": f"سقف جبران {SECRET}", "audience": "public"}
    hits = client.get("/v1/search", params=question, headers=AS_OPERATOR).json()["hits"]
    assert library["internal"] not in {hit["origin"]["id"] for hit in hits}


@pytest.mark.parametrize("query", ["", "   ", "\n\t", "\u200c\u200c "])
def test_an_empty_query_is_a_clear_error(client: TestClient, query: str) -> None:
    for answer in (
        client.get("/v1/search", params={"q": query}),
        client.post("/v1/search", json={"query": query}),
    ):
        if query.strip():
            assert answer.status_code in (200, 422)
        else:
            assert answer.status_code == 422
            assert answer.json()["code"] == "empty_text"
            assert "خالی" in answer.json()["message"]


def test_a_query_of_one_megabyte_is_a_clear_error(client: TestClient) -> None:
    answer = client.post("/v1/search", json={"query": "ب" * 1_000_000})
    assert answer.status_code == 422
    assert answer.json()["code"] == "text_too_long"
    assert answer.json()["data"]["limit"] == 2000


def test_nonsense_finds_nothing_or_says_how_unsure_it_is(client: TestClient) -> None:
    found = client.get("/v1/search", params={"q": "qwzxv plkjhg"}).json()
    assert found["confidence"] < 0.75


def test_suggestions_continue_what_was_typed(client: TestClient, library: dict[str, str]) -> None:
    found = client.get("/v1/suggest", params={"q": "زمان برگ"}).json()["suggestions"]
    assert found[0]["text"] == "زمان برگشت پول پس از مرجوعی"
    assert found[0]["origin"]["id"] == library["public"]
    assert client.get("/v1/suggest", params={"q": ""}).json()["suggestions"] == []


def test_a_private_portal_asks_visitors_to_sign_in(private_client: TestClient) -> None:
    for address in ("/v1/search?q=x", "/v1/suggest?q=x", "/v1/articles"):
        answer = private_client.get(address)
        assert answer.status_code == 401
        assert answer.json()["code"] == "not_signed_in"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert private_client.get("/v1/search?q=x", headers=AS_OPERATOR).status_code == 200


def test_a_private_portals_page_leads_to_signing_in(private_client: TestClient) -> None:
    answer = private_client.get("/?q=پول", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=%2F%3Fq")


def test_products_and_states_narrow_and_are_shown(client: TestClient, library: dict[str, str]) -> None:
    found = client.get("/v1/search", params={"q": "پول", "product": ["کیف پول"]}).json()["hits"]
    assert [hit["origin"]["id"] for hit in found] == [library["public"]]
    assert (found[0]["products"], found[0]["state"]) == (["بازگشت", "کیف پول"], "validated")
    asked = {"query": "پول", "products": ["کیف پول"], "states": ["not_validated"]}
    assert client.post("/v1/search", json=asked).json()["hits"] == []
    asked["states"] = ["validated", "accepted"]
    assert len(client.post("/v1/search", json=asked).json()["hits"]) == 1
    refused = client.post("/v1/search", json={"query": "پول", "states": ["archived"]})
    assert refused.status_code == 422


def test_a_repaired_query_says_what_was_searched_for(client: TestClient, library: dict[str, str]) -> None:
    found = client.get("/v1/search", params={"q": "bargasht pool"}).json()
    assert found["query"] == "bargasht pool"
    assert found["repair"] == {"text": "برگشت پول", "kinds": ["finglish"]}
    assert found["hits"][0]["origin"]["id"] == library["public"]
    as_typed = client.get("/v1/search", params={"q": "bargasht pool", "repair": "off"}).json()
    assert as_typed["repair"] is None
    posted = client.post("/v1/search", json={"query": "fv'aj \\,g", "repair": False}).json()
    assert posted["repair"] is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_repair_never_tells_a_visitor_a_word_of_internal_knowledge(
    client: TestClient, library: dict[str, str], method: str
) -> None:
    secret = SECRET.replace("\u200c", "")
    misspelt = secret + secret[-1]
    for typed in (misspelt, f"سقف جبران {misspelt}"):
        if method == "get":
            asked = client.get("/v1/search", params={"q": typed})
            staff = client.get("/v1/search", params={"q": typed}, headers=AS_OPERATOR)
        else:
            asked = client.post("/v1/search", json={"query": typed})
            staff = client.post("/v1/search", json={"query": typed}, headers=AS_OPERATOR)
        assert secret not in str(asked.json()["repair"])
        assert secret in staff.json()["repair"]["text"]
