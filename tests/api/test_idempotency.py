"""Creating calls repeated with the same Idempotency-Key."""

import threading
import uuid
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import AS_OPERATOR, Running

NEW = {"language": "fa", "title": "یک بار", "resolution": "متن.", "audience": "internal"}
CREATING = [
    ("/v1/articles", NEW),
    ("/v1/notes", {"language": "fa", "text": "تجربه‌ای که یک بار ثبت می‌شود"}),
    (
        "/v1/conversations",
        {"channel": "chat", "language": "fa", "turns": [{"speaker": "customer", "text": "سلام"}]},
    ),
    ("/v1/users", {"login": "UNIQUE", "name": "سارا", "role": "agent", "password": "Wr8-kettle-horse"}),
    ("/v1/keys", {"name": "درگاه", "scopes": ["search"], "audience_ceiling": "public"}),
]


def once(key: str | None = None) -> dict[str, str]:
    return AS_OPERATOR | {"Idempotency-Key": key or uuid.uuid4().hex}


@pytest.mark.parametrize(("path", "body"), CREATING, ids=[path for path, _ in CREATING])
def test_the_first_answer_is_given_again(client: TestClient, path: str, body: dict[str, Any]) -> None:
    body = {name: uuid.uuid4().hex if value == "UNIQUE" else value for name, value in body.items()}
    headers = once()
    first = client.post(path, json=body, headers=headers)
    second = client.post(path, json=body, headers=headers)
    assert first.status_code == second.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers.get("Location") == first.headers.get("Location")
    # A key is shown once: what is kept for the replay does not hold it.
    expected = first.json() | ({"key": None} if path == "/v1/keys" else {})
    assert second.json() == expected


def test_uploads_are_repeatable_too(client: TestClient) -> None:
    headers = once()
    data = uuid.uuid4().hex.encode()
    answers = [
        client.post(
            "/v1/sources",
            files=[("file", ("یک‌بار.txt", data))],
            data={"audience": "internal"},
            headers=headers,
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert answers[0].json() == answers[1].json()


def test_another_request_under_the_same_key_is_refused(client: TestClient) -> None:
    headers = once()
    client.post("/v1/articles", json=NEW, headers=headers)
    for path, body in (
        ("/v1/articles", NEW | {"title": "دو بار"}),
        ("/v1/notes", {"language": "fa", "text": "x"}),
    ):
        answer = client.post(path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


def test_a_failed_call_leaves_its_key_free(client: TestClient) -> None:
    headers = once()
    login = uuid.uuid4().hex
    user = {"login": login, "name": "x", "role": "agent"}
    assert client.post("/v1/users", json=user, headers=AS_OPERATOR).status_code == 201
    assert client.post("/v1/users", json=user, headers=headers).status_code == 409
    other = user | {"login": uuid.uuid4().hex}
    assert client.post("/v1/users", json=other, headers=headers).status_code == 201


def test_two_at_once_have_one_effect(running: Running) -> None:
    headers = once()
    title = f"هم‌زمان {uuid.uuid4().hex}"
    answers: list[Any] = []

    def post() -> None:
        answers.append(
            TestClient(running.app).post("/v1/articles", json=NEW | {"title": title}, headers=headers)
        )

    threads = [threading.Thread(target=post) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 5
    listed = TestClient(running.app).get("/v1/articles", params={"text": title}, headers=AS_OPERATOR)
    assert len(listed.json()["items"]) == 1


@pytest.mark.parametrize("broken", ["", "x" * 256, "a b"])
def test_a_key_of_the_wrong_form_is_named(client: TestClient, broken: str) -> None:
    answer = client.post("/v1/articles", json=NEW, headers=AS_OPERATOR | {"Idempotency-Key": broken})
    assert answer.status_code == 422
    assert answer.json()["data"]["field"].lower() == "idempotency-key"
