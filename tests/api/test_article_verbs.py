"""Every route that edits an article refuses alike: strangers, stale or missing versions, impossible moves."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from kb.article import archive_article
from kb.settings import Settings
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, Role, Scope
from tests.api.conftest import AS_OPERATOR, Running

Key = Callable[..., dict[str, str]]
SignedIn = Callable[..., TestClient]
PREFIX = "/v1/articles/{article_id}"
LATER = "2099-01-01T00:00:00Z"

#: each with a body that is right
VERBS: dict[tuple[str, str], dict[str, Any] | None] = {
    ("PATCH", ""): {"tags": ["نو"]},
    ("POST", "/revisions"): {"title": "نو"},
    ("POST", "/revisions/{number}/revert"): None,
    ("POST", "/review"): None,
    ("DELETE", "/review"): None,
    ("POST", "/review/approve"): None,
    ("POST", "/review/request-changes"): {"comment": "کوتاه‌تر"},
    ("POST", "/release"): None,
    ("POST", "/verify"): None,
    ("POST", "/archive"): None,
    ("POST", "/restore"): None,
    ("PATCH", "/schedule"): {"archive_at": LATER},
    ("POST", "/merge"): {"into_id": "nothing-there"},
    ("POST", "/checks"): None,
}
#: what needs a publisher; the others are a contributor's, too, where the public sees nothing of it
PUBLISHERS = {"/archive", "/restore", "/merge", "/schedule"}


def edits_described() -> set[tuple[str, str]]:
    """Every route of one article that names a version, as the description has it."""
    found = set()
    for path, item in create_app(Settings(_env_file=None)).openapi()["paths"].items():
        for method, operation in item.items():
            names = {p["name"] for p in operation.get("parameters", ())}
            if path.startswith(PREFIX) and "If-Match" in names:
                found.add((method.upper(), path.removeprefix(PREFIX)))
    return found


def test_the_table_is_complete() -> None:
    assert edits_described() == set(VERBS)


def call(client: TestClient, article_id: str, verb: tuple[str, str], match: str | None, **more: Any) -> Any:
    method, what = verb
    headers = more.pop("headers", {}) | ({"If-Match": match} if match else {})
    path = PREFIX.replace("{article_id}", article_id) + what.replace("{number}", "1")
    return client.request(method, path, json=VERBS[verb], headers=headers, **more)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: " ".join(verb))
def test_it_refuses_whom_and_what_it_must(
    running: Running, client: TestClient, key: Key, signed_in: SignedIn, verb: tuple[str, str]
) -> None:
    article = running.draft(title="برای رد شدن", audience=Audience.INTERNAL)
    outcomes = {
        "visitor": call(client, article.id, verb, '"1"'),
        "reader": call(client, article.id, verb, '"1"', headers=key(Scope.READ, ceiling=Audience.INTERNAL)),
        "beyond its ceiling": call(client, article.id, verb, '"1"', headers=key(*Scope)),
        "absent": call(client, "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22", verb, '"1"', headers=AS_OPERATOR),
        "senseless id": call(client, "a'b", verb, '"1"', headers=AS_OPERATOR),
        "no version": call(client, article.id, verb, None, headers=AS_OPERATOR),
        "stale": call(client, article.id, verb, '"9"', headers=AS_OPERATOR),
    }
    statuses = {name: (answer.status_code, answer.json()["code"]) for name, answer in outcomes.items()}
    assert statuses == {
        "visitor": (401, "not_signed_in"),
        "reader": (403, "forbidden"),
        "beyond its ceiling": (404, "not_found"),
        "absent": (404, "not_found"),
        "senseless id": (422, "invalid_input"),
        "no version": (428, "precondition_required"),
        "stale": (412, "stale_edit"),
    }
    agent = call(signed_in(Role.AGENT), article.id, verb, '"1"')  # on somebody else's article
    assert agent.status_code in (403, 409)
    if verb[1] in PUBLISHERS:
        assert call(signed_in(Role.CONTRIBUTOR), article.id, verb, '"1"').status_code == 403
    after = client.get(f"/v1/articles/{article.id}", headers=AS_OPERATOR).json()
    assert (after["version"], after["state"]) == (1, "work_in_progress")


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {("POST", "/restore")}), ids=lambda verb: " ".join(verb))
def test_nothing_moves_an_archived_article_but_restoring(
    running: Running, client: TestClient, verb: tuple[str, str]
) -> None:
    article = running.draft(title="بایگانی")
    with running.service.database.transaction() as session:
        archive_article(session, caller=OPERATOR, article_id=article.id, expected_version=None)
    answer = call(client, article.id, verb, '"2"', headers=AS_OPERATOR)
    assert (answer.status_code, answer.json()["code"]) == (409, "impossible_move")
    for language, word in (("fa", "حالت"), ("en", "cannot be moved")):
        told = call(
            client, article.id, verb, '"2"', headers=AS_OPERATOR | {"Accept-Language": language}
        ).json()
        assert word in told["message"]
    assert client.get(f"/v1/articles/{article.id}", headers=AS_OPERATOR).json()["version"] == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("owner_id", "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22"),
        ("owner_team_id", "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22"),
        ("verify_every_days", 0),
        ("verify_every_days", 4000),
        ("translates_number", 3),
        ("segments", ["x" * 61]),
        ("products", [" "]),
        ("add_issue", ["x" * 1001]),
        ("add_issue", ["بیش از اندازه"] * 201),
        ("state", "archived"),
        ("audience", "everybody"),
        ("issue", ["پاک شود"]),
    ],
)
def test_a_senseless_value_names_its_field_and_changes_nothing(
    running: Running, client: TestClient, field: str, value: Any
) -> None:
    article = running.draft(title="بی‌تغییر", issue=["همین"])
    answer = client.patch(
        f"/v1/articles/{article.id}",
        json={"tags": ["نو"], field: value},
        headers=AS_OPERATOR | {"If-Match": '"1"'},
    )
    assert answer.status_code == 422, answer.text
    named = answer.json()["data"]["field"]
    assert named.startswith(field) or field in ("add_issue", "translates_number")
    after = client.get(f"/v1/articles/{article.id}", headers=AS_OPERATOR).json()
    assert (after["version"], after["tags"], after["issue"]) == (1, [], ["همین"])
