"""Signing in, CSRF, people."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.dependencies import SESSION_COOKIE
from api.web.signing_in import own_path
from kb.vocabulary import Role
from tests.api.conftest import AS_OPERATOR

PASSWORD = "Wr8-kettle-horse"


@pytest.fixture
def person(client: TestClient) -> dict[str, Any]:
    body = {"login": f"sara-{uuid.uuid4().hex[:8]}", "name": "سارا", "role": "agent", "password": PASSWORD}
    answer = client.post("/v1/users", json=body, headers=AS_OPERATOR)
    assert answer.status_code == 201
    assert PASSWORD not in answer.text
    assert "argon2" not in answer.text
    return dict(answer.json())


def test_a_person_signs_in_and_out(client: TestClient, person: dict[str, Any]) -> None:
    answer = client.post("/v1/session", json={"login": person["login"].upper(), "password": PASSWORD})
    assert answer.status_code == 201
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie  # http here; below it is https
    who = client.get("/v1/session").json()
    assert (who["kind"], who["name"], who["role"]) == ("person", "سارا", "agent")
    assert client.delete("/v1/session").status_code == 403  # no CSRF token
    left = client.delete("/v1/session", headers={"X-CSRF-Token": who["csrf_token"]})
    assert left.status_code == 204
    assert client.get("/v1/session").json()["kind"] == "anonymous"


def test_over_https_the_cookie_is_secure(client: TestClient, person: dict[str, Any]) -> None:
    client.base_url = client.base_url.copy_with(scheme="https")
    answer = client.post("/v1/session", json={"login": person["login"], "password": PASSWORD})
    assert "Secure" in answer.headers["set-cookie"]


def test_wrong_passwords_and_unknown_logins_look_alike(client: TestClient, person: dict[str, Any]) -> None:
    wrong = client.post("/v1/session", json={"login": person["login"], "password": "x"})
    unknown = client.post("/v1/session", json={"login": uuid.uuid4().hex, "password": "x"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["code"] == unknown.json()["code"] == "wrong_password"
    assert wrong.json()["data"] == unknown.json()["data"] == {}


def test_guessing_is_slowed_down(client: TestClient) -> None:
    guess = {"login": uuid.uuid4().hex, "password": "x"}
    codes = [client.post("/v1/session", json=guess).status_code for _ in range(9)]
    assert codes == [401] * 8 + [429]


def test_a_change_with_a_cookie_needs_the_csrf_token(signed_in: Callable[..., TestClient]) -> None:
    browser = signed_in(Role.AGENT)
    note = {"language": "fa", "text": "تجربه"}
    token = browser.headers.pop("X-CSRF-Token")
    for offered in (None, "", "wrong", token[:-1]):
        headers = {} if offered is None else {"X-CSRF-Token": offered}
        answer = browser.post("/v1/notes", json=note, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_token_missing")
    assert browser.post("/v1/notes", json=note, headers={"X-CSRF-Token": token}).status_code == 201


def test_an_old_cookie_is_a_visitor(client: TestClient) -> None:
    client.cookies.set(SESSION_COOKIE, "ended-long-ago")
    assert client.get("/v1/session").json()["kind"] == "anonymous"
    assert client.get("/v1/jobs").status_code == 401


def test_the_sign_in_page_works_without_javascript(client: TestClient, person: dict[str, Any]) -> None:
    form = {"login": person["login"], "password": PASSWORD, "next": "/?q=x"}
    answer = client.post("/sign-in", data=form, headers={"Origin": "http://testserver"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?q=x")
    page = client.get("/", headers={"Accept": "text/html"})
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post("/sign-out", data={"csrf_token": "wrong"}).status_code == 403
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303
    assert client.get("/v1/session").json()["kind"] == "anonymous"


def test_a_wrong_password_on_the_page_is_said_on_the_page(client: TestClient) -> None:
    answer = client.post("/sign-in", data={"login": '"><script>', "password": "x"})
    assert answer.status_code == 401
    assert "نادرست" in answer.text
    assert "<script>" not in answer.text.replace("<script src=", "")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://testserver.evil.example"])
def test_other_sites_sign_nobody_in(client: TestClient, person: dict[str, Any], origin: str) -> None:
    form = {"login": person["login"], "password": PASSWORD}
    assert client.post("/sign-in", data=form, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/?q=x", "/?q=x"),
        ("/articles/1#h", "/articles/1#h"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_to_our_own_pages_only(address: str, expected: str) -> None:
    assert own_path(address) == expected


def test_people_are_changed_and_switched_off(client: TestClient, person: dict[str, Any]) -> None:
    path = f"/v1/users/{person['id']}"
    changed = client.patch(path, json={"role": "publisher"}, headers=AS_OPERATOR | {"If-Match": '"1"'})
    assert changed.json()["role"] == "publisher"
    stale = client.patch(path, json={"active": False}, headers=AS_OPERATOR | {"If-Match": '"1"'})
    assert stale.status_code == 412
    off = AS_OPERATOR | {"If-Match": changed.headers["ETag"]}
    assert client.patch(path, json={"active": False}, headers=off).status_code == 200
    refused = client.post("/v1/session", json={"login": person["login"], "password": PASSWORD})
    assert refused.status_code == 401


def test_people_set_their_own_password_and_nobody_elses(
    client: TestClient, person: dict[str, Any], signed_in: Callable[..., TestClient]
) -> None:
    entered = {"login": person["login"], "password": PASSWORD}
    csrf = client.post("/v1/session", json=entered).json()["csrf_token"]
    path, new = f"/v1/users/{person['id']}/password", {"password": "Another-1-kettle"}

    def change(**sent: str) -> tuple[int, str | None]:
        answer = client.put(path, json=new | sent, headers={"X-CSRF-Token": csrf})
        return answer.status_code, answer.json()["code"] if answer.content else None

    assert change() == (403, "old_password_wrong")
    assert change(old_password="x") == (403, "old_password_wrong")
    assert change(old_password=PASSWORD, password="short") == (422, "weak_password")
    other = signed_in(Role.AGENT)
    assert other.put(path, json=new | {"old_password": PASSWORD}).json()["code"] == "forbidden"
    token = client.cookies[SESSION_COOKIE]
    assert change(old_password=PASSWORD) == (204, None)
    assert client.cookies[SESSION_COOKIE] != token
    assert client.get("/v1/session").json()["id"] == person["id"]
    client.cookies.set(SESSION_COOKIE, token)
    assert client.post("/v1/session", json=entered).status_code == 401
    assert client.post("/v1/session", json=entered | new).status_code == 201


def test_an_administrator_sets_the_passwords_of_others_without_the_old_ones(
    client: TestClient, person: dict[str, Any], signed_in: Callable[..., TestClient]
) -> None:
    admin = signed_in(Role.ADMIN)
    me = admin.get("/v1/session").json()["id"]
    new = {"password": "Another-1-kettle"}
    assert admin.put(f"/v1/users/{person['id']}/password", json=new).status_code == 204
    assert client.post("/v1/session", json=new | {"login": person["login"]}).status_code == 201
    assert admin.put(f"/v1/users/{me}/password", json=new).json()["code"] == "old_password_wrong"


def test_guessing_at_the_old_password_is_slowed_down(client: TestClient, person: dict[str, Any]) -> None:
    entered = client.post("/v1/session", json={"login": person["login"], "password": PASSWORD}).json()
    sent = {
        "json": {"password": "Another-1-kettle", "old_password": "x"},
        "headers": {"X-CSRF-Token": entered["csrf_token"]},
    }
    codes = [client.put(f"/v1/users/{person['id']}/password", **sent).status_code for _ in range(9)]
    assert codes == [403] * 8 + [429]


def test_a_persons_language_wins_over_the_browsers(signed_in: Callable[..., TestClient]) -> None:
    answer = signed_in().get("/v1/articles/nothing", headers={"Accept-Language": "en"})
    assert "نیست" in answer.json()["message"]
