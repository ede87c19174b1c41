"""The content standard on the desk's article page, as a browser without JavaScript sees it."""

from collections.abc import Callable
from typing import Any

from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from kb.article import Article
from kb.article.checklist import ticked_items
from kb.vocabulary import ContentItem, Role
from tests.api.conftest import Running
from tests.api.desk.test_articles import move
from tests.api.desk.test_notes import hidden, send
from tests.api.test_pages import page, text_of

SignedIn = Callable[..., TestClient]
TEXT = "پول پس از تأیید مرجوعی تا پنج روز کاری به همان کارت برمی‌گردد. [فرم](/articles/none)"
FORM = "form[action$='/checklist']"


def see(browser: TestClient, article: Article, query: str = "") -> LexborHTMLParser:
    return page(browser, f"/desk/articles/{article.id}{query}")


def tick(browser: TestClient, article: Article, tree: LexborHTMLParser, **said: str) -> Any:
    """Send the form of a page that was looked at."""
    return send(browser, f"/desk/articles/{article.id}/checklist", **hidden(tree, FORM), **said)


def ticks(running: Running, revision_id: str | None) -> dict[ContentItem, tuple[bool, str]]:
    with running.service.database.reading() as session:
        found = ticked_items(session, revision_id=revision_id or "")
    return {item: (one.is_met, one.comment) for item, one in found.items()}


def test_findings_stand_with_their_places_beside_what_people_say(
    running: Running, signed_in: SignedIn
) -> None:
    article = running.draft(title="زمان برگشت پول", resolution=TEXT, issue=["پولم کی میاد؟"])
    browser = signed_in(Role.CONTRIBUTOR)
    tree = see(browser, article)
    box = text_of(tree, "#standard")
    assert "کسی مسئول این مقاله نیست" in box
    assert tree.css_first("#standard > details[open]") is None
    assert [quote.text() for quote in tree.css("#standard q")] == ["/articles/none"]
    said = {"said_clear": "met", "said_links": "unmet", "comment_links": "نشانی <b>تازه</b> را بگذارید"}
    kept = tick(browser, article, tree, **said)
    assert kept.headers["location"].endswith("?standard=true&done=ticked#standard")
    assert ticks(running, article.working_revision_id) == {
        ContentItem.CLEAR: (True, ""),
        ContentItem.LINKS: (False, "نشانی <b>تازه</b> را بگذارید"),
    }
    tree = see(browser, article)
    assert tree.css_first("#standard .said-text b") is None
    checked = {str(one.attributes["name"]) for one in tree.css("#standard input[value=met][checked]")}
    assert checked == {"said_clear"}
    # Sent again as it stands, less one answer, it takes back that one alone.
    tick(browser, article, tree, said_clear="met")
    assert set(ticks(running, article.working_revision_id)) == {ContentItem.CLEAR}
    english = see(browser, article, "?lang=en")
    assert "Nobody owns this article." in text_of(english, "#standard")


def test_whoever_comes_late_overwrites_nothing_and_loses_nothing(
    running: Running, signed_in: SignedIn
) -> None:
    article = running.draft(resolution=TEXT)
    one, other = signed_in(Role.CONTRIBUTOR), signed_in(Role.CONTRIBUTOR)
    seen = see(one, article)
    assert tick(other, article, see(other, article), said_title="met").status_code == 303
    late = tick(one, article, seen, said_title="unmet", comment_title="مبهم است")
    assert late.status_code == 412
    assert ticks(running, article.working_revision_id) == {ContentItem.TITLE: (True, "")}
    tree = LexborHTMLParser(late.text)
    (typed,) = tree.css("#standard input[name=comment_title]")
    assert typed.attributes["value"] == "مبهم است"
    again = tick(one, article, tree, said_title="unmet", comment_title="مبهم است")
    assert again.status_code == 303
    assert ticks(running, article.working_revision_id) == {ContentItem.TITLE: (False, "مبهم است")}


def test_a_comment_without_an_answer_is_asked_about(running: Running, signed_in: SignedIn) -> None:
    article = running.draft(resolution=TEXT)
    browser = signed_in(Role.CONTRIBUTOR)
    refused = tick(browser, article, see(browser, article), comment_clear="جملهٔ دوم بلند است")
    assert refused.status_code == 422
    assert 'value="جملهٔ دوم بلند است"' in refused.text
    assert ticks(running, article.working_revision_id) == {}


def test_what_was_said_of_an_older_revision_stays_there(running: Running, signed_in: SignedIn) -> None:
    article = running.draft(resolution=TEXT)
    browser = signed_in(Role.CONTRIBUTOR)
    seen = see(browser, article)
    revised = browser.post(
        f"/v1/articles/{article.id}/revisions", json={"title": "تازه"}, headers={"If-Match": '"1"'}
    )
    assert revised.status_code == 201
    kept = tick(browser, article, seen, said_clear="met")
    assert "done=ticked_older" in kept.headers["location"]
    assert set(ticks(running, article.working_revision_id)) == {ContentItem.CLEAR}
    assert see(browser, article).css("#standard input[value=met][checked]") == []


def test_a_reviewer_sees_how_it_stands_before_approving(running: Running, signed_in: SignedIn) -> None:
    article = running.draft(resolution=TEXT, issue=["پولم کی میاد؟"])
    author, reviewer = signed_in(Role.CONTRIBUTOR), signed_in(Role.PUBLISHER)
    assert move(author, article.id, "request_review").status_code == 303
    tick(reviewer, article, see(reviewer, article), said_clear="met", said_title="met", said_complete="met")
    tree = see(reviewer, article)
    assert tree.css_first("#standard > details[open]") is not None
    summary = text_of(tree, ".box[aria-labelledby=review]")
    assert "فهرست کیفیت: ۴ مورد برقرار، ۲ مورد نه، ۰ مورد" in summary.replace("\n", " ")


def test_nothing_is_looked_into_unless_somebody_works_on_it_or_asks(
    running: Running, signed_in: SignedIn
) -> None:
    article = running.article(title="مهلت ثبت مرجوعی", resolution=TEXT)
    agent = signed_in(Role.AGENT)
    tree = see(agent, article)
    assert tree.css_first("#standard") is None
    link = tree.css_first("a[href$='?standard=true#standard']")
    assert link is not None
    asked = see(agent, article, "?standard=true")
    assert asked.css_first("#standard") is not None
    # An agent does not edit what was released, and so says nothing about it.
    assert asked.css_first(FORM) is None
    refused = send(agent, f"/desk/articles/{article.id}/checklist", revision="1", seen="0 ", said_clear="met")
    assert refused.status_code == 403
