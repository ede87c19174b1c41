"""Whose account somebody gets who comes from the provider; and whose never."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from kb.audit import AuditEntry
from kb.team import create_team
from kb.user import User, change_user, create_user
from kb.visibility import OPERATOR
from kb.vocabulary import Role
from tests.api.oidc.conftest import Site

PASSWORD = "Wr8-kettle-horse"
Who = Callable[[TestClient], dict[str, Any]]


def add(site: Site, **given: Any) -> User:
    values = {"login": f"sara-{uuid.uuid4().hex[:8]}", "name": "سارا", "role": Role.CONTRIBUTOR, **given}
    with site.running.service.database.transaction() as session:
        return create_user(session, caller=OPERATOR, **values)


def person(site: Site, user_id: str) -> User:
    with site.running.service.database.reading() as session:
        return session.get_one(User, user_id)


def enter(site: Site) -> TestClient:
    browser = site.browser()
    answer = site.sign_in(browser)
    assert answer.status_code == 303, answer.text
    return browser


def refusal(site: Site) -> str:
    browser = site.browser()
    browser.cookies.set("kb_lang", "en")
    answer = site.sign_in(browser)
    assert answer.status_code == 403
    assert browser.get("/v1/session").json()["kind"] == "anonymous"
    return re.sub(r"\s+", " ", answer.text.split('role="alert">')[1].split("</p>")[0])


def test_the_subject_is_the_person_whatever_else_changes(site: Site, who: Who) -> None:
    site.idp.person |= {"preferred_username": f"a-{uuid.uuid4().hex}", "email": "a@example.com"}
    first = who(enter(site))["id"]
    site.idp.person |= {"preferred_username": "renamed", "email": "b@example.com", "email_verified": True}
    assert who(enter(site))["id"] == first
    with site.running.service.database.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.object_id == first)).all()
    assert [(row.verb, row.actor) for row in rows] == [
        ("create_user", f"person:{first}"),
        ("sign_in", f"person:{first}"),
        ("sign_in", f"person:{first}"),
    ]
    assert rows[1].data == {"way": "provider"}


def test_strangers_are_refused_unless_the_settings_let_them_in(site: Site) -> None:
    site.configure(oidc_create="no")
    assert "You have no account here yet" in refusal(site)


def test_strangers_get_the_role_of_the_settings(site: Site, who: Who) -> None:
    site.configure(oidc_create="contributor")
    assert who(enter(site))["role"] == "contributor"


def test_a_disabled_person_is_refused(site: Site, who: Who) -> None:
    user_id = who(enter(site))["id"]
    with site.running.service.database.transaction() as session:
        change_user(session, caller=OPERATOR, user_id=user_id, active=False)
    assert "switched off" in refusal(site)


@pytest.mark.parametrize("by_email", [True, False])
def test_an_account_with_a_password_is_never_taken_over(site: Site, by_email: bool) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    user = add(site, email=email, password=PASSWORD)
    site.configure(oidc_link_email=by_email)
    site.idp.person |= {"email": email.upper(), "email_verified": True}
    assert "Sign in with its password and connect it" in refusal(site)
    assert person(site, user.id).oidc_subject is None


def test_a_login_that_is_taken_is_not_given_away(site: Site) -> None:
    user = add(site, password=PASSWORD)
    site.idp.person |= {"preferred_username": user.login.upper()}
    assert "already" in refusal(site)
    assert person(site, user.id).oidc_subject is None


def test_a_verified_address_leads_to_an_account_without_password_where_allowed(site: Site, who: Who) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    user = add(site, email=email)
    site.idp.person |= {"email": email, "email_verified": True}
    assert "already" in refusal(site)
    site.configure(oidc_link_email=True)
    assert who(enter(site))["id"] == user.id
    assert person(site, user.id).role is Role.CONTRIBUTOR
    site.idp.person["sub"] = "somebody else with the same address"
    assert "already" in refusal(site)


@pytest.mark.parametrize("verified", [False, None, "false", 1])
def test_an_address_that_is_not_verified_leads_nowhere(site: Site, who: Who, verified: object) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    user = add(site, email=email)
    site.configure(oidc_link_email=True)
    site.idp.person |= {"email": email, "email_verified": verified, "preferred_username": uuid.uuid4().hex}
    found = who(enter(site))["id"]
    assert found != user.id
    assert person(site, found).email == ""


def test_an_address_of_two_accounts_leads_nowhere(site: Site) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    for _ in range(2):
        add(site, email=email)
    site.configure(oidc_link_email=True)
    site.idp.person |= {"email": email, "email_verified": True}
    assert "already" in refusal(site)


def test_the_provider_decides_role_and_teams_where_it_is_told_to(site: Site, who: Who) -> None:
    names = [f"{name}-{uuid.uuid4().hex[:6]}" for name in ("پرداخت", "ارسال")]
    with site.running.service.database.transaction() as session:
        for name in names:
            create_team(session, caller=OPERATOR, name=name)
    site.configure(
        oidc_role_claim="realm_access.roles",
        oidc_roles='{"kb-admin": "admin", "kb-editor": "publisher"}',
        oidc_team_claim="https://example.com/groups",
        oidc_teams=f'{{"pay": "{names[0]}", "post": "{names[1]}", "other": "not here"}}',
    )
    site.idp.person |= {
        "realm_access": {"roles": ["kb-editor", "kb-admin", "more"]},
        "https://example.com/groups": ["pay", "other", 7],
    }
    browser = enter(site)
    found = who(browser)
    assert found["role"] == "admin"
    teams = "/v1/users/" + found["id"]
    assert browser.get(teams).json()["teams"] == names[:1]
    site.idp.person |= {"realm_access": {"roles": ["kb-editor"]}, "https://example.com/groups": ["post"]}
    assert who(enter(site))["role"] == "admin"  # the last administrator stays one
    add(site, role=Role.ADMIN, password=PASSWORD)
    assert who(enter(site))["role"] == "publisher"
    del site.idp.person["realm_access"]
    assert who(enter(site))["role"] == "agent"


def test_roles_here_stay_where_the_provider_has_no_say(site: Site, who: Who) -> None:
    user_id = who(enter(site))["id"]
    with site.running.service.database.transaction() as session:
        change_user(session, caller=OPERATOR, user_id=user_id, role=Role.MANAGER)
    assert who(enter(site))["role"] == "manager"


def signed_in_with_password(site: Site, user: User) -> tuple[TestClient, str]:
    browser = site.browser()
    form = {"login": user.login, "password": PASSWORD}
    assert browser.post("/sign-in", data=form).status_code == 303
    return browser, browser.get("/v1/session").json()["csrf_token"]


def connect(site: Site, browser: TestClient, csrf: str, password: str = PASSWORD) -> Any:
    form = {"csrf_token": csrf, "password": password}
    answer = browser.post("/sign-in/provider/connect", data=form)
    if answer.status_code != 200:
        return answer
    return browser.get(site.at_provider(answer.headers["Refresh"].removeprefix("0; url=")))


def test_people_connect_their_own_account_with_its_password(site: Site, who: Who) -> None:
    user = add(site, password=PASSWORD)
    browser, csrf = signed_in_with_password(site, user)
    assert connect(site, browser, csrf, password="wrong").status_code == 401
    answer = connect(site, browser, csrf)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert who(enter(site))["id"] == user.id


def test_connecting_needs_the_page_of_the_person_who_asked(site: Site) -> None:
    """Else another site could connect its visitor's account to an attacker's identity."""
    user, other = add(site, password=PASSWORD), add(site, password=PASSWORD)
    browser, csrf = signed_in_with_password(site, user)
    assert connect(site, browser, "wrong").status_code == 403
    started = browser.post("/sign-in/provider/connect", data={"csrf_token": csrf, "password": PASSWORD})
    back = site.at_provider(started.headers["Refresh"].removeprefix("0; url="))
    form = {"login": other.login, "password": PASSWORD}
    assert browser.post("/sign-in", data=form).status_code == 303
    assert browser.get(back).status_code == 403
    assert person(site, user.id).oidc_subject is person(site, other.id).oidc_subject is None


def test_an_identity_belongs_to_one_account(site: Site) -> None:
    enter(site)
    user = add(site, password=PASSWORD)
    browser, csrf = signed_in_with_password(site, user)
    assert connect(site, browser, csrf).status_code == 409
    assert person(site, user.id).oidc_subject is None
