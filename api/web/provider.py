"""Signing in with the identity provider, and connecting an account to it."""

import re
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, TheService, Unguarded
from api.links import base_url, is_https
from api.oidc.claims import admission_of, identity_of
from api.oidc.errors import SignInNotBegun
from api.oidc.provider import Provider, Recognised
from api.permissions import ANYBODY, OWN_ACCOUNT
from api.request_errors import RouteNotFound
from api.service import Service
from api.session_cookie import origin_of, set_session_cookie
from api.web.signing_in import leaving_page, own_path, sign_in_form
from kb.clock import utc_now
from kb.errors import KbError
from kb.user import (
    TakenAttempt,
    admit_identity,
    begin_attempt,
    connect_identity,
    get_user,
    open_session,
    take_attempt,
)
from kb.visibility import Caller
from kb.vocabulary import SignInWay

router = APIRouter(prefix="/sign-in/provider", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(OWN_ACCOUNT))]
Anybody = Annotated[Caller, Depends(Admitted(ANYBODY))]
#: what binds an attempt to the browser that began it
_BROWSER_COOKIE = "kb_browser"
_BROWSER = re.compile(r"[A-Za-z0-9_-]{43}")
_BACK = "/sign-in/provider/back"
_LIMIT_CHARS = 4000


@router.get("", dependencies=[Depends(Unguarded())])
def leave_for_provider(
    request: Request,
    service: TheService,
    next: Annotated[str, Query(max_length=2000)] = "/",  # noqa: A002 - the address says so
) -> Response:
    """Send the reader to the provider."""
    provider = _provider(request, service)
    try:
        address, browser = begin_at_provider(request, service, provider, return_path=own_path(next))
    except KbError as error:
        return sign_in_form(request, service, next=next, problem=error)
    answer = RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})
    keep_browser(answer, browser, request, service)
    return answer


@router.post("/connect")
def connect(
    request: Request,
    caller: Person,
    service: TheService,
    password: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Connect one's account to the provider; whoever found an open browser does not know the password."""
    provider = _provider(request, service)
    with service.database.reading() as session:
        user = get_user(session, caller=caller, user_id=caller.id)
    service.gate.check(service.database, login=user.login, password=password)
    address, browser = begin_at_provider(
        request, service, provider, return_path="/account", user_id=caller.id
    )
    answer = leaving_page(request, address=address, key="leaving_connect", name=provider.name)
    keep_browser(answer, browser, request, service)
    return answer


@router.get("/back")
def come_back(
    request: Request,
    caller: Anybody,
    service: TheService,
    state: Annotated[str, Query(max_length=_LIMIT_CHARS)] = "",
    code: Annotated[str, Query(max_length=_LIMIT_CHARS)] = "",
    error: Annotated[str, Query(max_length=_LIMIT_CHARS)] = "",
    iss: Annotated[str | None, Query(max_length=_LIMIT_CHARS)] = None,
) -> Response:
    """Open a session for whom the provider recognised, and go on to where they wanted to be."""
    provider = _provider(request, service)
    attempt = None
    try:
        attempt = _taken(request, service, state)
        provider.check_sender(iss)
        if error or not code:
            raise provider.refusal(error)
        found = provider.recognise(code=code, attempt=attempt)
        if attempt.user_id is not None:
            return _connect(caller, service, attempt, found)
        return _enter(request, service, attempt, found)
    except KbError as problem:
        if attempt is not None and attempt.user_id is not None:
            raise
        path = attempt.return_path if attempt is not None else "/"
        return sign_in_form(request, service, next=path, problem=problem)


def begin_at_provider(
    request: Request, service: Service, provider: Provider, *, return_path: str, user_id: str | None = None
) -> tuple[str, str]:
    """Begin an attempt; the address to go to, and what the browser keeps meanwhile.

    Raises:
        ProviderUnavailable.
    """
    provider.metadata()  # before anything is kept
    browser = request.cookies.get(_BROWSER_COOKIE, "")
    if not _BROWSER.fullmatch(browser):
        browser = secrets.token_urlsafe(32)
    redirect_uri = base_url(request, service) + _BACK
    with service.database.transaction() as session:
        begun = begin_attempt(
            session,
            browser=browser,
            redirect_uri=redirect_uri,
            return_path=return_path,
            user_id=user_id,
            now=utc_now(),
        )
    return provider.address_to_sign_in(begun, redirect_uri=redirect_uri), browser


def keep_browser(response: Response, browser: str, request: Request, service: Service) -> None:
    """Let the browser prove later that it is the one that left."""
    response.set_cookie(
        _BROWSER_COOKIE,
        browser,
        max_age=3600,
        httponly=True,
        samesite="lax",
        secure=is_https(request, service),
        path="/sign-in/provider",
    )


def _taken(request: Request, service: Service, state: str) -> TakenAttempt:
    browser = request.cookies.get(_BROWSER_COOKIE, "")
    with service.database.transaction() as session:
        attempt = take_attempt(session, state=state, browser=browser, now=utc_now())
    if attempt is None:
        raise SignInNotBegun
    return attempt


def _enter(request: Request, service: Service, attempt: TakenAttempt, found: Recognised) -> Response:
    settings = service.settings
    with service.database.transaction() as session:
        user = admit_identity(
            session, identity=identity_of(found.claims, settings), rules=admission_of(settings)
        )
        signed_in = open_session(
            session,
            user=user,
            now=utc_now(),
            hours=settings.session_hours,
            way=SignInWay.PROVIDER,
            origin=origin_of(request),
            id_token=found.id_token,
        )
    answer = RedirectResponse(attempt.return_path, status_code=303, headers={"Cache-Control": "no-store"})
    set_session_cookie(answer, signed_in, request, service)
    return answer


def _connect(caller: Caller, service: Service, attempt: TakenAttempt, found: Recognised) -> Response:
    """Only for the person who asked for it, still signed in."""
    if caller.person_id is None or caller.person_id != attempt.user_id:
        raise SignInNotBegun
    with service.database.transaction() as session:
        connect_identity(session, caller=caller, identity=identity_of(found.claims, service.settings))
    return RedirectResponse(attempt.return_path, status_code=303, headers={"Cache-Control": "no-store"})


def _provider(request: Request, service: Service) -> Provider:
    if service.provider is None:
        raise RouteNotFound(path=request.url.path)
    return service.provider
