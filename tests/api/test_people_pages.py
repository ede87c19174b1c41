"""The pages of one's own account, of people and of teams, as a browser without JavaScript sees them."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from api.web.people.agents import Agent, agent_of
from kb.user import User, create_user
from kb.visibility import OPERATOR
from kb.vocabulary import Role
from tests.api.conftest import AS_OPERATOR, Running

PASSWORD = "Wr8-kettle-horse"
ANOTHER = "Another-1-kettle"


class Person:
    """Somebody at a browser."""

    def __init__(self, running: Running, user: User, password: str = PASSWORD) -> None:
        self.user = user
        self.browser = TestClient(running.app, follow_redirects=False, headers={"Accept": "text/html"})
        form = {"login": user.login, "password": password}
        assert self.browser.post("/sign-in", data=form).status_code == 303

    def see(self, path: str, status: int = 200) -> LexborHTMLParser:
        answer = self.browser.get(path)
        assert answer.status_code == status, answer.text
        return LexborHTMLParser(answer.text)

    def send(self, path: str, **form: Any) -> Any:
        token = self.browser.get("/v1/session").json()["csrf_token"]
        return self.browser.post(path, data={"csrf_token": token, **form})


@pytest.fixture
def somebody(running: Running) -> Callable[..., Person]:
    """`somebody(role)`: a person with a password, signed in."""

    def make(role: Role = Role.AGENT, **given: Any) -> Person:
        values = {"login": f"p-{uuid.uuid4().hex[:10]}", "name": "سارا", "password": PASSWORD, **given}
        with running.service.database.transaction() as session:
            user = create_user(session, caller=OPERATOR, role=role, **values)
        return Person(running, user)

    return make


def alert(answer: Any) -> str:
    node = LexborHTMLParser(answer.text).css_first("[role=alert]")
    assert node is not None
    return str(node.text(strip=True))


def test_the_account_page_says_who_one_is_and_where_one_is_signed_in(
    running: Running, somebody: Callable[..., Person]
) -> None:
    me = somebody(name="<b>سارا</b>", teams=["پرداخت"], email="s@example.com")
    Person(running, me.user)
    page = me.see("/account")
    text = page.body.text() if page.body else ""
    assert all(word in text for word in ("<b>سارا</b>", "پشتیبان", "پرداخت", "s@example.com"))
    assert len(page.css(".rows .row")) == 2
    assert len(page.css(".rows form")) == 1  # not the one of this browser


def test_ones_password_is_changed_only_by_whoever_knows_it(
    running: Running, somebody: Callable[..., Person]
) -> None:
    me = somebody()
    other = Person(running, me.user)
    wrong = me.send("/account/password", password="wrong", new_password=ANOTHER)
    assert (wrong.status_code, "نادرست" in alert(wrong)) == (403, True)
    weak = me.send("/account/password", password=PASSWORD, new_password="short")
    assert (weak.status_code, ANOTHER in weak.text) == (422, False)
    assert me.send("/account/password", password=PASSWORD, new_password=ANOTHER).status_code == 303
    assert me.see("/account").css_first("h1") is not None
    assert other.browser.get("/account").status_code == 303  # signed out
    Person(running, me.user, ANOTHER)


def test_guessing_the_password_in_an_open_browser_is_slowed_down(somebody: Callable[..., Person]) -> None:
    me = somebody()
    codes = [me.send("/account/password", password="x", new_password=ANOTHER).status_code for _ in range(9)]
    assert codes == [403] * 8 + [429]


def test_ones_other_sign_ins_are_ended(running: Running, somebody: Callable[..., Person]) -> None:
    me = somebody()
    one, two, three = (Person(running, me.user) for _ in range(3))
    action = me.see("/account").css(".rows form")[0].attributes["action"]
    assert me.send(str(action)).status_code == 303
    assert me.send("/account/sessions/end-others").headers["Location"] == "/account?done=ended"
    assert [p.browser.get("/account").status_code for p in (me, one, two, three)] == [200, 303, 303, 303]
    assert somebody().send(str(action)).status_code == 404


def test_a_language_that_was_chosen_stays(running: Running, somebody: Callable[..., Person]) -> None:
    me = somebody()
    assert me.send("/account/language", language="en").status_code == 303
    assert "My account" in me.browser.get("/account").text
    assert "My account" in Person(running, me.user).browser.get("/account").text


def test_an_administrator_adds_somebody_who_then_chooses_a_password(
    running: Running, client: TestClient, somebody: Callable[..., Person]
) -> None:
    admin = somebody(Role.ADMIN)
    login = f"n-{uuid.uuid4().hex[:8]}"
    form = {"login": login, "name": "نگار", "role": "contributor", "language": "fa", "teams": "پیک، ارسال"}
    for wrong in ({"login": "sara m"}, {"login": ""}, {"email": "none"}):
        refused = admin.send("/people", **form | wrong)
        assert refused.status_code == 422
        assert 'value="پیک، ارسال"' in refused.text  # what was typed is not lost
    made = admin.send("/people", **form)
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    code = LexborHTMLParser(made.text).css_first(".one-time-code")
    assert code is not None
    assert admin.send("/people", **form).status_code == 409
    newcomer = TestClient(running.app, follow_redirects=False)
    chosen = {"login": login, "secret": code.text(strip=True), "new_password": ANOTHER}
    assert newcomer.post("/new-password", data=chosen | {"secret": "x"}).status_code == 403
    evil = newcomer.post("/new-password", data=chosen, headers={"Origin": "http://evil.example"})
    assert evil.status_code == 403
    assert newcomer.post("/new-password", data=chosen).headers["Location"] == "/account?done=changed"
    assert newcomer.get("/v1/session").json()["name"] == "نگار"
    assert newcomer.post("/new-password", data=chosen).status_code == 403


def test_an_administrator_changes_and_switches_off_an_account(
    running: Running, client: TestClient, somebody: Callable[..., Person]
) -> None:
    admin, person, heir = somebody(Role.ADMIN), somebody(), somebody()
    path = f"/people/{person.user.id}"
    form = {"name": "سارا م.", "role": "publisher", "language": "en", "email": "", "teams": ""}
    assert admin.send(path, version=1, **form).status_code == 303
    stale = admin.send(path, version=1, **form | {"name": "دیگر"})
    assert stale.status_code == 412
    assert 'value="دیگر"' in stale.text  # what was typed is not lost
    article = {"language": "fa", "audience": "internal", "title": "ت", "resolution": "م"}
    owned = client.post("/v1/articles", json=article | {"owner_id": person.user.id}, headers=AS_OPERATOR)
    assert admin.send(f"{path}/active", on="false").status_code == 303
    assert "notice-bad" in admin.browser.get(path).text
    assert person.browser.get("/account").status_code == 303
    assert admin.send(f"{path}/hand-over", login=person.user.login).status_code == 422
    assert admin.send(f"{path}/hand-over", login=heir.user.login).status_code == 303
    read = client.get(owned.headers["Location"], headers=AS_OPERATOR).json()
    assert read["owner_id"] == heir.user.id
    assert admin.send(f"{path}/active", on="true").status_code == 303
    assert admin.send(f"{path}/reset").status_code == 200
    assert admin.send(f"{path}/sign-out").status_code == 303


def test_people_are_looked_for(somebody: Callable[..., Person]) -> None:
    admin = somebody(Role.ADMIN)
    word = uuid.uuid4().hex[:8]
    somebody(name=f"یافتنی {word}")
    found = admin.see(f"/people?q={word}&role=agent&state=active")
    assert [one.text(strip=True) for one in found.css(".row-title")] == [f"یافتنی {word}"]
    assert not admin.see(f"/people?q={word}&state=inactive").css(".row-title")
    assert admin.browser.get("/people?role=king").status_code == 422


def test_a_manager_keeps_teams(somebody: Callable[..., Person]) -> None:
    manager, person = somebody(Role.MANAGER), somebody()
    name = f"گروه {uuid.uuid4().hex[:6]}"
    path = manager.send("/people/teams", name=name).headers["Location"].split("?")[0]
    assert manager.send("/people/teams", name=name).status_code == 409
    assert manager.send("/people/teams", name=" ").status_code == 422
    assert manager.send(f"{path}/members", login="nobody-here").status_code == 404
    assert manager.send(f"{path}/members", login=person.user.login.upper()).status_code == 303
    assert person.user.login in manager.browser.get(path).text
    assert manager.send(f"{path}/members/{person.user.id}/remove").status_code == 303
    assert manager.send(path, name=f"{name} ۲", version=1).status_code == 303
    assert manager.send(path, name="x", version=1).status_code == 412
    assert manager.send(f"{path}/delete", version=2).headers["Location"] == "/people/teams?done=changed"
    assert manager.browser.get(path).status_code == 404


def test_the_menu_shows_what_a_role_may_open(somebody: Callable[..., Person]) -> None:
    for role, shown in ((Role.AGENT, []), (Role.MANAGER, ["/people/teams"])):
        links = [one.attributes["href"] for one in somebody(role).see("/account").css(".desk-menu a")]
        assert [link for link in links if str(link).startswith("/people")] == shown


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537 Chrome/120 Safari/537 Edg/120",
            ("Edge", "Windows"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 Chrome/120 Mobile Safari/537",
            ("Chrome", "Android"),
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Version/17 Safari/604", ("Safari", "iPhone")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0", ("Firefox", "Linux")),
        ("curl/8.5.0", None),
        ("", None),
    ],
)
def test_browsers_are_named_as_people_know_them(user_agent: str, expected: tuple[str, str] | None) -> None:
    assert agent_of(user_agent) == (None if expected is None else Agent(*expected))
