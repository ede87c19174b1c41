"""A success is said after the commit, and nothing is half-written."""

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from kb.article import Article, ArticleRevision
from kb.database import Database
from kb.idempotency import IdempotencyRecord
from tests.api.conftest import AS_OPERATOR, Running

NEW = {"language": "fa", "title": "پیش از پاسخ", "resolution": "متن.", "audience": "internal"}


def count(database: Database, table: type[Any]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_another_connection_sees_the_effect_before_the_answer_starts(running: Running) -> None:
    other = Database(running.service.settings.record_url)
    before, seen = count(other, Article), []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def looking_send(message: Any) -> None:
            if message["type"] == "http.response.start":
                seen.append(await asyncio.to_thread(count, other, Article))
            await send(message)

        await running.app(scope, receive, looking_send if scope["type"] == "http" else send)

    answer = TestClient(app).post("/v1/articles", json=NEW, headers=AS_OPERATOR)
    other.close()
    assert answer.status_code == 201
    assert seen == [before + 1]


@pytest.mark.parametrize("message", ["database or disk is full", "database is locked"])
def test_a_commit_that_fails_is_no_success_and_leaves_nothing(
    running: Running, client: TestClient, message: str
) -> None:
    database = running.service.database
    tables = (Article, ArticleRevision, IdempotencyRecord)
    before = [count(database, table) for table in tables]

    def fail(_connection: object) -> None:
        if threading.current_thread().name == "projector":
            return  # the request's commit is meant
        raise OperationalError("COMMIT", {}, Exception(message))

    event.listen(database.engine, "commit", fail)
    try:
        headers = AS_OPERATOR | {"Idempotency-Key": "commit-fails"}
        answer = client.post("/v1/articles", json=NEW, headers=headers)
    finally:
        event.remove(database.engine, "commit", fail)
    assert answer.status_code == 503
    assert [count(database, table) for table in tables] == before
    assert client.post("/v1/articles", json=NEW, headers=headers).status_code == 201


def test_a_refused_file_leaves_the_others_of_its_request_out(running: Running, client: TestClient) -> None:
    before = client.get("/v1/sources", headers=AS_OPERATOR).json()["items"]
    files = [("file", ("الف.txt", b"one of two")), ("file", ("x" * 2000, b"two of two"))]
    answer = client.post("/v1/sources", files=files, data={"audience": "internal"}, headers=AS_OPERATOR)
    assert answer.status_code == 422
    assert client.get("/v1/sources", headers=AS_OPERATOR).json()["items"] == before


def test_everything_done_over_http_is_in_a_chain_that_verifies(client: TestClient) -> None:
    answer = client.post("/v1/articles", json=NEW, headers=AS_OPERATOR | {"X-Request-ID": "trace-me-7"})
    object_id = answer.json()["id"]
    entries = client.get("/v1/audit", params={"object_id": object_id}, headers=AS_OPERATOR).json()["items"]
    assert [(e["verb"], e["actor"], e["request_id"]) for e in entries] == [
        ("create_article", "operator", "trace-me-7")
    ]
    report = client.get("/v1/audit/verify", headers=AS_OPERATOR).json()
    assert report["problems"] == []
    assert report["count"] >= entries[0]["number"]
