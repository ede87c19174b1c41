"""People, their sign-ins and teams over HTTP; and owners that are none."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from kb.vocabulary import Role, Scope
from tests.api.conftest import AS_OPERATOR

PASSWORD = "Wr8-kettle-horse"
ANY = AS_OPERATOR | {"If-Match": "*"}


@pytest.fixture
def add(client: TestClient) -> Callable[..., dict[str, Any]]:
    """`add(login=..., ...)`: somebody new."""

    def make(**given: Any) -> dict[str, Any]:
        body = {"login": f"p-{uuid.uuid4().hex[:10]}", "name": "سارا", "role": "agent", "password": PASSWORD}
        answer = client.post("/v1/users", json=body | given, headers=AS_OPERATOR)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return make


def listed(client: TestClient, **query: Any) -> list[str]:
    answer = client.get("/v1/users", params=query, headers=AS_OPERATOR)
    assert answer.status_code == 200, answer.text
    return [user["login"] for user in answer.json()["items"]]


def test_people_are_found_by_part_of_their_name_and_narrowed(
    client: TestClient, add: Callable[..., dict[str, Any]]
) -> None:
    word, team = uuid.uuid4().hex[:8], f"گروه {uuid.uuid4().hex[:6]}"
    one = add(name=f"نیما {word}", email=f"{word}@example.com", teams=[team])["login"]
    other = add(name=f"100%_{word}", role="publisher")["login"]
    assert listed(client, q=word) == sorted([one, other])
    assert listed(client, q=f"{word.upper()} نیما") == [one]
    assert listed(client, q=f"%_{word}") == [other]
    assert listed(client, q="%", role="publisher") == [other]
    assert listed(client, q=word, role="publisher") == [other]
    assert listed(client, q=word, active=False) == []
    team_id = next(
        one["id"]
        for one in client.get("/v1/teams", headers=AS_OPERATOR).json()["items"]
        if one["name"] == team
    )
    assert listed(client, team_id=team_id) == [one]


def test_people_come_in_pages(client: TestClient, add: Callable[..., dict[str, Any]]) -> None:
    word = uuid.uuid4().hex[:8]
    logins = sorted(add(name=word)["login"] for _ in range(5))
    found: list[str] = []
    cursor = None
    while True:
        query = {"q": word, "limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = client.get("/v1/users", params=query, headers=AS_OPERATOR).json()
        found += [user["login"] for user in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert found == logins
    broken = client.get("/v1/users", params={"cursor": "WyJcdTAwMDAiLCIiXQ"}, headers=AS_OPERATOR)
    assert (broken.status_code, broken.json()["data"]["field"]) == (422, "cursor")


def test_a_person_reads_about_themselves_only(
    client: TestClient, add: Callable[..., dict[str, Any]], signed_in: Callable[..., TestClient]
) -> None:
    browser = signed_in(Role.MANAGER)
    me = browser.get("/v1/session").json()["id"]
    answer = browser.get(f"/v1/users/{me}")
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    assert browser.get(f"/v1/users/{add()['id']}").status_code == 403
    assert client.get("/v1/users/nobody", headers=AS_OPERATOR).status_code == 404


def enter(client: TestClient, login: str, password: str = PASSWORD) -> tuple[TestClient, dict[str, Any]]:
    browser = TestClient(client.app, follow_redirects=False, headers={"User-Agent": "Firefox/1 Linux"})
    answer = browser.post("/v1/session", json={"login": login, "password": password})
    assert answer.status_code == 201, answer.text
    browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return browser, answer.json()


def test_people_see_where_they_are_signed_in_and_end_it(
    client: TestClient, add: Callable[..., dict[str, Any]], signed_in: Callable[..., TestClient]
) -> None:
    person = add()
    one, _ = enter(client, person["login"])
    two, _ = enter(client, person["login"])
    path = f"/v1/users/{person['id']}/sessions"
    found = one.get(path).json()["items"]
    assert [session["is_this"] for session in found] == [False, True]
    assert found[0]["user_agent"] == "Firefox/1 Linux"
    assert found[0]["way"] == "password"
    assert one.delete(f"{path}/{found[0]['id']}").status_code == 204
    assert one.delete(f"{path}/{found[0]['id']}").status_code == 404
    assert two.get("/v1/session").json()["kind"] == "anonymous"
    three, _ = enter(client, person["login"])
    stranger = signed_in(Role.MANAGER)
    assert stranger.get(path).status_code == stranger.delete(path).status_code == 403
    own = stranger.get("/v1/session").json()["id"]
    theirs = one.get(path).json()["items"][0]["id"]
    assert stranger.delete(f"/v1/users/{own}/sessions/{theirs}").status_code == 404
    assert one.delete(path).json() == {"count": 1}
    assert three.get("/v1/session").json()["kind"] == "anonymous"
    assert one.get("/v1/session").json()["kind"] == "person"


def test_a_one_time_secret_lets_somebody_choose_a_password_once(
    client: TestClient, add: Callable[..., dict[str, Any]]
) -> None:
    person, other = add(), add()
    browser, _ = enter(client, person["login"])
    made = client.post(f"/v1/users/{person['id']}/password-reset", headers=AS_OPERATOR)
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert browser.get("/v1/session").json()["kind"] == "anonymous"
    old = {"login": person["login"], "password": PASSWORD}
    assert client.post("/v1/session", json=old).status_code == 401
    chosen = {"login": person["login"], "secret": secret, "password": "Another-1-kettle"}
    for wrong in ({"secret": "x"}, {"login": other["login"]}, {"login": "nobody"}):
        answer = client.post("/v1/session/password", json=chosen | wrong)
        assert (answer.status_code, answer.json()["code"]) == (403, "secret_refused")
    weak = client.post("/v1/session/password", json=chosen | {"password": "short"})
    assert weak.json()["code"] == "weak_password"
    sent = chosen | {"secret": f" {secret.upper()} "}
    assert client.post("/v1/session/password", json=sent).status_code == 204
    assert client.post("/v1/session/password", json=chosen).status_code == 403
    enter(client, person["login"], "Another-1-kettle")


def test_the_newest_secret_counts_and_a_password_voids_it(
    client: TestClient, add: Callable[..., dict[str, Any]]
) -> None:
    person = add()
    path = f"/v1/users/{person['id']}"
    first, second = (
        client.post(f"{path}/password-reset", headers=AS_OPERATOR).json()["secret"] for _ in range(2)
    )
    chosen = {"login": person["login"], "password": "Another-1-kettle"}
    assert client.post("/v1/session/password", json=chosen | {"secret": first}).status_code == 403
    set_now = client.put(f"{path}/password", json={"password": PASSWORD}, headers=AS_OPERATOR)
    assert set_now.status_code == 204
    assert client.post("/v1/session/password", json=chosen | {"secret": second}).status_code == 403


def test_nobody_chooses_a_password_for_an_account_that_is_off(
    client: TestClient, add: Callable[..., dict[str, Any]]
) -> None:
    person = add()
    path = f"/v1/users/{person['id']}"
    secret = client.post(f"{path}/password-reset", headers=AS_OPERATOR).json()["secret"]
    assert client.patch(path, json={"active": False}, headers=ANY).status_code == 200
    chosen = {"login": person["login"], "secret": secret, "password": "Another-1-kettle"}
    assert client.post("/v1/session/password", json=chosen).status_code == 403


def test_teams_are_made_filled_renamed_and_dissolved(
    client: TestClient, add: Callable[..., dict[str, Any]], signed_in: Callable[..., TestClient]
) -> None:
    manager = signed_in(Role.MANAGER)
    name = f"پیک {uuid.uuid4().hex[:6]}"
    made = manager.post("/v1/teams", json={"name": name})
    assert made.status_code == 201
    path = made.headers["Location"]
    assert manager.post("/v1/teams", json={"name": name}).json()["code"] == "already_exists"
    person = add()
    for _ in range(2):
        team = manager.put(f"{path}/members/{person['id']}").json()
        assert [member["id"] for member in team["members"]] == [person["id"]]
    assert client.get(f"/v1/users/{person['id']}", headers=AS_OPERATOR).json()["teams"] == [name]
    assert manager.put(f"{path}/members/nobody").json()["data"]["field"] == "user_id"
    assert manager.put(f"/v1/teams/none/members/{person['id']}").status_code == 404
    renamed = manager.patch(path, json={"name": f"{name} ۲"}, headers={"If-Match": made.headers["ETag"]})
    assert renamed.json()["name"] == f"{name} ۲"
    stale = manager.patch(path, json={"name": "x"}, headers={"If-Match": made.headers["ETag"]})
    assert stale.status_code == 412
    article = {
        "language": "fa",
        "audience": "internal",
        "title": "ت",
        "resolution": "م",
        "owner_team_id": team["id"],
    }
    assert manager.post("/v1/articles", json=article).status_code == 201
    owning = manager.delete(path, headers={"If-Match": renamed.headers["ETag"]})
    assert (owning.status_code, owning.json()["code"]) == (409, "conflict")
    assert manager.delete(f"{path}/members/{person['id']}").json()["members"] == []
    assert signed_in(Role.AGENT).get(path).json()["member_count"] == 0
    other = manager.post("/v1/teams", json={"name": f"{name} ۳"})
    gone = manager.delete(other.headers["Location"], headers={"If-Match": other.headers["ETag"]})
    assert gone.status_code == 204
    assert manager.get(other.headers["Location"]).status_code == 404


def test_an_owner_that_is_none_is_named(client: TestClient, add: Callable[..., dict[str, Any]]) -> None:
    article = {"language": "fa", "audience": "internal", "title": "عنوان", "resolution": "متن"}
    for field in ("owner_id", "owner_team_id"):
        answer = client.post("/v1/articles", json=article | {field: "nobody"}, headers=AS_OPERATOR)
        assert (answer.status_code, answer.json()["data"]["field"]) == (422, field)


def test_somebody_whose_account_is_off_gets_no_articles_but_keeps_theirs(
    client: TestClient, add: Callable[..., dict[str, Any]]
) -> None:
    person = add()
    article = {
        "language": "fa",
        "audience": "internal",
        "title": "عنوان",
        "resolution": "متن",
        "owner_id": person["id"],
    }
    made = client.post("/v1/articles", json=article, headers=AS_OPERATOR)
    assert made.status_code == 201
    off = client.patch(f"/v1/users/{person['id']}", json={"active": False}, headers=ANY)
    assert off.json()["active"] is False
    answer = client.post("/v1/articles", json=article, headers=AS_OPERATOR)
    assert (answer.status_code, answer.json()["data"]["field"]) == (422, "owner_id")
    assert person["login"] in answer.json()["message"]
    kept = {"owner_id": person["id"], "tags": ["نو"]}
    change = client.patch(made.headers["Location"], json=kept, headers=ANY)
    assert change.status_code == 200, change.text
    unheard = {"owner_id": "nobody"}
    assert client.patch(made.headers["Location"], json=unheard, headers=ANY).status_code == 422


def test_a_key_that_only_reads_is_not_told_who_works_here(
    client: TestClient, key: Callable[..., dict[str, str]]
) -> None:
    assert client.get("/v1/teams", headers=key(Scope.SEARCH, Scope.READ)).status_code == 403
