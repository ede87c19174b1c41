"""Signing in and out with a browser."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, TheService, Unguarded
from api.error_responses import status_of
from api.language import language_of
from api.links import base_url
from api.permissions import ANYBODY
from api.request_errors import CsrfRefused, TooManyAttempts
from api.service import Service
from api.session_cookie import drop_session_cookie, origin_of, set_session_cookie
from api.web.rendering import page
from kb.errors import KbError, WrongPassword
from kb.user import sign_out
from kb.visibility import ANONYMOUS
from kb.vocabulary import SignInWay

router = APIRouter(include_in_schema=False)


@router.get("/sign-in", dependencies=[Depends(Unguarded())])
def sign_in_page(request: Request, service: TheService, next: str = "/") -> Response:  # noqa: A002 - the address says so
    """The form."""
    return sign_in_form(request, service, next=next)


@router.post("/sign-in", dependencies=[Depends(Unguarded())])
def enter(
    request: Request,
    service: TheService,
    login: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002
) -> Response:
    """Open a session and go on to where the reader wanted to be."""
    refuse_other_sites(request, service)
    try:
        signed_in = service.gate.enter(
            service.database,
            login=login,
            password=password,
            hours=service.settings.session_hours,
            origin=origin_of(request),
        )
    except (WrongPassword, TooManyAttempts) as error:
        return sign_in_form(request, service, next=next, login=login, problem=error)
    answer = RedirectResponse(own_path(next), status_code=303)
    set_session_cookie(answer, signed_in, request, service)
    return answer


@router.post("/sign-out", dependencies=[Depends(Admitted(ANYBODY))])
def leave(request: Request, service: TheService) -> Response:
    """End the session; a sign-in by the identity provider is ended there, too, where it announces how."""
    token = getattr(request.state, "session_token", None)
    ended = None
    if token is not None:
        with service.database.transaction() as session:
            ended = sign_out(session, token=token)
    elsewhere = None
    if ended is not None and ended.way is SignInWay.PROVIDER and service.provider is not None:
        elsewhere = service.provider.address_to_sign_out(
            id_token=ended.id_token, return_to=base_url(request, service) + "/"
        )
    request.state.caller, request.state.session_token = ANONYMOUS, None
    answer: Response = RedirectResponse("/", status_code=303)
    if elsewhere is not None and service.provider is not None:
        answer = leaving_page(request, address=elsewhere, key="leaving_sign_out", name=service.provider.name)
    drop_session_cookie(answer, request, service)
    return answer


def sign_in_form(
    request: Request,
    service: Service,
    *,
    next: str = "/",  # noqa: A002
    login: str = "",
    problem: KbError | None = None,
) -> Response:
    """The sign-in page, with what went wrong where something did."""
    return page(
        request,
        "sign_in.html",
        status=200 if problem is None else status_of(problem),
        headers={"Cache-Control": "no-store"},
        next=own_path(next),
        login=login,
        problem=None if problem is None else problem.message(language_of(request)),
        provider=None if service.provider is None else service.provider.name,
    )


def leaving_page(request: Request, *, address: str, key: str, name: str) -> Response:
    """A page that leads on to the provider at once; answers to forms may not redirect to other sites."""
    headers = {"Cache-Control": "no-store", "Refresh": f"0; url={address}"}
    return page(request, "leaving.html", headers=headers, address=address, text_key=key, name=name)


def own_path(address: str) -> str:
    """`address` where it is a path of this site, else the start page: nobody is sent elsewhere."""
    plain = address.isprintable() and "\\" not in address
    if plain and address.startswith("/") and not address.startswith("//"):
        return address
    return "/"


def refuse_other_sites(request: Request, service: Service) -> None:
    """Another site must not sign its visitors in as somebody of its choice."""
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        if request.headers.get("sec-fetch-site") in ("cross-site", "same-site") or origin == "null":
            raise CsrfRefused
        return
    ours = {urlsplit(base_url(request, service)).netloc, request.headers.get("host", "")}
    if urlsplit(origin).netloc not in ours:
        raise CsrfRefused
