"""Flagging and upkeep with a browser, without a script."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from kb.article import Article
from kb.clock import utc_now
from kb.flag import Flag
from kb.hyperlink import Tried, keep_hyperlinks
from kb.reminder import KINDS, Digest, keep_reminders
from kb.vocabulary import Audience, FlagState, Role
from tests.api.conftest import SECRET, Running
from tests.api.test_pages import HTML, page, text_of
from tests.factories import make_person

SignedIn = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def _uncounted(running: Running) -> Iterator[None]:
    limit = running.service.visitor_limit
    limit._sent.clear()
    yield
    limit._sent.clear()


@pytest.fixture
def article(running: Running) -> Article:
    return running.article(title="مهلت مرجوعی کفش", resolution="تا هفت روز.")


def sent(browser: TestClient, article_id: str, **given: str) -> tuple[int, str]:
    form = {"kind": "article", "id": article_id} | given
    answer = browser.post("/flag", data=form, headers=HTML)
    return answer.status_code, answer.headers.get("location", answer.text)


def flags_of(running: Running, article_id: str) -> list[Flag]:
    with running.service.database.reading() as session:
        return list(session.query(Flag).filter(Flag.origin_id == article_id).order_by(Flag.id))


def test_every_page_and_every_hit_leads_to_the_form(client: TestClient, article: Article) -> None:
    address = f"/flag?kind=article&id={article.id}"
    assert page(client, f"/articles/{article.id}").css_first(f".flag-link a[href='{address}']") is not None
    links = page(client, "/?q=مهلت مرجوعی کفش").css(f"#hit-{article.id} .flag-link a")
    assert [str(link.attributes["href"]).startswith(address + "&q=") for link in links] == [True]
    tree = page(client, address)
    assert "مهلت مرجوعی کفش" in text_of(tree, "main")
    assert len(tree.css("input[name=reason]")) == 5


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_visitor_s_report_arrives(
    client: TestClient, running: Running, article: Article, language: str
) -> None:
    status, where = sent(client, article.id, reason="stale", text="کهنه است", q="کفش")
    assert (status, where) == (303, f"/flagged?kind=article&id={article.id}")
    thanks = page(client, f"{where}&lang={language}")
    assert thanks.css_first("a.button[href*='/desk/']") is None
    (flag,) = flags_of(running, article.id)
    assert (flag.raised_by, flag.text, flag.query) == ("anonymous", "کهنه است", "کفش")


def test_a_refused_report_keeps_what_was_typed(client: TestClient, article: Article) -> None:
    status, html = sent(client, article.id, reason="other", text=" ")
    assert status == 422
    assert "notice-bad" in html
    status, html = sent(client, article.id, reason="wrong", text="خیلی " * 300)
    assert status == 422
    assert html.count("خیلی") == 300
    for _ in range(10):
        sent(client, article.id, reason="wrong")
    status, html = sent(client, article.id, reason="wrong", text="شمارهٔ نادرست")
    assert status == 429
    assert "شمارهٔ نادرست" in html


def test_what_a_visitor_cannot_see_has_no_form(client: TestClient, library: dict[str, str]) -> None:
    for article_id in (library["internal"], "none"):
        answer = client.get(f"/flag?kind=article&id={article_id}", headers=HTML)
        assert answer.status_code == 404
        assert SECRET not in answer.text
        assert sent(client, article_id, reason="wrong")[0] == 404


def test_who_may_edit_is_offered_to_fix_it_now(signed_in: SignedIn, article: Article) -> None:
    browser = signed_in(Role.CONTRIBUTOR)
    _, where = sent(browser, article.id, reason="wrong")
    fix = page(browser, where).css_first("a.button[href^='/desk/articles/']")
    assert fix is not None


def test_a_flag_is_taken_closed_and_opened_again_at_the_desk(
    signed_in: SignedIn, running: Running, article: Article
) -> None:
    sent(signed_in(), article.id, reason="wrong", text="نشانی نادرست است")
    (flag,) = flags_of(running, article.id)
    curator, path = signed_in(Role.CONTRIBUTOR), f"/desk/flags/{flag.id}"
    assert "نشانی نادرست است" in text_of(page(curator, "/desk/flags"), f"#flag-{flag.id}")
    assert curator.post(f"{path}/take", headers=HTML).status_code == 303
    refused = curator.post(f"{path}/close", data={"state": "dismissed"}, headers=HTML)
    assert refused.status_code == 422
    form = {"state": "fixed", "outcome": "اصلاح شد"}
    assert curator.post(f"{path}/close", data=form, headers=HTML).status_code == 303
    assert flags_of(running, article.id)[0].state is FlagState.FIXED
    tree = page(curator, "/desk/flags?show=closed&done=closed")
    assert "اصلاح شد" in text_of(tree, f"#flag-{flag.id}")
    assert tree.css_first(".notice-good[role=status]") is not None
    assert curator.post(f"{path}/reopen", headers=HTML).status_code == 303
    assert page(curator, "/desk/flags").css_first(f"#flag-{flag.id}") is not None


def test_an_agent_sees_what_came_of_their_report_and_decides_on_nothing(
    signed_in: SignedIn, running: Running, article: Article
) -> None:
    browser = signed_in()
    sent(browser, article.id, reason="wrong")
    (flag,) = flags_of(running, article.id)
    tree = page(browser, "/desk/flags?show=raised")
    assert tree.css_first(f"#flag-{flag.id}") is not None
    assert tree.css_first(f"#flag-{flag.id} form") is None
    assert browser.post(f"/desk/flags/{flag.id}/take", headers=HTML).status_code == 403


def overdue(running: Running, **fields: object) -> Article:
    article = running.article(title="سررسید گذشته", **fields)
    at = utc_now() - timedelta(days=3)
    with running.service.database.transaction() as session:
        session.execute(update(Article).where(Article.id == article.id).values(verify_due_at=at))
    return article


def test_what_is_due_is_verified_at_the_desk(signed_in: SignedIn, running: Running) -> None:
    article = overdue(running, audience=Audience.INTERNAL)
    browser = signed_in(Role.CONTRIBUTOR)
    form = page(browser, "/desk/upkeep").css_first(f"form[action='/desk/upkeep/{article.id}/verify']")
    assert form is not None
    version = form.css_first("input[name=version]")
    assert version is not None
    values = {"version": str(version.attributes["value"]), "back": "expired"}
    done = browser.post(f"/desk/upkeep/{article.id}/verify", data=values, headers=HTML)
    assert (done.status_code, done.headers["location"]) == (303, "/desk/upkeep?queue=expired&done=verified")
    assert page(browser, done.headers["location"]).css_first(f"a[href='/articles/{article.id}']") is None
    again = browser.post(f"/desk/upkeep/{article.id}/verify", data=values, headers=HTML)
    assert again.status_code == 412


@pytest.mark.parametrize("language", ["fa", "en"])
def test_reminders_are_read_and_seen(
    signed_in: SignedIn, running: Running, article: Article, client: TestClient, language: str
) -> None:
    browser = signed_in()
    me = browser.get("/v1/session").json()["id"]
    named = [{"kind": "article", "id": article.id, "title": "مهلت مرجوعی کفش"}]
    data = {kind: {"count": 1, "first": named} for kind in KINDS}
    now = utc_now()
    with running.service.database.transaction() as session:
        keep_reminders(session, digests=[Digest(me, data)], day=now.date(), now=now)
    (shown,) = browser.get("/v1/reminders").json()["items"]
    assert shown["waiting"]["flags"]["first"][0]["url"] == f"/articles/{article.id}"
    tree = page(browser, f"/desk/reminders?lang={language}")
    assert len(tree.css(".told-list > li")) == len(KINDS)
    assert browser.post(f"/desk/reminders/{shown['id']}/seen", headers=HTML).status_code == 303
    assert browser.get("/v1/reminders").json()["items"][0]["seen_at"]
    other = signed_in()
    assert other.get("/v1/reminders").json()["items"] == []
    assert other.post(f"/v1/reminders/{shown['id']}/seen").status_code == 404
    assert client.get("/v1/reminders").status_code == 401


@pytest.mark.parametrize("language", ["fa", "en"])
def test_broken_links_are_listed_with_a_reason(
    signed_in: SignedIn, running: Running, client: TestClient, language: str
) -> None:
    article = running.article(title="پیوند شکسته", resolution="[فرم](/articles/none)")
    tried = Tried("/articles/none", True, "no_such_article", utc_now())
    odd = Tried("https://example.org/", True, "418", utc_now())
    with running.service.database.transaction() as session:
        keep_hyperlinks(session, article_id=article.id, tried=[tried, odd])
    browser = signed_in(Role.CONTRIBUTOR)
    tree = page(browser, f"/desk/upkeep/links?lang={language}")
    assert tree.css_first(f"a[href='/articles/{article.id}']") is not None
    assert "418" in text_of(tree, ".broken-links")
    given = {"article_id": article.id, "broken": True}
    items = browser.get("/v1/hyperlinks", params=given).json()["items"]
    assert [one["outcome"] for one in items] == ["no_such_article", "418"]
    assert client.get("/v1/hyperlinks").status_code == 401
    with running.service.database.transaction() as session:
        keep_hyperlinks(session, article_id=article.id, tried=[])


def test_queues_are_narrowed_by_owner_and_counted(signed_in: SignedIn, running: Running) -> None:
    with running.service.database.transaction() as session:
        person = make_person(session)
    article = overdue(running, owner_id=person.id)
    browser = signed_in()
    tree = page(browser, f"/desk/upkeep?owner=person:{person.id}")
    assert [a.attributes["href"] for a in tree.css(".row-title")] == [f"/articles/{article.id}"]
    assert text_of(tree, ".tabs a[aria-current] .count-badge") == "۱"
    assert page(browser, "/desk/upkeep?mine=true").css(".row-title") == []
    assert page(browser, "/desk/upkeep?queue=unused&days=1&lang=en").css_first("#f-days") is not None
    assert browser.get("/desk/upkeep?queue=none", headers=HTML).status_code == 422


def test_a_manager_gives_a_leaving_colleague_s_articles_to_others(
    signed_in: SignedIn, running: Running
) -> None:
    with running.service.database.transaction() as session:
        leaving, staying = make_person(session), make_person(session)
    article = overdue(running, owner_id=leaving.id)
    form = {"from_owner": f"person:{leaving.id}", "to_owner": f"person:{staying.id}"}
    assert page(signed_in(), "/desk/upkeep").css_first("form[action$=reassign]") is None
    assert signed_in().post("/desk/upkeep/reassign", data=form, headers=HTML).status_code == 403
    manager = signed_in(Role.MANAGER)
    assert page(manager, "/desk/upkeep").css_first("form[action$=reassign]") is not None
    empty = manager.post("/desk/upkeep/reassign", data={}, headers=HTML)
    assert empty.status_code == 422
    assert manager.post("/desk/upkeep/reassign", data=form, headers=HTML).status_code == 303
    tree = page(manager, f"/desk/upkeep?queue=unverified&owner=person:{staying.id}")
    assert [a.attributes["href"] for a in tree.css(".row-title")] == [f"/articles/{article.id}"]
