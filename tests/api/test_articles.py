"""Articles over HTTP: edits name the version they were made from, readers see what was released."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from kb.vocabulary import Audience, Role, Scope
from tests.api.conftest import AS_OPERATOR, Running

Key = Callable[..., dict[str, str]]
NEW = {"language": "fa", "title": "مهلت مرجوعی", "resolution": "تا **۷ روز**.", "audience": "public"}


@pytest.fixture
def created(client: TestClient) -> Any:
    answer = client.post("/v1/articles", json=NEW, headers=AS_OPERATOR)
    assert answer.status_code == 201
    return answer


def edit(client: TestClient, method: str, path: str, etag: str | None, **body: Any) -> Any:
    headers = AS_OPERATOR | ({"If-Match": etag} if etag is not None else {})
    return client.request(method, path, headers=headers, json=body or None)


def test_a_new_article_has_an_etag_and_a_place(created: Any) -> None:
    article = created.json()
    assert created.headers["ETag"] == '"1"'
    assert created.headers["Location"] == f"/v1/articles/{article['id']}"
    assert article["state"] == "work_in_progress"
    assert article["revision"]["number"] == 1
    assert not article["is_released"]


def test_an_article_lives_from_draft_to_archive(client: TestClient, created: Any) -> None:
    path = f"/v1/articles/{created.json()['id']}"
    assert client.get(path).status_code == 404  # a visitor sees no draft
    released = edit(client, "POST", f"{path}/release", '"1"')
    assert released.status_code == 200
    assert client.get(path).json()["revision"]["resolution"] == "تا **۷ روز**."

    revised = edit(client, "POST", f"{path}/revisions", released.headers["ETag"], resolution="تا **۱۰ روز**.")
    assert revised.status_code == 201
    assert client.get(path).json()["revision"]["number"] == 1  # still what was released
    assert client.get(path, headers=AS_OPERATOR).json()["revision"]["number"] == 2

    again = edit(client, "POST", f"{path}/release", revised.headers["ETag"])
    assert client.get(path).json()["revision"]["number"] == 2
    archived = edit(client, "POST", f"{path}/archive", again.headers["ETag"])
    assert archived.json()["state"] == "archived"
    assert client.get(path).status_code == 404
    restored = edit(client, "POST", f"{path}/restore", archived.headers["ETag"])
    assert restored.status_code == 200
    assert client.get(path).status_code == 200


def test_an_edit_without_if_match_is_refused(client: TestClient, created: Any) -> None:
    path = f"/v1/articles/{created.json()['id']}"
    for method, address, body in (
        ("POST", f"{path}/revisions", {"title": "تازه"}),
        ("PATCH", path, {"tags": ["x"]}),
        ("POST", f"{path}/release", {}),
        ("POST", f"{path}/archive", {}),
        ("POST", f"{path}/restore", {}),
    ):
        answer = edit(client, method, address, None, **body)
        assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


@pytest.mark.parametrize("stale", ['"7"', 'W/"1"'])
def test_a_stale_edit_overwrites_nothing(client: TestClient, created: Any, stale: str) -> None:
    path = f"/v1/articles/{created.json()['id']}"
    for method, address, body in (
        ("POST", f"{path}/revisions", {"title": "تازه"}),
        ("PATCH", path, {"tags": ["x"]}),
        ("POST", f"{path}/release", {}),
    ):
        answer = edit(client, method, address, stale, **body)
        assert (answer.status_code, answer.json()["code"]) == (412, "stale_edit")
    assert client.get(path, headers=AS_OPERATOR).json() == created.json()


@pytest.mark.parametrize("broken", ["3", "x", '""', '"1", "2"', "*x", ""])
def test_an_if_match_that_is_no_etag_of_ours_is_named(client: TestClient, created: Any, broken: str) -> None:
    answer = edit(client, "PATCH", f"/v1/articles/{created.json()['id']}", broken, tags=["x"])
    assert answer.status_code == 422
    assert answer.json()["data"]["field"] == "If-Match"


def test_an_unchanged_article_is_not_sent_again(client: TestClient, created: Any) -> None:
    path = f"/v1/articles/{created.json()['id']}"
    answer = client.get(path, headers=AS_OPERATOR | {"If-None-Match": '"1"'})
    assert answer.status_code == 304
    assert answer.content == b""
    assert client.get(path, headers=AS_OPERATOR | {"If-None-Match": '"2"'}).status_code == 200


def test_an_edit_that_names_nothing_is_refused(client: TestClient, created: Any) -> None:
    path = f"/v1/articles/{created.json()['id']}"
    for method, address in (("PATCH", path), ("POST", f"{path}/revisions")):
        answer = client.request(method, address, headers=AS_OPERATOR | {"If-Match": '"1"'}, json={})
        assert answer.status_code == 422


def test_history_and_diff_are_the_desks(client: TestClient, created: Any, key: Key) -> None:
    path = f"/v1/articles/{created.json()['id']}"
    edit(client, "POST", f"{path}/revisions", '"1"', resolution="تا **۱۰ روز**.\n\nبا فاکتور.")
    history = client.get(f"{path}/history", headers=AS_OPERATOR).json()["items"]
    assert [revision["number"] for revision in history] == [2, 1]
    diff = client.get(f"{path}/diff", params={"old": 1, "new": 2}, headers=AS_OPERATOR).json()
    lines = [(line["kind"], line["field"], line["text"]) for line in diff["lines"]]
    assert ("removed", "resolution", "تا **۷ روز**.") in lines
    for address in (f"{path}/history", f"{path}/diff?old=1&new=2"):
        assert client.get(address).status_code == 401
        assert client.get(address, headers=key(Scope.READ)).status_code == 403
    missing = client.get(f"{path}/diff", params={"old": 1, "new": 9}, headers=AS_OPERATOR)
    assert missing.status_code == 404


def test_lists_are_paged_to_their_end(client: TestClient, running: Running) -> None:
    tag = "صفحه‌بندی"
    ids = {running.draft(tags=[tag]).id for _ in range(5)}
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        params = {"limit": 2, "tag": tag} | ({"cursor": cursor} if cursor else {})
        page = client.get("/v1/articles", params=params, headers=AS_OPERATOR).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert len(seen) == 5
    assert set(seen) == ids


def test_visitors_learn_nothing_about_the_desk(client: TestClient, running: Running) -> None:
    article = running.article(comment="راز ویراستار", cites=[])
    shown = client.get(f"/v1/articles/{article.id}").json()
    assert shown["revision"]["comment"] == ""
    assert shown["revision"]["author_id"] is None
    assert shown["owner_id"] is None
    assert shown["has_working_revision"] is False


def test_an_agent_may_not_release_to_the_public(
    client: TestClient, created: Any, signed_in: Callable[..., TestClient]
) -> None:
    path = f"/v1/articles/{created.json()['id']}/release"
    answer = signed_in(Role.AGENT).post(path, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert signed_in(Role.PUBLISHER).post(path, headers={"If-Match": '"1"'}).status_code == 200


def test_a_key_writes_nothing_above_its_ceiling(client: TestClient, key: Key) -> None:
    headers = key(Scope.WRITE, ceiling=Audience.PARTNER)
    answer = client.post("/v1/articles", json=NEW | {"audience": "internal"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "audience_not_allowed")
    assert client.post("/v1/articles", json=NEW | {"audience": "partner"}, headers=headers).status_code == 201


def test_verifying_says_when_and_needs_a_validated_article(
    client: TestClient, running: Running, signed_in: Callable[..., TestClient]
) -> None:
    article = running.article()
    path = f"/v1/articles/{article.id}/verify"
    match = {"If-Match": f'"{article.version}"'}
    assert signed_in(Role.AGENT).post(path, headers=match).status_code == 403
    shown = signed_in(Role.CONTRIBUTOR).post(path, headers=match).json()
    assert shown["version"] == article.version + 1
    assert shown["verified_at"] > shown["released_at"]
    draft = running.draft()
    refused = client.post(
        f"/v1/articles/{draft.id}/verify", headers=AS_OPERATOR | {"If-Match": f'"{draft.version}"'}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "impossible_move")


def test_products_are_kept_changed_and_checked(client: TestClient) -> None:
    made = client.post("/v1/articles", json=NEW | {"products": ["اپ", "اپ"]}, headers=AS_OPERATOR).json()
    assert made["products"] == ["اپ"]
    path, match = f"/v1/articles/{made['id']}", AS_OPERATOR | {"If-Match": '"1"'}
    assert client.patch(path, json={"products": ["x" * 61]}, headers=match).status_code == 422
    assert client.patch(path, json={"products": []}, headers=match).json()["products"] == []
