"""Set times at the desk that were not kept, or will not be: what is said, and what can be done."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from kb.article import Article
from kb.clock import utc_now
from kb.outbox import enqueue
from kb.vocabulary import JobName, Role
from tests.api.conftest import Running
from tests.api.desk.test_articles import fields_of, write
from tests.api.desk.test_notes import send
from tests.api.test_pages import HTML, page, text_of

SignedIn = Callable[..., TestClient]
BOX = "section[aria-labelledby=unkept]"


def schedule(browser: TestClient, article_id: str, at: str) -> None:
    where = f"/desk/articles/{article_id}/schedule"
    form = fields_of(page(browser, f"/desk/articles/{article_id}"), f"form[action='{where}']")
    sent: dict[str, Any] = form | {"times": "release_at", "release_at": at}
    assert send(browser, where, **sent).status_code == 303


def revise(browser: TestClient, article_id: str, title: str = "متن تازه") -> None:
    sheet = f"/desk/articles/{article_id}/edit"
    assert send(browser, sheet, **fields_of(page(browser, sheet)) | {"title": title}).status_code == 303


def unkept(browser: TestClient, running: Running) -> str:
    """An article whose text changed before the time of its release came; its id."""
    article_id = write(browser)
    schedule(browser, article_id, "2052-01-01 9:30")
    revise(browser, article_id)
    with running.service.database.transaction() as session:
        session.get_one(Article, article_id).release_at = utc_now()
        enqueue(session, name=JobName.MOVE_ARTICLE, subject_id=article_id, due_at=utc_now())
    running.work()
    return article_id


def press(browser: TestClient, article_id: str, number: int) -> Any:
    """Send one of the forms of the box."""
    form = page(browser, f"/desk/articles/{article_id}").css(f"{BOX} form")[number]
    fields = {str(one.attributes["name"]): one.attributes["value"] or "" for one in form.css("input")}
    return send(browser, str(form.attributes["action"]), **fields)


def test_a_text_that_changed_is_scheduled_anew_or_not_at_all(signed_in: SignedIn) -> None:
    browser = signed_in(Role.PUBLISHER)
    article_id = write(browser)
    schedule(browser, article_id, "2052-01-01 9:30")
    assert page(browser, f"/desk/articles/{article_id}").css_first(BOX) is None
    revise(browser, article_id)
    assert "انجام نخواهد شد" in text_of(page(browser, f"/desk/articles/{article_id}"), BOX)
    assert press(browser, article_id, 0).status_code == 303
    kept = browser.get(f"/v1/articles/{article_id}").json()
    assert kept["scheduled_revision_id"] == kept["revision"]["id"]
    assert page(browser, f"/desk/articles/{article_id}").css_first(BOX) is None
    revise(browser, article_id, "و باز")
    assert press(browser, article_id, 1).status_code == 303
    assert browser.get(f"/v1/articles/{article_id}").json()["release_at"] is None


def test_a_release_that_was_not_made_says_why_and_is_made_by_hand(
    signed_in: SignedIn, running: Running
) -> None:
    browser = signed_in(Role.PUBLISHER)
    article_id = unkept(browser, running)
    found = browser.get(f"/v1/articles/{article_id}", headers={"Accept-Language": "en"}).json()
    assert (found["unkept"]["code"], found["is_released"]) == ("revision_overtaken", False)
    box = text_of(page(browser, f"/desk/articles/{article_id}"), BOX)
    assert "متن پس از تعیین زمان انتشار عوض شده است" in box
    assert press(browser, article_id, 0).status_code == 303
    found = browser.get(f"/v1/articles/{article_id}").json()
    assert (found["unkept"], found["is_released"], found["release_at"]) == (None, True, None)


def test_it_waits_at_the_desk_with_its_reason(signed_in: SignedIn, running: Running) -> None:
    browser = signed_in(Role.PUBLISHER)
    assert "زمان‌بندی‌هایی که انجام نشد" not in page(browser, "/desk").html
    article_id = unkept(browser, running)
    tile = page(browser, "/desk").css_first("a.tile[href*=unkept]")
    assert tile is not None
    assert text_of(page(browser, "/desk"), "a.tile[href*=unkept] .tile-count") == "۱"
    tree = page(browser, str(tile.attributes["href"]))
    (row,) = tree.css(".rows .row")
    assert f"/desk/articles/{article_id}" in str(row.html)
    assert "متن پس از تعیین زمان انتشار عوض شده است" in row.text()
    found = browser.get("/v1/articles", params={"unkept": True}).json()["items"]
    assert article_id in [one["id"] for one in found]
    stranger = signed_in(Role.PUBLISHER)
    assert page(stranger, str(tile.attributes["href"])).css(".rows .row") == []
    assert article_id in stranger.get("/desk/articles?mark=unkept", headers=HTML).text


def test_a_release_that_was_not_made_is_dropped_by_who_may(signed_in: SignedIn, running: Running) -> None:
    browser = signed_in(Role.PUBLISHER)
    article_id = unkept(browser, running)
    assert page(signed_in(Role.AGENT), f"/desk/articles/{article_id}").css(f"{BOX} form") == []
    assert press(browser, article_id, 1).status_code == 303
    found = browser.get(f"/v1/articles/{article_id}").json()
    assert (found["unkept"], found["is_released"], found["release_at"]) == (None, False, None)
