"""Who may call what: declared on every route, and held."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import update
from starlette.testclient import TestClient

from api.dependencies import Admitted, Unguarded
from api.permissions import Permission
from api.routes import ROUTERS
from api.web.routers import WEB_ROUTERS
from kb.api_key import ApiKey
from kb.clock import utc_now
from kb.errors import Forbidden, NotSignedIn
from kb.visibility import ANONYMOUS, OPERATOR, Caller, CallerKind
from kb.vocabulary import Role, Scope
from tests.api.conftest import AS_OPERATOR, Running
from tests.factories import make_key

Key = Callable[..., dict[str, str]]
ROUTES = [route for router in (*ROUTERS, *WEB_ROUTERS) for route in router.routes]


def declarations(dependant: Dependant) -> Iterator[Admitted | Unguarded]:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Admitted | Unguarded):
            yield dependency.call
        yield from declarations(dependency)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{sorted(route.methods)[0]} {route.path}")
def test_every_route_declares_who_may_call_it(route: Any) -> None:
    assert isinstance(route, APIRoute)
    assert len(list(declarations(route.dependant))) == 1


OPEN_TO_VISITORS = {
    "search",
    "searchByAddress",
    "suggest",
    "listArticles",
    "readArticle",
    "readNote",
    "readConversation",
    "raiseFlag",
    "signIn",
    "choosePassword",
    "whoAmI",
    "signOut",
    "articleTranslations",
    "relatedArticles",
    "listAttachments",
    "downloadAttachment",
    "live",
    "ready",
    "metrics",
}


def test_visitors_are_admitted_only_where_it_was_decided() -> None:
    admitted = {
        route.operation_id
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for declared in declarations(route.dependant)
        if isinstance(declared, Unguarded) or declared.permission.visitors or declared.permission.anybody
    }
    assert admitted == OPEN_TO_VISITORS


@pytest.mark.parametrize(
    ("permission", "caller", "portal_public", "refused"),
    [
        (Permission(role=Role.AGENT), ANONYMOUS, True, NotSignedIn),
        (Permission(role=Role.AGENT, visitors=True), ANONYMOUS, True, None),
        (Permission(role=Role.AGENT, visitors=True), ANONYMOUS, False, NotSignedIn),
        (Permission(role=Role.ADMIN), Caller(CallerKind.PERSON, "1", Role.MANAGER), True, Forbidden),
        (Permission(role=Role.ADMIN), Caller(CallerKind.PERSON, "1", Role.ADMIN), True, None),
        (Permission(role=Role.AGENT), Caller(CallerKind.PERSON, "1"), True, Forbidden),
        (Permission(scope=Scope.WRITE), make_key(Scope.READ), True, Forbidden),
        (Permission(scope=Scope.WRITE), make_key(Scope.WRITE), True, None),
        (Permission(role=Role.AGENT), make_key(*Scope), True, Forbidden),
        (Permission(), OPERATOR, False, None),
        (Permission(), ANONYMOUS, True, NotSignedIn),
        (Permission(anybody=True), ANONYMOUS, False, None),
    ],
)
def test_a_permission_admits_exactly_whom_it_names(
    permission: Permission, caller: Caller, portal_public: bool, refused: type[Exception] | None
) -> None:
    if refused is None:
        permission.check(caller, portal_public=portal_public)
    else:
        with pytest.raises(refused):
            permission.check(caller, portal_public=portal_public)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Authorization": "Bearer nk_nobody-made-this"}, "unknown_key"),
        ({"Authorization": "Bearer something"}, "unknown_key"),
        ({"X-API-Key": "nk_nobody-made-this"}, "unknown_key"),
        ({"X-API-Key": ""}, "not_signed_in"),
        ({"Authorization": "Bearer "}, "not_signed_in"),
        ({"Authorization": "Basic YTpi"}, "not_signed_in"),
        ({"Authorization": "Bearer نک".encode()}, "unknown_key"),
    ],
)
def test_wrong_credentials_are_refused_even_where_visitors_are_welcome(
    client: TestClient, headers: dict[str, Any], code: str
) -> None:
    answer = client.get("/v1/articles", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, code)


def test_an_expired_key_says_when_it_expired(client: TestClient, key: Key, running: Running) -> None:
    expires_at = utc_now() + timedelta(hours=1)
    headers = key(Scope.SEARCH, expires_at=expires_at)
    with running.service.database.transaction() as session:
        ours = update(ApiKey).where(ApiKey.expires_at == expires_at)
        session.execute(ours.values(expires_at=expires_at - timedelta(hours=2)))
    answer = client.get("/v1/search?q=x", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "expired_key")


def test_a_revoked_key_opens_nothing(client: TestClient) -> None:
    body = {"name": "x", "scopes": ["search", "read"], "audience_ceiling": "public"}
    made = client.post("/v1/keys", json=body, headers=AS_OPERATOR).json()
    headers = {"X-API-Key": made["key"]}
    assert client.get("/v1/search?q=x", headers=headers).status_code == 200
    revoked = client.delete(f"/v1/keys/{made['id']}", headers=AS_OPERATOR)
    assert revoked.json()["revoked_at"] is not None
    answer = client.get("/v1/search?q=x", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "revoked_key")


def test_a_key_needs_the_scope_of_the_call(client: TestClient, key: Key) -> None:
    searching = key(Scope.SEARCH)
    assert client.get("/v1/search?q=x", headers=searching).status_code == 200
    assert client.get("/v1/articles", headers=searching).status_code == 403
    assert client.get("/v1/keys", headers=key(Scope.WRITE)).status_code == 403
    assert client.get("/v1/keys", headers=key(Scope.ADMIN)).status_code == 200


def test_the_use_of_a_key_is_noted_and_its_secret_is_never_listed(client: TestClient) -> None:
    body = {"name": "y", "scopes": ["search"], "audience_ceiling": "public"}
    made = client.post("/v1/keys", json=body, headers=AS_OPERATOR).json()
    assert made["last_used_at"] is None
    client.get("/v1/search?q=x", headers={"X-API-Key": made["key"]})
    listed = client.get("/v1/keys", headers=AS_OPERATOR)
    assert made["key"] not in listed.text
    mine = next(item for item in listed.json()["items"] if item["id"] == made["id"])
    assert mine["last_used_at"] is not None


def test_the_operators_token_opens_everything(client: TestClient) -> None:
    who = client.get("/v1/session", headers=AS_OPERATOR).json()
    assert who["kind"] == "operator"
    assert who["audiences"] == ["internal", "partner", "public"]
