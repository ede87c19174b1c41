"""What routes ask for by type: the service's parts, the caller, what the caller may see."""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPBearer
from fastapi.security.base import SecurityBase
from starlette.concurrency import run_in_threadpool

from api.language import language_of
from api.permissions import Permission
from api.request_errors import CsrfRefused
from api.service import Service
from kb.api_key import caller_of_key
from kb.clock import utc_now
from kb.errors import MessageLanguage, NotSignedIn, UnknownKey
from kb.user import caller_of_session, csrf_token
from kb.visibility import ANONYMOUS, OPERATOR, Caller, CallerKind, Visibility, visibility_of

SESSION_COOKIE = "kb_session"
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"
_KEY_PREFIX = "nk_"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

#: for the OpenAPI description only; `caller_of` reads the headers itself, so that a malformed one is refused
SCHEMES: tuple[SecurityBase, ...] = (
    HTTPBearer(auto_error=False, scheme_name="ApiKey", description="API key (`nk_...`) / کلید API"),
    APIKeyHeader(name="X-API-Key", auto_error=False, scheme_name="ApiKeyHeader"),
    APIKeyCookie(name=SESSION_COOKIE, auto_error=False, scheme_name="SessionCookie"),
)


def service_of(request: Request) -> Service:
    """The application's parts, opened by its lifespan."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service


async def _service(request: Request) -> Service:
    return service_of(request)  # async: a plain function would take a trip to a thread


TheService = Annotated[Service, Depends(_service)]


@dataclass(frozen=True, slots=True)
class _Credential:
    """What the request proves itself with: an API key or the operator's token, else a session's token."""

    key: str = ""
    session: str = ""


def _credential(request: Request) -> _Credential:
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, value = header.partition(" ")
        if scheme.lower() != "bearer" or not value.strip():
            raise NotSignedIn
        return _Credential(key=value.strip())
    key = request.headers.get("x-api-key")
    if key is not None:
        if not key.strip():
            raise NotSignedIn
        return _Credential(key=key.strip())
    return _Credential(session=request.cookies.get(SESSION_COOKIE, ""))


def _is_operator(service: Service, key: str) -> bool:
    token = service.operator_token
    return token is not None and hmac.compare_digest(key.encode(), token.encode())


def _caller_of_key(service: Service, key: str) -> Caller:
    if not key.startswith(_KEY_PREFIX) or not key.isascii():
        raise UnknownKey
    with service.database.reading() as session:
        return caller_of_key(session, plaintext=key, now=utc_now())


def _caller_of_session(service: Service, token: str) -> Caller:
    try:
        with service.database.reading() as session:
            return caller_of_session(session, token=token, now=utc_now())
    except NotSignedIn:
        return ANONYMOUS  # an old cookie is a visitor; where that is not enough the permission says so


async def caller_of(request: Request) -> Caller:
    """Who asks, once per request.

    Raises:
        NotSignedIn: the credentials that were sent are unknown, expired or revoked.
    """
    known = getattr(request.state, "caller", None)
    if isinstance(known, Caller):
        return known
    credential = _credential(request)
    service = service_of(request)
    if _is_operator(service, credential.key):
        caller = OPERATOR
    elif credential.key:
        caller = await run_in_threadpool(_caller_of_key, service, credential.key)
    elif credential.session:
        caller = await run_in_threadpool(_caller_of_session, service, credential.session)
        if caller is not ANONYMOUS:
            request.state.session_token = credential.session
    else:
        caller = ANONYMOUS
    request.state.caller = caller
    return caller


async def _refuse_forgery(request: Request) -> None:
    """A browser sends the cookie with anybody's form; only our pages know the session's CSRF token."""
    token = getattr(request.state, "session_token", None)
    if token is None or request.method in _SAFE_METHODS:
        return
    offered = request.headers.get(CSRF_HEADER)
    if offered is None and "form" in request.headers.get("content-type", ""):
        field = (await request.form()).get(CSRF_FIELD)
        offered = field if isinstance(field, str) else None
    if offered is None or not hmac.compare_digest(offered.encode(), csrf_token(token).encode()):
        raise CsrfRefused


@dataclass(frozen=True, slots=True)
class Admitted:
    """Dependency: the caller, after the route's declared permission has been checked."""

    permission: Permission

    async def __call__(
        self,
        request: Request,
        _bearer: Annotated[object, Security(SCHEMES[0])],
        _key: Annotated[object, Security(SCHEMES[1])],
        background: BackgroundTasks,
        _cookie: Annotated[object, Security(SCHEMES[2])],
    ) -> Caller:
        caller = await caller_of(request)
        service = service_of(request)
        self.permission.check(caller, portal_public=service.settings.portal_public)
        if caller.kind is CallerKind.KEY:
            background.add_task(service.key_use.note, caller.id)
        await _refuse_forgery(request)
        return caller


@dataclass(frozen=True, slots=True)
class Unguarded:
    """Dependency that declares a route open to everybody; nobody's credentials are even read."""

    async def __call__(self) -> None:
        return None


def visibility_for(caller: Caller, service: Service) -> Visibility:
    return visibility_of(caller, portal_public=service.settings.portal_public)


async def _reader_language(request: Request) -> MessageLanguage:
    return language_of(request)


ReaderLanguage = Annotated[MessageLanguage, Depends(_reader_language)]
