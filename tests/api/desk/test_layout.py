"""The desk's frame: who gets in, what waits, and that nothing typed is lost."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.web.desk.forms import lines_of, names_of
from api.web.desk.navigation import SECTIONS, WAITING, menu_of
from api.web.desk.texts import DESK_TEXTS
from api.web.texts import PORTAL_TEXTS, TEXTS
from kb.visibility import Caller, CallerKind
from kb.vocabulary import Role, Scope
from kb.waiting import Waiting
from tests.api.conftest import Running
from tests.api.test_pages import HTML, page, text_of

Key = Callable[..., dict[str, str]]


def test_visitors_are_sent_to_sign_in_and_come_back(client: TestClient) -> None:
    answer = client.get("/desk", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fdesk")


def test_the_desk_is_for_people_and_not_for_keys(client: TestClient, key: Key) -> None:
    assert client.get("/desk", headers=key(*Scope) | HTML).status_code == 403


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_first_page_greets_and_shows_where_one_is(
    signed_in: Callable[..., TestClient], running: Running, language: str
) -> None:
    tree = page(signed_in(), f"/desk?lang={language}")
    assert tree.css_first("h1") is not None
    here = tree.css_first(".desk-menu [aria-current=page]")
    assert here is not None
    assert here.attributes["href"] == "/desk"
    assert tree.css_first(".bar-links a[href='/desk']") is not None


def test_every_section_and_everything_that_waits_has_words() -> None:
    assert {f"desk_nav_{one.name}" for one in SECTIONS} <= set(TEXTS)
    for one in WAITING:
        assert {f"waiting_{one.name}", f"waiting_{one.name}_help"} <= set(TEXTS)
        assert hasattr(Waiting(), one.name)
    assert not set(DESK_TEXTS) & set(PORTAL_TEXTS)


def test_the_menu_counts_what_waits_and_leaves_out_what_is_not_for_the_role() -> None:
    for role in Role:
        menu = menu_of(Caller(CallerKind.PERSON, "1", role), Waiting(drafts=2), section="overview")
        assert {item.name for item in menu} == {
            one.name for one in SECTIONS if list(Role).index(one.role) <= list(Role).index(role)
        }
        assert [item.name for item in menu if item.is_here] == ["overview"]


def test_what_was_typed_is_shown_when_its_form_is_refused(
    client: TestClient, signed_in: Callable[..., TestClient]
) -> None:
    typed = "این را با زحمت نوشته بودم <b>همه‌اش</b>"
    form = {"query": typed, "kind": "article", "origin_id": "1"}
    signed_out = client.post("/answered", data=form, headers=HTML)
    assert signed_out.status_code == 401
    assert "&lt;b&gt;همه‌اش" in signed_out.text
    assert "وارد شوید" in signed_out.text
    browser = signed_in()
    del browser.headers["X-CSRF-Token"]
    refused = browser.post("/answered", data=form | {"csrf_token": "wrong"}, headers=HTML)
    assert refused.status_code == 403
    assert "این را با زحمت نوشته بودم" in refused.text
    assert "wrong" not in refused.text


def test_a_password_is_never_shown_again(client: TestClient) -> None:
    answer = client.post("/sign-in", data={"password": "x" * 2000, "login": "a"}, headers=HTML)
    assert "x" * 30 not in answer.text


def test_names_and_lines_are_parted_as_people_part_them() -> None:
    assert names_of("کیف پول، بازگشت,ارسال\nمرجوعی ؛ ") == ["کیف پول", "بازگشت", "ارسال", "مرجوعی"]
    assert lines_of("یک، دو\n\n  سه ") == ["یک، دو", "سه"]


def test_what_was_done_is_said_once_and_only_in_our_words(signed_in: Callable[..., TestClient]) -> None:
    tree = page(signed_in(), "/desk?done=<script>")
    assert tree.css_first(".notice-good") is None
    assert text_of(tree, ".desk-menu [aria-current]")
