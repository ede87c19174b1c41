"""The description tells the truth: checked against the running application with generated requests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from api.app import create_app
from api.openapi import TAGS
from kb.settings import Settings
from tests.api.conftest import AS_OPERATOR, start

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATION_IDS = sorted(
    operation["operationId"]
    for item in create_app(Settings(_env_file=None)).openapi()["paths"].values()
    for operation in item.values()
    # A followed job ends its stream only when somebody does the job.
    if operation["operationId"] != "followJob"
)


def _already_started(app: Any) -> Any:
    """`app` for a caller that would start it once more."""

    async def started(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})

    return started


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Any]:
    """The description of an application of its own: generated requests delete and sign out."""
    directory = tmp_path_factory.mktemp("fuzzed")
    for other in start(Settings(data_dir=directory, models_dir=models_dir, _env_file=None)):
        other.article(title="برای آزمون", resolution="متنی برای یافتن.")
        loaded = schemathesis.openapi.from_asgi("/openapi.json", _already_started(other.app))
        yield loaded


@pytest.mark.parametrize("operation_id", OPERATION_IDS)
def test_every_operation_answers_as_described(fuzzed: Any, operation_id: str) -> None:
    operation = fuzzed.find_operation_by_id(operation_id)
    headers = {} if operation_id == "signIn" else AS_OPERATOR

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    check()


@pytest.fixture
def description(client: TestClient) -> dict[str, Any]:
    return dict(client.get("/openapi.json").json())


def operations(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in description["paths"].values():
        yield from item.values()


def test_operations_have_stable_ids_summaries_in_both_languages_and_described_tags(
    description: dict[str, Any],
) -> None:
    ids = [operation["operationId"] for operation in operations(description)]
    assert len(ids) == len(set(ids))
    tags = {tag["name"] for tag in TAGS}
    for operation in operations(description):
        assert operation["operationId"].isalpha()
        assert " / " in operation["summary"]
        assert set(operation["tags"]) <= tags
    assert {tag for operation in operations(description) for tag in operation["tags"]} == tags


def test_bodies_have_examples_in_both_languages(description: dict[str, Any]) -> None:
    persian, english = 0, 0
    for component in description["components"]["schemas"].values():
        for example in component.get("examples", ()):
            text = str(example)
            persian += any("\u0600" <= letter <= "\u06ff" for letter in text)
            english += not any("\u0600" <= letter <= "\u06ff" for letter in text)
    assert persian >= 6
    assert english >= 6


def test_errors_are_described_with_the_body_they_have(description: dict[str, Any]) -> None:
    for operation in operations(description):
        for status, answer in operation["responses"].items():
            if status[0] in "45" and operation["operationId"] != "ready":
                content = answer["content"]["application/problem+json"]
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert "HTTPValidationError" not in description["components"]["schemas"]
    assert description["servers"] == [{"url": "/"}]


def test_the_page_of_the_api_lists_every_operation(client: TestClient, description: dict[str, Any]) -> None:
    text = client.get("/docs").text
    for path in description["paths"]:
        assert f"<code>{path}</code>" in text
