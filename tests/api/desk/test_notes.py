"""Notes on the desk, as a browser without JavaScript sends them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from kb.vocabulary import Element, Role
from tests.api.conftest import Running
from tests.api.test_pages import HTML, page, text_of

SignedIn = Callable[..., TestClient]
TOLD = "مشتری گفت پولش بعد از پنج روز نیامده. من همان اول تاریخ دقیق را به او گفتم."


def hidden(tree: LexborHTMLParser, form: str = "main form") -> dict[str, str]:
    """The hidden fields of a form, as a browser would send them."""
    node = tree.css_first(form)
    assert node is not None, form
    fields = node.css("input[type=hidden]")
    return {str(one.attributes["name"]): str(one.attributes["value"] or "") for one in fields}


def send(browser: TestClient, address: str, **fields: Any) -> Any:
    return browser.post(address, data=fields, headers=HTML)


def begin(browser: TestClient, text: str = TOLD, then: str = "on") -> str:
    """A new draft; its id."""
    answer = send(browser, "/desk/notes", text=text, then=then)
    assert answer.status_code == 303
    return str(answer.headers["location"]).split("/")[3]


def test_a_note_is_told_from_the_first_word_to_the_last_question(signed_in: SignedIn) -> None:
    browser = signed_in()
    assert page(browser, "/desk/notes/new").css_first("textarea[name=text]") is not None
    note_id = begin(browser, TOLD + "\r\nو تمام.")
    asked = set()
    for _ in range(6):
        tree = page(browser, f"/desk/notes/{note_id}/interview")
        if tree.css_first("form.probe") is None:
            break
        fields = hidden(tree, "form.probe")
        assert fields["element"] not in asked
        asked.add(fields["element"])
        then = "skip" if len(asked) == 1 else "answer"
        answer = send(
            browser,
            f"/desk/notes/{note_id}/interview",
            **fields | {"text": "چون مشتری با تاریخ حساب می‌کند نه با تعداد روز.", "then": then},
        )
        assert answer.status_code == 303
    assert 2 <= len(asked) <= 5
    tree = page(browser, f"/desk/notes/{note_id}/interview")
    assert text_of(tree, "h1") == "پرسش دیگری نیست"
    told = send(browser, f"/desk/notes/{note_id}/tell", version=hidden(tree, ".after-probe form")["version"])
    assert told.headers["location"] == f"/desk/notes/{note_id}?done=told"
    tree = page(browser, told.headers["location"])
    assert "دستتان درد نکند" in text_of(tree, ".notice-good")
    assert "رد شد" in text_of(tree, ".said")
    assert len(tree.css(".element")) == len(Element)
    assert "\r" not in browser.get(f"/v1/notes/{note_id}").json()["text"]


def test_what_was_found_is_shown_with_the_words_that_show_it(signed_in: SignedIn) -> None:
    browser = signed_in()
    note_id = begin(browser, TOLD + " <b>مهم</b>")
    tree = page(browser, f"/desk/notes/{note_id}")
    assert tree.css_first(".told b") is None
    assert "<b>مهم</b>" in text_of(tree, ".told")
    marked = {text for mark in tree.css(".told mark") if (text := mark.text(strip=True))}
    assert any("تاریخ دقیق را به او گفتم" in text for text in marked)
    assert re.match(r"[۱-۶] از ۶ بخش", text_of(tree, ".complete strong"))
    quotes = [quote.text() for quote in tree.css(".element.is-found q")]
    assert quotes


def test_personal_data_is_masked_before_it_is_kept(signed_in: SignedIn) -> None:
    browser = signed_in()
    note_id = begin(browser, "مشتری با شمارهٔ ۰۹۱۲۳۴۵۶۷۸۹ زنگ زد و گفت کد نمی‌رسد.")
    assert "۰۹۱۲۳۴۵۶۷۸۹" not in browser.get(f"/desk/notes/{note_id}/write", headers=HTML).text


def test_an_empty_note_and_an_empty_answer_are_refused_kindly(signed_in: SignedIn) -> None:
    browser = signed_in()
    refused = send(browser, "/desk/notes", text="   ", then="on")
    assert refused.status_code == 422
    assert "متن خالی است" in refused.text
    note_id = begin(browser)
    fields = hidden(page(browser, f"/desk/notes/{note_id}/interview"), "form.probe")
    refused = send(browser, f"/desk/notes/{note_id}/interview", **fields | {"text": " ", "then": "answer"})
    assert refused.status_code == 422
    assert "رد شو" in refused.text
    assert hidden(LexborHTMLParser(refused.text), "form.probe") == fields | {
        "csrf_token": fields["csrf_token"]
    }


def test_a_stale_edit_shows_both_texts_and_loses_nothing(signed_in: SignedIn) -> None:
    browser = signed_in()
    note_id = begin(browser)
    sheet = f"/desk/notes/{note_id}/write"
    fields = hidden(page(browser, sheet))
    assert send(browser, sheet, **fields | {"text": "متن پنجرهٔ دیگر"}).status_code == 303
    refused = send(browser, sheet, **fields | {"text": "متن این پنجره"})
    assert refused.status_code == 412
    tree = LexborHTMLParser(refused.text)
    assert text_of(tree, "textarea[name=text]") == "متن این پنجره"
    assert text_of(tree, ".writing .kept") == "متن پنجرهٔ دیگر"
    again = send(browser, sheet, **hidden(tree) | {"text": "متن این پنجره"})
    assert again.headers["location"] == f"{sheet}?done=saved"
    assert text_of(page(browser, sheet), "textarea[name=text]") == "متن این پنجره"


def test_an_answer_to_a_page_that_is_out_of_date_is_kept(signed_in: SignedIn) -> None:
    browser = signed_in()
    note_id = begin(browser)
    where = f"/desk/notes/{note_id}/interview"
    fields = hidden(page(browser, where), "form.probe")
    assert send(browser, where, **fields | {"text": "پاسخ نخست"}).status_code == 303
    refused = send(browser, where, **fields | {"text": "پاسخی که دوباره فرستاده شد"})
    assert refused.status_code == 412
    assert "پاسخی که دوباره فرستاده شد" in refused.text


def test_a_note_that_was_thrown_away_meanwhile_becomes_a_new_draft(signed_in: SignedIn) -> None:
    browser = signed_in()
    note_id = begin(browser)
    fields = hidden(page(browser, f"/desk/notes/{note_id}/write"))
    send(browser, f"/desk/notes/{note_id}/discard", version=fields["version"])
    refused = send(browser, f"/desk/notes/{note_id}/write", **fields | {"text": "نوشته‌ای که مانده بود"})
    assert refused.status_code == 404
    tree = LexborHTMLParser(refused.text)
    form = tree.css_first("form[data-autosave]")
    assert form is not None
    assert form.attributes["action"] == "/desk/notes"
    assert text_of(tree, "textarea[name=text]") == "نوشته‌ای که مانده بود"


def test_throwing_away_can_be_undone_with_its_answers(signed_in: SignedIn) -> None:
    browser = signed_in()
    note_id = begin(browser)
    where = f"/desk/notes/{note_id}/interview"
    send(browser, where, **hidden(page(browser, where), "form.probe") | {"text": "چون سرد بود."})
    send(browser, where, **hidden(page(browser, where), "form.probe") | {"then": "skip"})
    version = hidden(page(browser, where), "form.probe")["version"]
    gone = send(browser, f"/desk/notes/{note_id}/discard", version=version)
    assert gone.status_code == 200
    page(browser, f"/desk/notes/{note_id}", status=404)
    tree = LexborHTMLParser(gone.text)
    form = tree.css_first("form[action='/desk/notes/restore']")
    assert form is not None
    fields: dict[str, list[str]] = {}
    for node in form.css("input, textarea"):
        value = node.attributes.get("value") or node.text()
        fields.setdefault(str(node.attributes["name"]), []).append(value.lstrip("\n"))
    restored = browser.post("/desk/notes/restore", data=fields, headers=HTML)
    assert restored.status_code == 303
    new_id = restored.headers["location"].split("/")[3]
    note = browser.get(f"/v1/notes/{new_id}").json()
    assert note["text"] == TOLD
    assert [one["text"] for one in note["answers"]] == ["چون سرد بود.", None]


def test_drafts_are_their_authors_alone(signed_in: SignedIn) -> None:
    mine, other = signed_in(), signed_in(Role.ADMIN)
    note_id = begin(mine, "رازی که هنوز پیش‌نویس است و کسی نباید ببیند")
    for path in ("", "/write", "/interview"):
        page(other, f"/desk/notes/{note_id}{path}", status=404)
    assert send(other, f"/desk/notes/{note_id}/discard", version=1).status_code == 404
    assert "رازی که هنوز" not in other.get("/desk/notes?show=told", headers=HTML).text
    assert "رازی که هنوز" in mine.get("/desk/notes", headers=HTML).text


def test_a_contributor_accepts_or_rejects_and_an_agent_is_not_offered_it(
    running: Running, signed_in: SignedIn
) -> None:
    author = signed_in()
    note_id = begin(author)
    send(author, f"/desk/notes/{note_id}/tell", version=1)
    assert page(author, f"/desk/notes/{note_id}").css_first("form[action$='/accept']") is None
    assert send(author, f"/desk/notes/{note_id}/accept", version=2).status_code == 403
    reviewer = signed_in(Role.CONTRIBUTOR)
    assert note_id in reviewer.get("/desk/notes?show=told", headers=HTML).text
    form = "form[action$='/accept']"
    accepted = send(
        reviewer, f"/desk/notes/{note_id}/accept", **hidden(page(reviewer, f"/desk/notes/{note_id}"), form)
    )
    assert accepted.status_code == 303
    tree = page(reviewer, accepted.headers["location"])
    assert tree.css_first(form) is None
    assert tree.css_first("form[action$='/reject']") is not None
    running.work()


def test_forms_without_this_sessions_token_are_refused(signed_in: SignedIn) -> None:
    browser = signed_in()
    note_id = begin(browser)
    del browser.headers["X-CSRF-Token"]
    for path in ("/desk/notes", f"/desk/notes/{note_id}/write", f"/desk/notes/{note_id}/tell"):
        assert send(browser, path, text=TOLD, version=1).status_code == 403


@pytest.mark.usefixtures("library")
def test_what_says_the_same_appears_while_writing_with_the_facts_that_differ(signed_in: SignedIn) -> None:
    browser = signed_in()
    said = "پول به کارت بانکی ۷ تا ۱۰ روز کاری پس از تأیید برمی‌گردد. کیف پول تا یک ساعت."
    answer = send(browser, "/desk/notes/alike", text=said, title="زمان برگشت پول پس از مرجوعی")
    tree = LexborHTMLParser(answer.text)
    assert "زمان برگشت پول پس از مرجوعی" in tree.text()
    assert "۷ تا ۱۰ روز کاری" in text_of(tree, ".differs")
    assert "۳ تا ۵ روز کاری" in text_of(tree, ".differs")
    assert "هنوز نوشتهٔ مشابهی" in send(browser, "/desk/notes/alike", text="کوتاه").text


def test_the_sheet_begins_with_what_was_searched_for(signed_in: SignedIn) -> None:
    tree = page(signed_in(), "/desk/notes/new?about=<i>کد تخفیف</i>")
    assert text_of(tree, "textarea[name=text]") == "<i>کد تخفیف</i>"
