"""Articles on the desk, as a browser without JavaScript sends them."""

from collections.abc import Callable
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from kb.vocabulary import Audience, Role
from tests.api.conftest import Running
from tests.api.desk.test_notes import hidden, send
from tests.api.test_pages import HTML, page, text_of

SignedIn = Callable[..., TestClient]


def fields_of(tree: LexborHTMLParser, form: str = "main form[data-leave]") -> dict[str, str]:
    """Everything that a browser would send of a form, less its buttons."""
    node = tree.css_first(form)
    assert node is not None, form
    fields: dict[str, str] = {}
    for one in node.css("input, textarea, select"):
        name = one.attributes.get("name")
        if not name or (one.attributes.get("type") == "checkbox" and "checked" not in one.attributes):
            continue
        if one.tag == "select":
            chosen = one.css_first("option[selected]") or one.css_first("option")
            fields[name] = str((chosen.attributes["value"] if chosen else "") or "")
        elif one.tag == "textarea":
            fields[name] = one.text().removeprefix("\n")
        else:
            fields[name] = one.attributes.get("value") or ""
    return fields


def write(browser: TestClient, **given: Any) -> str:
    """A new article; its id."""
    fields = fields_of(page(browser, "/desk/articles/new"))
    fields |= {"title": "مهلت مرجوعی", "resolution": "تا ۷ روز."} | given
    answer = send(browser, "/desk/articles/new", **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).split("/")[3].split("?")[0]


def version_of(browser: TestClient, article_id: str) -> str:
    """The version that the article's page was made from."""
    field = page(browser, f"/desk/articles/{article_id}").css_first("input[name=version]")
    assert field is not None
    return str(field.attributes["value"])


def move(browser: TestClient, article_id: str, verb: str, **given: Any) -> Any:
    version = version_of(browser, article_id)
    return send(browser, f"/desk/articles/{article_id}/moves/{verb}", version=version, **given)


def test_an_article_is_written_looked_at_and_kept(signed_in: SignedIn) -> None:
    browser = signed_in()
    fields = fields_of(page(browser, "/desk/articles/new"))
    assert fields["owner_id"]
    fields |= {
        "title": "مهلت <i>مرجوعی</i>",
        "resolution": "تا **۷ روز**.\r\n\r\n<script>alert(1)</script>",
        "add_issue": "تا کی میشه پس داد؟\n\nمهلت پس دادن چقدره",
        "tags": "مرجوعی، مهلت",
        "verify_every_days": "۹۰",
    }
    looked = send(browser, "/desk/articles/new", **fields | {"then": "preview"})
    tree = LexborHTMLParser(looked.text)
    assert text_of(tree, ".preview strong") == "۷ روز"
    assert tree.css_first(".preview script") is None
    assert fields_of(tree)["title"] == "مهلت <i>مرجوعی</i>"
    article_id = write(browser, **fields)
    kept = browser.get(f"/v1/articles/{article_id}").json()
    assert kept["issue"] == ["تا کی میشه پس داد؟", "مهلت پس دادن چقدره"]
    assert (kept["tags"], kept["verify_every_days"]) == (["مرجوعی", "مهلت"], 90)
    sheet = f"/desk/articles/{article_id}/edit"
    send(browser, sheet, **fields_of(page(browser, sheet)) | {"verify_every_days": "", "owner_id": ""})
    kept = browser.get(f"/v1/articles/{article_id}").json()
    assert (kept["verify_every_days"], kept["owner_id"]) == (None, None)
    tree = page(browser, f"/desk/articles/{article_id}")
    assert text_of(tree, "h1") == "مهلت <i>مرجوعی</i>"
    assert tree.css_first(".prose script") is None


def test_what_cannot_be_kept_is_shown_again_with_everything_typed(signed_in: SignedIn) -> None:
    browser = signed_in()
    fields = fields_of(page(browser, "/desk/articles/new"))
    fields |= {"title": "عنوان", "resolution": "متنی که نباید گم شود", "verify_every_days": "زود"}
    refused = send(browser, "/desk/articles/new", **fields)
    assert refused.status_code == 422
    tree = LexborHTMLParser(refused.text)
    assert "فاصلهٔ بررسی" in text_of(tree, ".notice-bad")
    assert fields_of(tree) | {"csrf_token": ""} == fields | {"csrf_token": ""}


def test_a_stale_edit_shows_both_texts_and_keeps_what_was_typed(signed_in: SignedIn) -> None:
    browser = signed_in()
    article_id = write(browser)
    sheet = f"/desk/articles/{article_id}/edit"
    fields = fields_of(page(browser, sheet))
    assert send(browser, sheet, **fields | {"resolution": "متن همکار"}).status_code == 303
    refused = send(browser, sheet, **fields | {"resolution": "متن من", "title": "عنوان من"})
    assert refused.status_code == 412
    tree = LexborHTMLParser(refused.text)
    shown = fields_of(tree)
    assert (shown["resolution"], shown["title"]) == ("متن من", "عنوان من")
    assert [node.text(strip=True) for node in tree.css(".alike .kept")] == ["مهلت مرجوعی", "متن همکار"]
    assert send(browser, sheet, **shown).status_code == 303
    assert browser.get(f"/v1/articles/{article_id}").json()["revision"]["resolution"] == "متن من"


def test_moves_are_offered_where_they_are_allowed_and_explained_where_not(signed_in: SignedIn) -> None:
    author = signed_in()
    article_id = write(author)
    tree = page(author, f"/desk/articles/{article_id}")
    assert tree.css_first("a[href$='/edit']") is not None
    assert tree.css_first("form[action$='/moves/release']") is None
    assert "این کار با نقش «همکار دانش»" in text_of(tree, ".refusals")
    stranger = page(signed_in(), f"/desk/articles/{article_id}")
    assert stranger.css_first("a[href$='/edit']") is None
    refused = move(author, article_id, "archive")
    assert refused.status_code == 403
    assert "نقش «ناشر»" in text_of(LexborHTMLParser(refused.text), ".notice-bad")


def test_an_article_is_reviewed_sent_back_approved_and_released(
    running: Running, signed_in: SignedIn
) -> None:
    author, reviewer, publisher = signed_in(), signed_in(Role.CONTRIBUTOR), signed_in(Role.PUBLISHER)
    article_id = write(author)
    assert move(author, article_id, "request_review").status_code == 303
    assert article_id in reviewer.get("/desk/reviews", headers=HTML).text
    silent = move(reviewer, article_id, "request_changes", comment=" ")
    assert silent.status_code == 422
    assert (
        move(reviewer, article_id, "request_changes", comment="بازه را <b>دقیق</b> بنویسید").status_code
        == 303
    )
    tree = page(author, f"/desk/articles/{article_id}")
    assert "بازه را <b>دقیق</b> بنویسید" in text_of(tree, ".said-by")
    sheet = f"/desk/articles/{article_id}/edit"
    send(author, sheet, **fields_of(page(author, sheet)) | {"resolution": "تا ۷ روز پس از تحویل."})
    move(author, article_id, "request_review")
    assert move(reviewer, article_id, "approve").status_code == 303
    assert move(publisher, article_id, "release").status_code == 303
    running.work()
    assert "پس از تحویل" in text_of(page(publisher, f"/articles/{article_id}"), ".prose")
    tree = page(author, f"/desk/articles/{article_id}/history?old=1&new=2")
    assert text_of(tree, ".diff ins") == "پس از تحویل"
    assert tree.css_first(".diff-added").attributes["dir"] == "rtl"  # type: ignore[union-attr]


def test_nobody_approves_their_own_words(signed_in: SignedIn) -> None:
    author = signed_in(Role.CONTRIBUTOR)
    article_id = write(author)
    move(author, article_id, "request_review")
    tree = page(author, f"/desk/articles/{article_id}")
    assert "همکار دیگری تأیید می‌کند" in text_of(tree, ".refusals")
    assert move(author, article_id, "approve").status_code == 403


def test_earlier_words_are_brought_back(signed_in: SignedIn) -> None:
    browser = signed_in()
    article_id = write(browser)
    sheet = f"/desk/articles/{article_id}/edit"
    send(browser, sheet, **fields_of(page(browser, sheet)) | {"resolution": "متن دوم", "comment": "چون"})
    tree = page(browser, f"/desk/articles/{article_id}/history")
    assert "چون" in text_of(tree, ".rows")
    form = fields_of(tree, "form[action$='/revert']")
    assert send(browser, f"/desk/articles/{article_id}/revert", **form).status_code == 303
    assert browser.get(f"/v1/articles/{article_id}").json()["revision"]["resolution"] == "تا ۷ روز."
    page(browser, f"/desk/articles/{article_id}/history?old=99", status=404)


def test_times_are_set_in_either_calendar_and_bad_ones_are_kept(signed_in: SignedIn) -> None:
    publisher = signed_in(Role.PUBLISHER)
    article_id = write(publisher)
    where = f"/desk/articles/{article_id}/schedule"
    version = version_of(publisher, article_id)
    both = {"version": version, "times": ["release_at", "archive_at"]}
    bad = send(publisher, where, **both, release_at="فردا", archive_at="")
    assert bad.status_code == 422
    assert fields_of(LexborHTMLParser(bad.text), f"form[action='{where}']")["release_at"] == "فردا"
    good = send(publisher, where, **both, release_at="۱۴۲۰/۱/۱ ۹:۳۰", archive_at="2052-01-01")
    assert good.status_code == 303
    kept = publisher.get(f"/v1/articles/{article_id}").json()
    assert kept["release_at"].startswith("2041-03-20T06:00")
    assert kept["archive_at"].startswith("2051-12-31T20:30")
    tree = page(publisher, good.headers["location"])
    assert "۱ فروردین ۱۴۲۰" in text_of(tree, ".desk-main")
    form = fields_of(tree, f"form[action='{where}']")
    assert form["release_at"] == "1420/1/1 09:30"
    cleared = both | {"version": form["version"], "release_at": "", "archive_at": form["archive_at"]}
    assert send(publisher, where, **cleared).status_code == 303
    kept = publisher.get(f"/v1/articles/{article_id}").json()
    assert (kept["release_at"], kept["archive_at"] is None) == (None, False)


def test_files_are_attached_and_removed(signed_in: SignedIn) -> None:
    browser = signed_in()
    article_id = write(browser)
    where = f"/desk/articles/{article_id}/files"
    token = fields_of(page(browser, f"/desk/articles/{article_id}"), "main form")["csrf_token"]
    del browser.headers["X-CSRF-Token"]
    files = {"file": ("راهنما <b>.txt", b"hello", "text/plain")}
    assert browser.post(where, files=files, headers=HTML).status_code == 403
    sent = browser.post(where, files=files, data={"csrf_token": token}, headers=HTML)
    assert sent.status_code == 303
    tree = page(browser, sent.headers["location"])
    assert tree.css_first("a[href*='/attachments/'] b") is None
    form = tree.css_first("form[action$='/remove']")
    assert form is not None
    removed = send(browser, str(form.attributes["action"]), csrf_token=token)
    assert removed.headers["location"].endswith("?done=detached")
    assert send(browser, where, csrf_token=token).status_code == 422


def test_a_translation_begins_with_its_original_and_is_marked_when_behind(
    running: Running, signed_in: SignedIn
) -> None:
    browser = signed_in(Role.PUBLISHER)
    original = running.article(title="مهلت", resolution="تا ۷ روز.")
    fields = fields_of(page(browser, f"/desk/articles/new?translates={original.id}"))
    assert (fields["language"], fields["translates"]) == ("en", original.id)
    article_id = write(browser, **fields | {"title": "Window", "resolution": "7 days."})
    sheet = f"/desk/articles/{original.id}/edit"
    send(browser, sheet, **fields_of(page(browser, sheet)) | {"resolution": "تا ۱۰ روز."})
    move(browser, original.id, "release")
    assert "عقب مانده" in text_of(page(browser, f"/desk/articles/{article_id}"), ".desk-main")
    assert article_id in browser.get("/desk/articles?mark=behind", headers=HTML).text
    sheet = f"/desk/articles/{article_id}/edit"
    caught_up = fields_of(page(browser, sheet)) | {"resolution": "10 days.", "caught_up": "true"}
    assert send(browser, sheet, **caught_up).status_code == 303
    assert "عقب مانده" not in page(browser, f"/desk/articles/{article_id}").text()


def test_merging_is_seen_before_it_is_done(running: Running, signed_in: SignedIn) -> None:
    publisher = signed_in(Role.PUBLISHER)
    into = running.article(title="مقصد ادغام", resolution="پاسخ کامل.")
    away = running.article(title="زائد برای ادغام", resolution="پاسخ ناقص.", issue=["سؤال ادغامی"])
    where = f"/desk/articles/{away.id}/merge"
    tree = page(publisher, f"{where}?into=http://testserver/desk/articles/{into.id}")
    assert "سؤال ادغامی" in text_of(tree, ".box")
    page(signed_in(), f"{where}?into={into.id}", status=403)
    form = fields_of(tree, f"form[method=post][action='{where}']")
    circle = send(publisher, where, **form | {"into": away.id})
    assert circle.status_code == 409
    assert "در خودش" in circle.text
    done = send(publisher, where, **form)
    assert done.headers["location"] == f"/desk/articles/{into.id}?done=merged"
    assert publisher.get(f"/articles/{away.id}", headers=HTML).status_code == 301


def test_the_list_is_narrowed(running: Running, signed_in: SignedIn) -> None:
    browser = signed_in()
    mine = write(browser, title="یگانه‌ترین عنوان فهرست", products="قطارک")
    other = running.draft(title="یگانه‌ترین عنوان دیگری")
    rows = browser.get("/desk/articles?text=یگانه‌ترین", headers=HTML).text
    assert mine in rows
    assert other.id in rows
    for query in ("owner=me", "product=قطارک", "state=work_in_progress&owner=me"):
        rows = browser.get(f"/desk/articles?text=یگانه‌ترین&{query}", headers=HTML).text
        assert mine in rows
        assert other.id not in rows
    tree = page(browser, "/desk/articles?text=هیچ‌کدام‌ازاین‌ها&state=nonsense")
    assert tree.css_first(".rest") is not None


@pytest.mark.parametrize("path", ["", "/edit", "/history", "/merge"])
def test_visitors_see_nothing_of_the_desk(running: Running, client: TestClient, path: str) -> None:
    article = running.article(audience=Audience.PUBLIC)
    answer = client.get(f"/desk/articles/{article.id}{path}", headers=HTML)
    assert answer.status_code == 303
    assert article.id not in answer.text


def test_forms_without_this_sessions_token_are_refused_and_shown(signed_in: SignedIn) -> None:
    browser = signed_in()
    article_id = write(browser)
    fields = fields_of(page(browser, f"/desk/articles/{article_id}/edit"))
    del browser.headers["X-CSRF-Token"]
    fields |= {"csrf_token": "wrong", "resolution": "متن بلندی که با زحمت نوشته شده است"}
    refused = send(browser, f"/desk/articles/{article_id}/edit", **fields)
    assert refused.status_code == 403
    assert "متن بلندی که با زحمت" in refused.text
    for path in ("moves/verify", "schedule", "check", "merge", "revert"):
        assert send(browser, f"/desk/articles/{article_id}/{path}", version=1, number=1).status_code == 403


def test_a_template_fills_the_form(signed_in: SignedIn) -> None:
    browser = signed_in()
    tree = page(browser, "/desk/articles/new")
    link = tree.css_first("main .tabs a")
    assert link is not None
    filled = fields_of(page(browser, str(link.attributes["href"])))
    assert filled["resolution"]
    assert hidden(tree, "main form[data-leave]")["version"] == "0"
