"""What is logged, and how."""

import json
import logging
from collections.abc import Iterator

import pytest

from kb.logs import configure_logging


@pytest.fixture(autouse=True)
def _loggers_as_they_were() -> Iterator[None]:
    names = ("alembic", "httpx", "httpcore", "haystack", "pdfminer", "uvicorn.error", "nagofte.access")
    root, levels = logging.getLogger(), {name: logging.getLogger(name).level for name in names}
    handlers, level = root.handlers[:], root.level
    access_disabled = logging.getLogger("uvicorn.access").disabled
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("uvicorn.access").disabled = access_disabled
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def test_a_service_logs_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")
    logging.getLogger("nagofte.access").info("GET %s", "/v1/search", extra={"status": 200})
    line = json.loads(capsys.readouterr().err)
    assert (line["message"], line["status"], line["level"]) == ("GET /v1/search", 200, "info")


@pytest.mark.parametrize(("level", "seen"), [("info", False), ("debug", True)])
def test_the_terminal_shows_requests_only_when_debugging(
    level: str, seen: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(level, for_people=True)
    logging.getLogger("nagofte.access").info("GET /v1/search")
    assert ("GET /v1/search" in capsys.readouterr().err) is seen


def test_the_terminal_shows_failures(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("warning", for_people=True)
    logging.getLogger("nagofte.api").error("unexpected error")
    assert "ERROR nagofte.api: unexpected error" in capsys.readouterr().err
