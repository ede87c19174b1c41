"""The same application on PostgreSQL: several writers at once, and what only it refuses."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from kb.database import Database
from kb.settings import Settings
from tests.api.conftest import AS_OPERATOR, Running, start

pytestmark = pytest.mark.postgres
NEW = {"language": "fa", "title": "هم‌زمان", "resolution": "متن.", "audience": "public"}


@pytest.fixture
def on_postgres(settings: Settings, postgres_database: Database) -> Iterator[Running]:
    url = postgres_database.url.render_as_string(hide_password=False)
    yield from start(settings.model_copy(update={"database_url": url}))


def at_once(count: int, call: Callable[[int], Any]) -> list[Any]:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda n=n: answers.append(call(n))) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_repeated_creations_and_racing_edits_have_one_effect(on_postgres: Running) -> None:
    headers = AS_OPERATOR | {"Idempotency-Key": "once"}
    app = on_postgres.app
    created = at_once(6, lambda _: TestClient(app).post("/v1/articles", json=NEW, headers=headers))
    assert {answer.status_code for answer in created} == {201}
    assert len({answer.json()["id"] for answer in created}) == 1

    path = f"/v1/articles/{created[0].json()['id']}/revisions"
    edit = AS_OPERATOR | {"If-Match": '"1"'}
    edited = at_once(
        6, lambda n: TestClient(app).post(path, json={"title": f"عنوان {n}"}, headers=edit).status_code
    )
    assert sorted(edited) == [201] + [412] * 5
    assert TestClient(app).get("/v1/audit/verify", headers=AS_OPERATOR).json()["problems"] == []


def test_what_is_written_is_found_and_listed(on_postgres: Running) -> None:
    article = on_postgres.article(title="زمان برگشت پول", resolution="تا ۵ روز کاری.", tags=["پول"])
    client = TestClient(on_postgres.app)
    hits = client.get("/v1/search", params={"q": "برگشت پول"}).json()["hits"]
    assert [hit["origin"]["id"] for hit in hits] == [article.id]
    listed = client.get("/v1/articles", params={"tag": "پول"}).json()["items"]
    assert [item["id"] for item in listed] == [article.id]


def test_a_cursor_with_nul_in_it_is_the_senders_fault(on_postgres: Running) -> None:
    cursor = "WyIyMDI2LTAxLTAxVDAwOjAwOjAwKzAwOjAwIiwgImFcdTAwMDAiXQ"  # ["2026-01-01T00:00:00+00:00", "a\0"]
    answer = TestClient(on_postgres.app).get("/v1/articles", params={"cursor": cursor})
    assert 400 <= answer.status_code < 500
