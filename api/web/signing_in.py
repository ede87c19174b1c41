"""Signing in and out with a browser."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService, Unguarded
from api.error_responses import status_of
from api.links import base_url
from api.permissions import ANYBODY
from api.request_errors import CsrfRefused, TooManyAttempts
from api.service import Service
from api.session_cookie import drop_session_cookie, set_session_cookie
from api.web.rendering import page
from kb.errors import WrongPassword
from kb.user import sign_out

router = APIRouter(include_in_schema=False)


@router.get("/sign-in", dependencies=[Depends(Unguarded())])
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the address says so
    """The form."""
    return page(request, "sign_in.html", next=own_path(next), login="", problem=None)


@router.post("/sign-in", dependencies=[Depends(Unguarded())])
def enter(
    request: Request,
    service: TheService,
    language: ReaderLanguage,
    login: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002
) -> Response:
    """Open a session and go on to where the reader wanted to be."""
    _refuse_other_sites(request, service)
    try:
        signed_in = service.gate.enter(
            service.database, login=login, password=password, hours=service.settings.session_hours
        )
    except (WrongPassword, TooManyAttempts) as error:
        return page(
            request,
            "sign_in.html",
            status=status_of(error),
            headers={"Cache-Control": "no-store"},
            next=own_path(next),
            login=login,
            problem=error.message(language),
        )
    answer = RedirectResponse(own_path(next), status_code=303)
    set_session_cookie(answer, signed_in, request, service)
    return answer


@router.post("/sign-out", dependencies=[Depends(Admitted(ANYBODY))])
def leave(request: Request, service: TheService) -> Response:
    """End the session."""
    token = getattr(request.state, "session_token", None)
    if token is not None:
        with service.database.transaction() as session:
            sign_out(session, token=token)
    answer = RedirectResponse("/", status_code=303)
    drop_session_cookie(answer, request, service)
    return answer


def own_path(address: str) -> str:
    """`address` where it is a path of this site, else the start page: nobody is sent elsewhere."""
    plain = address.isprintable() and "\\" not in address
    if plain and address.startswith("/") and not address.startswith("//"):
        return address
    return "/"


def _refuse_other_sites(request: Request, service: Service) -> None:
    """Another site must not sign its visitors in as somebody of its choice."""
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        if request.headers.get("sec-fetch-site") in ("cross-site", "same-site") or origin == "null":
            raise CsrfRefused
        return
    ours = {urlsplit(base_url(request, service)).netloc, request.headers.get("host", "")}
    if urlsplit(origin).netloc not in ours:
        raise CsrfRefused
