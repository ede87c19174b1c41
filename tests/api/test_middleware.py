"""Around every request: its id, its log line, its headers, its measurements."""

import json
import logging

import pytest
from starlette.testclient import TestClient

from api.language import preferred_language
from api.readiness import Readiness
from kb.errors import EmbeddingUnavailable
from kb.logs import JsonLines
from tests.api.conftest import AS_OPERATOR, Running


def test_a_sane_request_id_is_kept_and_another_is_replaced(client: TestClient) -> None:
    assert (
        client.get("/health/live", headers={"X-Request-ID": "abc-1.2_3"}).headers["X-Request-ID"]
        == "abc-1.2_3"
    )
    for broken in ("", "a b", "x" * 65, "a\tb", '"'):
        given = client.get("/health/live", headers={"X-Request-ID": broken}).headers["X-Request-ID"]
        assert given != broken
        assert len(given) == 32


@pytest.mark.parametrize("path", ["/", "/v1/search?q=x", "/nothing", "/docs", "/static/portal.css"])
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_what_is_private_is_not_stored_and_what_is_static_is(client: TestClient) -> None:
    assert client.get("/v1/session").headers["Cache-Control"] == "no-store"
    assert "immutable" in client.get("/static/portal.css").headers["Cache-Control"]


def test_the_log_line_holds_no_words_of_anybody(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="nagofte.access"):
        client.get("/v1/search", params={"q": "شمارهٔ من ۰۹۱۲"})
        client.get("/v1/articles/0199f2c4")
    lines = [json.loads(JsonLines().format(r)) for r in caplog.records if r.name == "nagofte.access"]
    assert [line["route"] for line in lines] == ["/v1/search", "/v1/articles/{article_id}"]
    assert {"at", "level", "request_id", "method", "route", "status", "duration_ms"} <= set(lines[0])
    assert "۰۹۱۲" not in str(lines)
    assert "%D" not in str(lines)


def test_measurements_are_by_route_template(client: TestClient, running: Running) -> None:
    client.get("/v1/articles/some-id-of-somebody")
    client.get("/v1/search", params={"q": "x"})
    client.get("/not/a/route/at/all")
    text = client.get("/metrics").text
    assert 'route="/v1/articles/{article_id}"' in text
    assert 'route="unmatched"' in text
    assert "some-id-of-somebody" not in text
    assert "not/a/route" not in text
    assert 'nagofte_search_seconds_count{surface="api"}' in text
    for state in ("pending", "running", "done", "failed"):
        assert f'nagofte_jobs{{state="{state}"}}' in text
    points = next(line for line in text.splitlines() if line.startswith("nagofte_index_points "))
    assert float(points.split()[1]) == running.service.search.index.count()
    assert "nagofte_index_unoptimized_points " in text


def test_readiness_names_every_part(client: TestClient, running: Running) -> None:
    running.app.state.readiness.close()  # the model is loaded
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "parts": dict.fromkeys(("record", "schema", "index", "embedder"), "ready"),
    }
    assert client.get("/health/live").json() == {"status": "alive"}


def test_an_embedder_that_was_away_is_ready_once_it_answers(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder, faults = running.service.search.embedder, [EmbeddingUnavailable(reason="away"), OSError()]
    monkeypatch.setattr(type(embedder), "warm_up", lambda _self: _raise(faults.pop(0)) if faults else None)
    readiness = Readiness(running.service)
    readiness.warm_up()
    seen = []
    for _ in range(3):
        readiness.close()  # wait for the try at hand
        seen.append(readiness.parts()["embedder"])
    assert "away" in seen[0]
    assert seen[1:] == ["failed (OSError)", "ready"]


def _raise(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "fa"),
        ("fa-IR,fa;q=0.9,en;q=0.8", "fa"),
        ("en-US,en;q=0.9,fa;q=0.8", "en"),
        ("en;q=0.2, fa;q=0.7", "fa"),
        ("de", "fa"),
        ("en;q=0", "fa"),
        ("en;q=broken", "fa"),
        (";;;,,,", "fa"),
        ("EN", "en"),
    ],
)
def test_the_readers_language_is_weighed(header: str, expected: str) -> None:
    assert preferred_language(header) == expected


def test_asking_for_a_language_wins(client: TestClient) -> None:
    answer = client.get("/v1/articles/x?lang=en", headers=AS_OPERATOR | {"Accept-Language": "fa"})
    assert "There is no" in answer.json()["message"]
