"""The desk's pages about exports and imports, as a browser without JavaScript sees them."""

from collections.abc import Callable
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from kb.vocabulary import Role
from tests.api.conftest import Running
from tests.api.desk.test_notes import send
from tests.api.test_exchange import exported, packed
from tests.api.test_pages import HTML, page, text_of

SignedIn = Callable[..., TestClient]
MANIFEST = b'{"format": "nagofte", "version": 1}'
REFRESH = "meta[http-equiv=refresh]"


def upload(browser: TestClient, name: str, data: bytes, **form: Any) -> Any:
    return browser.post("/desk/exchange/imports", files={"file": (name, data)}, data=form, headers=HTML)


def planned(running: Running, browser: TestClient, name: str, data: bytes, **form: Any) -> str:
    """The path of an import that was planned."""
    sent = upload(browser, name, data, **form)
    assert sent.status_code == 303, sent.text
    running.work()
    return str(sent.headers["location"])


def counts(tree: LexborHTMLParser) -> list[str]:
    return [" ".join(one.text().split()) for one in tree.css(".check-counts li")]


def test_a_file_is_seen_before_it_is_brought_in_and_reported_on_after(
    running: Running, signed_in: SignedIn
) -> None:
    browser = signed_in(Role.MANAGER)
    title = "ساعت کاری <b>انبار</b> کرج؟"
    sent = upload(browser, "faq.csv", f"پرسش,پاسخ\n{title},نه تا بیست\n".encode(), new_audience="public")
    path = sent.headers["location"]
    waiting = page(browser, path)
    assert waiting.css_first(REFRESH) is not None
    assert waiting.css_first("form[action$='/apply']") is None
    running.work()
    plan = page(browser, path)
    assert plan.css_first(REFRESH) is None
    assert counts(plan) == ["۱ تازه"]
    assert text_of(plan, ".rows .row-title") == title
    assert "هنوز چیزی عوض نشده است" in text_of(plan, ".box")
    assert browser.get(f"/v1/articles?text={title}").json()["items"] == []
    assert send(browser, f"{path}/apply").headers["location"] == path
    assert page(browser, path).css_first(REFRESH) is not None
    twice = send(browser, f"{path}/apply")
    assert (twice.status_code, "پیش‌تر آغاز شده" in twice.text) == (409, True)
    running.work()
    done = page(browser, path)
    assert counts(done) == ["۱ ساخته‌شده"]
    link = done.css_first(".rows a.row-title")
    assert link is not None
    assert text_of(page(browser, str(link.attributes["href"])), "h1") == title
    own = page(browser, "/desk/exchange?lang=en")
    assert text_of(own, f".row:has(a[href='{path}']) .badge") == "Done"


def test_what_was_edited_on_both_sides_waits_for_a_decision(running: Running, signed_in: SignedIn) -> None:
    browser = signed_in(Role.MANAGER)
    article = running.article(title="هر دو سو", resolution="متن نخست")
    files = exported(running, browser, {})
    name = f"articles/{article.id}.md"
    mine = {
        "manifest.json": files["manifest.json"],
        name: files[name].replace("متن نخست".encode(), "متن دیگر".encode()),
    }
    edit = {"If-Match": f'"{article.version}"'}
    assert browser.patch(f"/v1/articles/{article.id}", json={"tags": ["ما"]}, headers=edit).status_code == 200
    path = planned(running, browser, "kb.zip", packed(mine))
    plan = page(browser, path)
    assert counts(plan) == ["۱ ویرایش‌شده در هر دو سو"]
    assert [one.attributes["value"] for one in plan.css("input[type=radio]")] == ["theirs", "ours", "new"]
    assert plan.css("input[type=radio][checked]") == []
    why = f"با نسخهٔ {article.version} بیرون رفته و این‌جا نسخهٔ {article.version + 1} است"
    assert why in text_of(plan, ".rows")
    changes = {text.text(strip=True) for text in plan.css(".diff h3")}
    assert {"راه‌حل", "برچسب‌ها"} <= changes
    assert [one.text() for one in plan.css(".diff ins, .diff del")] == ["ما", "نخست", "دیگر"]
    undecided = send(browser, f"{path}/apply")
    assert (undecided.status_code, "بگویید کدام بماند" in undecided.text) == (409, True)
    assert send(browser, f"{path}/apply", on_conflict="ours").status_code == 303
    running.work()
    assert counts(page(browser, path)) == ["۱ کنارگذاشته"]
    assert page(browser, path, 200).css_first("form[action$='/apply']") is None


def test_a_broken_file_stops_all_and_says_where(running: Running, signed_in: SignedIn) -> None:
    browser = signed_in(Role.MANAGER)
    good = b'---\ntitle: "x"\nlanguage: en\n---\n\n# x\n\ntext\n'
    files = {"manifest.json": MANIFEST, "articles/a.md": b"---\nowners: x\n---\n", "articles/b.md": good}
    path = planned(running, browser, "kb.zip", packed(files))
    plan = page(browser, path)
    assert "تا اصلاح نشود" in text_of(plan, ".box .notice-bad")
    assert "articles/a.md، سطر 2: این گونه پرونده فیلد owners ندارد" in text_of(plan, ".rows")
    assert plan.css_first("form[action$='/apply']") is None
    assert len(page(browser, f"{path}?show=failed").css(".rows > .row")) == 1
    assert send(browser, f"{path}/apply").status_code == 409
    unreadable = page(browser, planned(running, browser, "x.zip", b"no archive"))
    assert "x.zip خوانده نشد: بایگانی ZIP نیست یا خراب است" in text_of(unreadable, "[role=alert]")
    assert "--format" not in text_of(unreadable, "main")


def test_long_plans_come_in_pages(running: Running, signed_in: SignedIn) -> None:
    browser = signed_in(Role.MANAGER)
    lines = "".join(f"پرسش شمارهٔ {number}؟,پاسخ\n" for number in range(60))
    path = planned(running, browser, "faq.csv", f"پرسش,پاسخ\n{lines}".encode())
    first = page(browser, path)
    assert len(first.css(".rows > .row")) == 50
    following = first.css_first("a[rel=next]")
    assert following is not None
    address = str(following.attributes["href"]).partition("#")[0]
    assert len(page(browser, address).css(".rows > .row")) == 10


def test_an_export_is_made_followed_and_downloaded(running: Running, signed_in: SignedIn) -> None:
    browser = signed_in(Role.MANAGER)
    running.article(title="بیرون بردنی است")
    form = {"audience": "public", "to": "zendesk", "segments": "", "states": ["validated", "not_validated"]}
    asked = browser.post("/desk/exchange/exports", data=form, headers=HTML)
    path = asked.headers["location"]
    assert page(browser, path).css_first("a[download]") is None
    running.work()
    link = page(browser, path).css_first("a[download]")
    assert link is not None
    file = browser.get(str(link.attributes["href"]))
    assert file.headers["content-disposition"].startswith("attachment")
    assert "بیرون بردنی است" in {one["title"] for one in file.json()["articles"]}
    assert browser.post("/desk/exchange/exports", data={}, headers=HTML).status_code == 303
    wrong = browser.post("/desk/exchange/exports", data={"segments": "ویژه"}, headers=HTML)
    assert (wrong.status_code, 'value="ویژه"' in wrong.text) == (422, True)
    running.work()


def test_what_is_refused_says_why_and_keeps_what_was_chosen(running: Running, signed_in: SignedIn) -> None:
    browser = signed_in(Role.MANAGER)
    nothing = browser.post("/desk/exchange/imports", data={"owner": "nobody-here"}, headers=HTML)
    assert nothing.status_code == 422
    assert "پرونده‌ای انتخاب کنید" in nothing.text
    assert 'value="nobody-here"' in nothing.text
    unknown = page(browser, planned(running, browser, "a.csv", b"q,a\nx,y\n", owner="nobody-here"))
    assert "nobody-here" in text_of(unknown, "[role=alert]")
    people = upload(browser, "a.csv", b"q,a\nx,y\n", people="true")
    assert (people.status_code, "مدیر سامانه" in people.text) == (403, True)
    assert page(browser, "/desk/exchange").css_first("input[name=people]") is None
    assert page(signed_in(Role.ADMIN), "/desk/exchange").css_first("input[name=people]") is not None
    large = b"0" * (running.service.settings.upload_limit_bytes + 10)
    assert upload(browser, "a.zip", large).status_code == 413


def test_the_sixth_at_once_is_asked_to_wait(running: Running, signed_in: SignedIn) -> None:
    browser = signed_in(Role.MANAGER)
    answers = [browser.post("/desk/exchange/exports", data={}, headers=HTML) for _ in range(6)]
    assert [one.status_code for one in answers] == [303] * 5 + [409]
    assert "پنج کار شما" in answers[-1].text
    running.work()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
def test_everybody_sees_their_own_alone(running: Running, signed_in: SignedIn, role: Role) -> None:
    mine, other = signed_in(Role.MANAGER), signed_in(role)
    path = planned(running, mine, "mine.csv", b"q,a\nx,y\n")
    export = send(mine, "/desk/exchange/exports").headers["location"]
    running.work()
    for address in (path, export):
        assert other.get(address, headers=HTML).status_code == 404
    assert send(other, f"{path}/apply").status_code == 404
    assert "mine.csv" not in other.get("/desk/exchange", headers=HTML).text
    assert text_of(page(other, "/desk/exchange"), ".rest")
    publisher = signed_in(Role.PUBLISHER)
    assert publisher.get("/desk/exchange", headers=HTML).status_code == 403
    assert page(publisher, "/desk").css_first("a[href='/desk/exchange']") is None
