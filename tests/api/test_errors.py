"""Errors over HTTP: one body, the right status, the reader's language, and never a 500 for bad input."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import DataError, OperationalError
from starlette.testclient import TestClient

from api.error_responses import STATUS, status_of
from kb import errors
from kb.errors import KbError, StorageFull
from tests.api.conftest import AS_OPERATOR, Running


def descendants(kind: type[KbError]) -> Iterator[type[KbError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from descendants(child)


def problem(answer: Any) -> dict[str, Any]:
    """The body, once it is known to be one of ours."""
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert set(body) == {"code", "message", "data", "request_id"}
    assert body["request_id"] == answer.headers["X-Request-ID"]
    return body


def test_every_error_has_a_status_of_its_own_or_of_its_ancestor() -> None:
    for kind in descendants(KbError):
        if kind.__module__.startswith("cli."):
            continue  # said in a terminal only
        instance = kind.__new__(kind)
        assert 400 <= status_of(instance) <= 599
        if kind is not KbError and not issubclass(kind, errors.BrokenRecord):
            is_fault = status_of(instance) == 500
            assert not is_fault or kind.__name__ in {"InternalError", "JobGaveUp"}, kind


def test_the_table_names_only_codes_that_exist() -> None:
    assert set(STATUS) <= {kind.code for kind in descendants(KbError)}


@pytest.mark.parametrize(
    ("language", "words"),
    [("fa", "نیست"), ("en", "There is no"), ("de, en;q=0.5", "There is no"), ("", "نیست")],
)
def test_messages_are_in_the_readers_language(client: TestClient, language: str, words: str) -> None:
    answer = client.get("/v1/articles/nothing", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert words in problem(answer)["message"]


@pytest.mark.parametrize(
    ("body", "field", "persian", "english"),
    [
        ({}, "language", "لازم است", "is required"),
        ({"language": "de"}, "language", "یکی از این‌ها", "must be one of"),
        ({"language": "fa", "title": 5}, "title", "باید متن باشد", "must be a text"),
        ({"language": "fa", "title": "  "}, "title", "خالی", "blank"),
        ({"language": "fa", "title": "a\x00b"}, "title", "تهی", "NUL"),
        ({"language": "fa", "title": "x" * 301}, "title", "نباید بیش از 300", "at most 300"),
    ],
)
def test_a_wrong_field_is_named_in_both_languages(
    client: TestClient, body: dict[str, Any], field: str, persian: str, english: str
) -> None:
    for language, words in (("fa", persian), ("en", english)):
        headers = AS_OPERATOR | {"Accept-Language": language}
        found = problem(client.post("/v1/articles", json=body, headers=headers))
        assert found["code"] == "invalid_input"
        named = {error["field"]: error["message"] for error in found["data"]["errors"]}
        assert words in named[field]


def test_an_unknown_field_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/search", json={"query": "x", "langauge": "fa"})
    assert answer.status_code == 422
    assert problem(answer)["data"]["errors"][0]["field"] == "langauge"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"null",
        b"[1, 2]",
        b'"text"',
        b"\xff\xfe{}",
        b'{"query": "\xff"}',
        b'{"query": "\\ud800"}',
        b'{"query": "a\\u0000"}',
        b'{"query": NaN}',
        b'{"query": 1e999}',
        b'{"limit": 1' + b"0" * 5000 + b', "query": "x"}',
        b"[" * 100_000,
        b'{"query": {"a": {"b": []}}}',
    ],
)
def test_broken_bodies_are_the_senders_fault(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/search", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert problem(answer)["message"]


@pytest.mark.parametrize(
    "address",
    [
        "/v1/search?q=a%00b",
        "/v1/search?q=x&limit=0",
        "/v1/search?q=x&limit=99999999999999999999999",
        "/v1/search?q=x&kind=chunk",
        "/v1/articles/%00",
        "/v1/articles/%ED%A0%80",
        "/v1/articles?cursor=%FF",
        "/v1/articles?cursor=eyJ9",
        "/v1/articles?limit=-1",
        "/v1/articles?text=a%00b",
        "/v1/articles?tag=%00",
        "/v1/jobs/..%2f..%2fetc",
    ],
)
def test_broken_addresses_are_the_senders_fault(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert 400 <= answer.status_code < 500
    assert problem(answer)["message"]


def test_unknown_addresses_and_methods_are_problems(client: TestClient) -> None:
    missing = client.get("/v1/nowhere")
    assert (missing.status_code, problem(missing)["code"]) == (404, "route_not_found")
    wrong = client.put("/v1/search")
    assert (wrong.status_code, problem(wrong)["code"]) == (405, "method_not_allowed")
    assert "GET" in wrong.headers["Allow"] or "POST" in wrong.headers["Allow"]


@pytest.mark.parametrize("with_length", [True, False])
def test_a_body_above_the_limit_is_refused_while_it_streams(client: TestClient, with_length: bool) -> None:
    size = 8 * 1024 * 1024

    def stream() -> Iterator[bytes]:
        for _ in range(size // 65536):
            yield b" " * 65536

    content = b" " * size if with_length else stream()
    answer = client.post("/v1/search", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    found = problem(answer)
    assert found["code"] == "body_too_large"
    assert found["data"]["limit_kib"] > 1000


def test_an_unexpected_error_says_its_request_id_and_nothing_else(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    app: FastAPI = running.app

    @app.get("/v1/test-fault", include_in_schema=False)
    def fault() -> None:
        raise RuntimeError("a secret of the inside")

    client = TestClient(app)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/v1/test-fault", headers={"X-Request-ID": "abc-123"})
    assert answer.status_code == 500
    found = problem(answer)
    assert found["code"] == "internal_error"
    assert found["request_id"] == "abc-123"
    assert "secret" not in answer.text
    assert any("a secret of the inside" in (r.exc_text or "") or r.exc_info for r in caplog.records)


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (StorageFull(), 507, "storage_full"),
        (OperationalError("SELECT", {}, Exception("locked")), 503, "unavailable"),
        (DataError("SELECT", {}, Exception("NUL")), 400, "bad_request"),
        (errors.IndexUnavailable(reason="gone"), 503, "index_unavailable"),
    ],
)
def test_what_is_only_unavailable_says_so(
    running: Running, raised: Exception, status: int, code: str
) -> None:
    path = f"/v1/test-{code}"

    @running.app.get(path, include_in_schema=False)
    def fault() -> None:
        raise raised

    answer = TestClient(running.app).get(path)
    assert answer.status_code == status
    assert problem(answer)["code"] == code
    assert "SELECT" not in answer.text


def test_a_browser_gets_a_page_and_a_program_gets_json(client: TestClient) -> None:
    page = client.get("/articles/nothing", headers={"Accept": "text/html", "Accept-Language": "fa"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "این صفحه پیدا نشد" in page.text
    assert json.loads(client.get("/articles/nothing").text)["code"] == "not_found"
