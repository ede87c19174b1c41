"""From notes, conversations and unanswered questions to article drafts."""

from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from kb.vocabulary import Role
from tests.api.conftest import AS_OPERATOR
from tests.api.desk.test_notes import TOLD, begin, hidden, send
from tests.api.test_pages import page, text_of

SignedIn = Callable[..., TestClient]


def tell(browser: TestClient, text: str = TOLD) -> str:
    note_id = begin(browser, text)
    send(browser, f"/desk/notes/{note_id}/tell", version=1)
    return note_id


def test_notes_become_one_draft_that_cites_them(signed_in: SignedIn) -> None:
    browser = signed_in()
    first, second = (
        tell(browser),
        tell(browser, "اگر درگاه خطا داد، اول پیامک بانک را می‌پرسم چون پول کم شده."),
    )
    where = f"/desk/notes/{first}/promote"
    tree = page(browser, where)
    assert tree.css_first(".preview .told") is not None
    assert second in {str(box.attributes["value"]) for box in tree.css("input[name=with_notes]")}
    fields = hidden(tree) | {"with_notes": second, "title": "برگشت پول و تاریخ دقیق"}
    seen = send(browser, where, **fields | {"then": "preview"})
    preview = LexborHTMLParser(seen.text)
    assert "پیامک بانک" in text_of(preview, ".preview")
    assert preview.css_first(f"input[value='{second}'][checked]") is not None
    made = send(browser, where, **fields)
    assert made.status_code == 303
    article_id = made.headers["location"].split("?")[0].split("/")[-1].removesuffix("/edit")
    article = next(
        one for one in browser.get("/v1/articles").json()["items"] if one["id"] in made.headers["location"]
    )
    assert article["revision"]["title"] == "برگشت پول و تاریخ دقیق"
    assert {cite["id"] for cite in article["revision"]["cites"]} == {first, second}
    assert article_id
    assert "مقاله‌ای ساخته شده" in text_of(page(browser, f"/desk/notes/{first}"), ".notice-good")


def test_what_may_not_be_promoted_is_refused_in_words(signed_in: SignedIn) -> None:
    author = signed_in()
    draft = begin(author)
    answer = author.get(f"/desk/notes/{draft}/promote", headers={"Accept": "text/html"})
    assert answer.status_code == 409
    note_id = tell(author)
    other = signed_in(Role.AGENT)
    assert send(other, f"/desk/notes/{note_id}/promote", title="از آن دیگری").status_code == 403
    assert page(other, f"/desk/notes/{note_id}").css_first("a[href$='/promote']") is None


def test_a_conversation_becomes_a_draft_with_the_customers_words_as_issue(
    client: TestClient, signed_in: SignedIn
) -> None:
    turns = [
        {"speaker": "customer", "text": "سلام، کد تخفیفم را قبول نمی‌کند"},
        {"speaker": "agent", "text": "کد را بدون فاصله وارد کنید چون فاصله هم شمرده می‌شود."},
    ]
    chat = client.post(
        "/v1/conversations", json={"channel": "chat", "language": "fa", "turns": turns}, headers=AS_OPERATOR
    ).json()
    browser = signed_in()
    assert page(browser, f"/conversations/{chat['id']}").css_first("a[href$='/promote']") is not None
    where = f"/desk/conversations/{chat['id']}/promote"
    assert "کد تخفیفم را قبول نمی‌کند" in text_of(page(browser, where), ".preview")
    made = send(browser, where, title="کد تخفیف پذیرفته نمی‌شود")
    assert made.status_code == 303
    assert client.get(f"/desk/conversations/{chat['id']}/promote").status_code == 401


def test_a_search_without_an_answer_offers_to_write_one(client: TestClient, signed_in: SignedIn) -> None:
    query = "زرافهٔ باغ‌وحش شیراز چرا شب‌ها پیانو می‌نوازد؟"  # nothing that other tests wrote is near
    assert page(client, f"/?q={query}").css_first(".create") is None
    browser = signed_in()
    tree = page(browser, f"/?q={query}")
    assert hidden(tree, ".create form")["query"] == query
    link = tree.css_first(".create a")
    assert link is not None
    assert text_of(page(browser, str(link.attributes["href"])), "textarea[name=text]") == query
    made = send(browser, "/desk/frame", query=f"{query} ۰۹۱۲۳۴۵۶۷۸۹")
    assert made.status_code == 303
    article = next(
        one for one in browser.get("/v1/articles").json()["items"] if one["id"] in made.headers["location"]
    )
    assert article["issue"][0].startswith(query)
    assert "۰۹۱۲۳۴۵۶۷۸۹" not in article["issue"][0]
    assert article["audience"] == "internal"


def test_a_good_answer_offers_nothing_to_write(signed_in: SignedIn, library: dict[str, str]) -> None:
    assert page(signed_in(), "/?q=پولم کی برمی‌گرده؟").css_first(".create") is None
