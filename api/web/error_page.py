"""Errors for people with a browser."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.language import language_of
from api.request_errors import CsrfRefused
from api.web.desk.forms import typed_fields
from api.web.desk.problems import problem_words
from api.web.rendering import page
from api.web.texts import translate
from kb.errors import KbError, NotSignedIn

#: addresses of programs; they are answered in JSON whatever they accept
_FOR_PROGRAMS = ("/v1/", "/health/", "/metrics", "/openapi.json", "/static/")


def wants_page(request: Request) -> bool:
    """Whether a person's browser asked for a page."""
    if request.url.path.startswith(_FOR_PROGRAMS):
        return False
    return "text/html" in request.headers.get("accept", "")


def error_page(request: Request, error: KbError, *, status: int, request_id: str) -> Response:
    """What happened and what to do, with what was typed; who is not signed in is sent to sign in."""
    if isinstance(error, NotSignedIn) and request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        address = "/sign-in?" + urlencode({"next": request.url.path + query})
        return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})
    language = language_of(request)
    if status == 404:
        heading, text = translate("not_found_title", language), translate("not_found_text", language)
    else:
        heading, text = translate("error_title", language), problem_words(error, language)
    kept = typed_fields(request)
    if kept and isinstance(error, NotSignedIn):
        text = translate("kept_signed_out", language)
    elif kept and isinstance(error, CsrfRefused):
        text = translate("kept_refused", language)
    return page(
        request,
        "error.html",
        status=status,
        headers={"Cache-Control": "no-store"},
        heading=heading,
        text=text,
        request_id=request_id,
        kept=kept,
        sign_in=isinstance(error, NotSignedIn),
    )
