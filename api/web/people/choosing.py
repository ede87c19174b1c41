"""Choosing a password with a one-time code."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api.dependencies import TheService, Unguarded
from api.error_responses import status_of
from api.language import language_of
from api.session_cookie import origin_of, set_session_cookie
from api.web.desk.problems import problem_words
from api.web.rendering import page
from api.web.signing_in import refuse_other_sites
from kb.clock import utc_now
from kb.errors import KbError
from kb.user import choose_password, open_session

router = APIRouter(prefix="/new-password", include_in_schema=False, dependencies=[Depends(Unguarded())])


@router.get("")
def choose_page(request: Request) -> Response:
    """The form."""
    return page(request, "people/choose.html", login="", problem=None)


@router.post("")
def choose(
    request: Request,
    service: TheService,
    login: Annotated[str, Form(max_length=200)] = "",
    secret: Annotated[str, Form(max_length=100)] = "",
    new_password: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Keep the password, and sign in with it."""
    refuse_other_sites(request, service)
    try:
        with service.database.transaction() as session:
            user = choose_password(session, login=login, secret=secret, password=new_password, now=utc_now())
            signed_in = open_session(
                session,
                user=user,
                now=utc_now(),
                hours=service.settings.session_hours,
                origin=origin_of(request),
            )
    except KbError as error:
        return page(
            request,
            "people/choose.html",
            status=status_of(error),
            headers={"Cache-Control": "no-store"},
            login=login,
            problem=problem_words(error, language_of(request)),
        )
    answer = RedirectResponse("/account?done=changed", status_code=303)
    set_session_cookie(answer, signed_in, request, service)
    return answer
