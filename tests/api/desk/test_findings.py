"""Findings on the desk: side by side, decided with a reason."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete
from starlette.testclient import TestClient

from kb.clock import utc_now
from kb.finding import Finding, FindingDraft, keep_findings
from kb.vocabulary import FindingKind, OriginKind, Role
from tests.api.conftest import Running
from tests.api.desk.test_notes import send
from tests.api.test_pages import HTML, page, text_of

SignedIn = Callable[..., TestClient]


@pytest.fixture
def found(running: Running) -> Iterator[tuple[str, str]]:
    """A contradiction and a duplicate between the same two articles; the articles' ids."""
    one = running.article(title="مهلت الف", resolution="تا ۷ روز.")
    two = running.article(title="مهلت <b>ب</b>", resolution="تا ۱۰ روز.")
    sides = ((OriginKind.ARTICLE, one.id), (OriginKind.ARTICLE, two.id))
    contradiction = {
        "left": [{"sentence": "تا ۷ روز.", "fact": "۷ روز"}],
        "right": [{"sentence": "تا ۱۰ روز.", "fact": "۱۰ روز"}],
        "reasons": [{"kind": "duration", "fa": "دو مهلت", "en": "two windows"}],
    }
    duplicate = {"left": {"only": ["الف"]}, "right": {"only": ["<i>ب</i>"]}, "shared": ["مهلت"]}
    drafts = [
        FindingDraft(FindingKind.CONTRADICTION, *sides, 0.8, contradiction),
        FindingDraft(FindingKind.DUPLICATE, *sides, 0.9, duplicate),
    ]
    with running.service.database.transaction() as session:
        keep_findings(session, found=drafts, now=utc_now())
    yield one.id, two.id
    with running.service.database.transaction() as session:
        session.execute(delete(Finding))


def test_both_sides_are_shown_with_what_differs(signed_in: SignedIn, found: tuple[str, str]) -> None:
    tree = page(signed_in(Role.CONTRIBUTOR), "/desk/findings?kind=contradiction")
    assert "دو مهلت" in text_of(tree, ".finding")
    assert [fact.text() for fact in tree.css(".said-fact strong")] == ["۷ روز", "۱۰ روز"]
    assert tree.css_first(".finding h3 b") is None
    duplicates = page(signed_in(Role.PUBLISHER), "/desk/findings?kind=duplicate")
    assert "مهلت" in text_of(duplicates, ".word")
    assert duplicates.css_first(".word i") is None
    assert len(duplicates.css("a[href*='/merge?into=']")) == 2
    english = page(signed_in(Role.CONTRIBUTOR), "/desk/findings?kind=contradiction&lang=en")
    assert "two windows" in text_of(english, ".finding")


def test_a_finding_is_dismissed_with_a_reason_and_opened_again(
    signed_in: SignedIn, found: tuple[str, str]
) -> None:
    browser = signed_in(Role.CONTRIBUTOR)
    form = page(browser, "/desk/findings?kind=duplicate").css_first("form[action$='/dismiss']")
    assert form is not None
    where = str(form.attributes["action"])
    silent = send(browser, where, comment=" ", kind="duplicate")
    assert silent.status_code == 422
    assert send(browser, where, comment="دو طرح جدا هستند", kind="duplicate").status_code == 303
    assert page(browser, "/desk/findings?kind=duplicate").css_first(".finding") is None
    tree = page(browser, "/desk/findings?state=dismissed")
    assert "دو طرح جدا هستند" in text_of(tree, ".finding")
    again = tree.css_first("form[action$='/reopen']")
    assert again is not None
    assert send(browser, str(again.attributes["action"])).status_code == 303
    assert page(browser, "/desk/findings?kind=duplicate").css_first(".finding") is not None


def test_an_agent_reads_and_does_not_decide(signed_in: SignedIn, found: tuple[str, str]) -> None:
    browser = signed_in()
    tree = page(browser, "/desk/findings")
    assert len(tree.css(".finding")) == 2
    assert tree.css_first("form[action$='/dismiss']") is None
    form = page(signed_in(Role.CONTRIBUTOR), "/desk/findings").css_first("form[action$='/dismiss']")
    assert form is not None
    assert send(browser, str(form.attributes["action"]), comment="نه").status_code == 403
    assert browser.get("/desk/findings", headers=HTML).status_code == 200
