"""Nobody gets where the table of permissions does not let them, on any route or page; changes are audited."""

import dis
import inspect
import re
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from api.dependencies import Admitted
from api.permissions import Permission
from api.routes import ROUTERS
from api.sign_in_gate import SignInGate
from api.web.routers import WEB_ROUTERS
from kb.audit import verify_audit
from kb.errors import Forbidden, NotSignedIn
from kb.visibility import ANONYMOUS, Caller, CallerKind
from kb.vocabulary import Role, Scope
from tests.api.conftest import Running
from tests.api.test_access import declarations
from tests.factories import make_key
from tests.kb.test_every_verb_is_audited import AUDITED

ROUTES = [
    route for router in (*ROUTERS, *WEB_ROUTERS) for route in router.routes if isinstance(route, APIRoute)
]
SAFE = {"GET", "HEAD", "OPTIONS"}

#: the least role and the scope, as decided; a route that is not here needs no more than an agent
LEAST: dict[str, tuple[Role, Scope | None]] = {
    "/v1/users": (Role.ADMIN, Scope.ADMIN),
    "/v1/users/{user_id}/password-reset": (Role.ADMIN, Scope.ADMIN),
    "/v1/keys": (Role.ADMIN, Scope.ADMIN),
    "/v1/keys/{key_id}": (Role.ADMIN, Scope.ADMIN),
    "/v1/audit": (Role.ADMIN, Scope.ADMIN),
    "/desk/templates": (Role.MANAGER, None),
    "/desk/templates/new": (Role.MANAGER, None),
    "/desk/templates/{template_id}": (Role.MANAGER, None),
    "/desk/templates/{template_id}/delete": (Role.MANAGER, None),
    "/desk/exchange": (Role.MANAGER, None),
    "/desk/exchange/exports": (Role.MANAGER, None),
    "/desk/exchange/exports/{export_id}": (Role.MANAGER, None),
    "/desk/exchange/imports": (Role.MANAGER, None),
    "/desk/exchange/imports/{import_id}": (Role.MANAGER, None),
    "/desk/exchange/imports/{import_id}/apply": (Role.MANAGER, None),
    "/people": (Role.ADMIN, None),
    "/people/new": (Role.ADMIN, None),
    "/people/{user_id}": (Role.ADMIN, None),
    "/people/{user_id}/active": (Role.ADMIN, None),
    "/people/{user_id}/reset": (Role.ADMIN, None),
    "/people/{user_id}/sign-out": (Role.ADMIN, None),
    "/people/{user_id}/disconnect": (Role.ADMIN, None),
    "/people/{user_id}/hand-over": (Role.ADMIN, None),
    "/people/teams": (Role.MANAGER, None),
    "/people/teams/{team_id}": (Role.MANAGER, None),
    "/people/teams/{team_id}/delete": (Role.MANAGER, None),
    "/people/teams/{team_id}/members": (Role.MANAGER, None),
    "/people/teams/{team_id}/members/{user_id}/remove": (Role.MANAGER, None),
}


def permission_of(route: APIRoute) -> Permission | None:
    """What a route declares; None: open to everybody."""
    (declared,) = declarations(route.dependant)
    return declared.permission if isinstance(declared, Admitted) else None


def test_the_routes_for_managers_and_administrators_need_what_was_decided() -> None:
    found = {
        route.path: (declared.role, declared.scope)
        for route in ROUTES
        if route.path in LEAST and (declared := permission_of(route)) is not None
    }
    assert found == LEAST


def people() -> dict[str, Caller]:
    """One caller of every kind that permissions tell apart."""
    persons = {f"person {role}": Caller(CallerKind.PERSON, "x", role) for role in Role}
    keys = {f"key {scope}": make_key(scope) for scope in Scope}
    return {"visitor": ANONYMOUS, **persons, **keys}


@pytest.fixture(scope="module")
def browsers(running: Running) -> Callable[..., dict[str, TestClient]]:
    """A browser or program for each caller of `people`."""
    from kb.api_key import create_key
    from kb.clock import utc_now
    from kb.user import User, csrf_token, open_session
    from kb.visibility import OPERATOR
    from kb.vocabulary import Audience
    from tests.factories import make_person

    def make() -> dict[str, TestClient]:
        made = {}
        for name, caller in people().items():
            browser = TestClient(running.app, follow_redirects=False)
            with running.service.database.transaction() as session:
                if caller.kind is CallerKind.PERSON:
                    user = session.get_one(User, make_person(session, role=caller.role or Role.AGENT).id)
                    token = open_session(session, user=user, now=utc_now(), hours=1).token
                    browser.cookies.set("kb_session", token)
                    browser.headers["X-CSRF-Token"] = csrf_token(token)
                elif caller.kind is CallerKind.KEY:
                    key = create_key(
                        session,
                        caller=OPERATOR,
                        name=name,
                        scopes=sorted(caller.scopes),
                        audience_ceiling=Audience.INTERNAL,
                    )
                    browser.headers["Authorization"] = f"Bearer {key.plaintext}"
            made[name] = browser
        return made

    return make


def refused(permission: Permission, caller: Caller) -> bool:
    try:
        permission.check(caller, portal_public=True)
    except (Forbidden, NotSignedIn):
        return True
    return False


def test_every_route_and_page_is_closed_to_whom_its_permission_does_not_name(
    running: Running, browsers: Callable[..., dict[str, TestClient]]
) -> None:
    clients, callers = browsers(), people()
    with running.service.database.transaction() as session:
        before = verify_audit(session).count
    opened, tried = [], 0
    for route in ROUTES:
        permission = permission_of(route)
        if permission is None:
            continue
        path = re.sub(r"\{[^}]*\}", "x1", route.path)
        for name, caller in callers.items():
            if not refused(permission, caller):
                continue
            for method in sorted(route.methods - {"HEAD"}):
                answer = clients[name].request(method, path)
                tried += 1
                expected = 401 if caller is ANONYMOUS else 403
                if answer.status_code != expected:
                    opened.append(f"{name}: {method} {route.path} answered {answer.status_code}")
    assert opened == []
    assert tried > 500
    with running.service.database.transaction() as session:
        assert verify_audit(session).count == before


#: routes that change nothing that anybody relies on, though their method is not GET
UNAUDITED = {
    "search": "looking is no change",
    "findSimilar": "looking is no change",
    "previewArticle": "looking is no change",
    "/desk/notes/alike": "looking is no change",
    "seeReminder": "one's own reminder, seen by oneself",
    "/desk/reminders/{reminder_id}/seen": "one's own reminder, seen by oneself",
    "/sign-in/provider/connect": "only sends somebody to the provider; connect_identity is audited",
}


#: methods through which routes reach a verb
METHODS = {"enter": SignInGate.enter}


def functions_of(function: Any, seen: set[Any]) -> Iterator[FunctionType]:
    """A function of the API, and everything of the API and the record that it may call."""
    if not inspect.isfunction(function) or function in seen:
        return
    seen.add(function)
    yield function
    if not function.__module__.startswith("api."):
        return
    for opcode, name in names_in(function.__code__):
        named = function.__globals__ if opcode == "LOAD_GLOBAL" else METHODS
        yield from functions_of(named.get(name), seen)


def names_in(code: CodeType) -> Iterator[tuple[str, str]]:
    """The names of modules and attributes that it loads, each with how."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_METHOD", "LOAD_ATTR"):
            yield instruction.opname, str(instruction.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_in(constant)


def reaches_audited_verb(route: APIRoute) -> bool:
    return any(function in AUDITED for function in functions_of(route.endpoint, set()))


def test_every_route_that_changes_something_goes_through_an_audited_verb() -> None:
    """That the verbs leave their row is proved with each of them in `test_every_verb_is_audited`."""
    silent = {
        route.operation_id or route.path
        for route in ROUTES
        if not route.methods <= SAFE and not reaches_audited_verb(route)
    }
    assert silent == set(UNAUDITED)


def test_reading_goes_through_no_audited_verb() -> None:
    loud = {
        route.operation_id or route.path
        for route in ROUTES
        if route.methods <= SAFE and reaches_audited_verb(route)
    }
    #: coming back from the identity provider is a GET by its standard, with a state that is used once
    assert loud == {"/sign-in/provider/back"}
