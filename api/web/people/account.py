"""One's own account: language, password, connection to the provider, where one is signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, TheService
from api.error_responses import status_of
from api.fields import Id
from api.language import LANGUAGE_COOKIE, language_of
from api.own_password import change_own_password
from api.permissions import OWN_ACCOUNT
from api.service import Service
from api.session_cookie import set_session_cookie
from api.web.desk.layout import desk_page
from api.web.desk.problems import problem_words
from api.web.people.agents import agent_of
from kb.clock import utc_now
from kb.credit import count_promoted_notes
from kb.errors import KbError
from kb.team import team_names_of
from kb.user import (
    choose_language,
    disconnect_identity,
    end_session,
    end_sessions,
    get_user,
    list_sessions,
    session_id_of,
)
from kb.visibility import Caller
from kb.vocabulary import Language

router = APIRouter(prefix="/account", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(OWN_ACCOUNT))]
Password = Annotated[str, Sent(max_length=1000)]
_YEAR_SECONDS = 365 * 24 * 3600


@router.get("")
def account_page(request: Request, caller: Person, service: TheService) -> Response:
    """Everything about oneself."""
    return _page(request, caller, service)


@router.post("/language")
def change_language(caller: Person, service: TheService, language: Annotated[Language, Sent()]) -> Response:
    """Read pages in another language from now on, in this browser, too."""
    with service.database.transaction() as session:
        choose_language(session, caller=caller, language=language)
    answer = _back("changed")
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_SECONDS, samesite="lax", httponly=True)
    return answer


@router.post("/password")
def change_password(
    request: Request,
    caller: Person,
    service: TheService,
    password: Password = "",
    new_password: Password = "",
) -> Response:
    """Take another password, proving that one knows the old; this browser stays signed in."""
    try:
        signed_in = change_own_password(service, request, caller, old=password, new=new_password)
    except KbError as error:
        return _page(request, caller, service, problem=error)
    answer = _back("password")
    set_session_cookie(answer, signed_in, request, service)
    return answer


@router.post("/sessions/{session_id}/end")
def end_one(session_id: Id, caller: Person, service: TheService) -> Response:
    """Sign out one of one's browsers."""
    with service.database.transaction() as session:
        end_session(session, caller=caller, user_id=caller.id, session_id=session_id)
    return _back("ended")


@router.post("/sessions/end-others")
def end_others(request: Request, caller: Person, service: TheService) -> Response:
    """Sign out everywhere but here."""
    token = getattr(request.state, "session_token", None) or ""
    with service.database.transaction() as session:
        end_sessions(session, caller=caller, user_id=caller.id, except_token=token)
    return _back("ended")


@router.post("/disconnect")
def disconnect(request: Request, caller: Person, service: TheService) -> Response:
    """Sign in by the password only."""
    try:
        with service.database.transaction() as session:
            disconnect_identity(session, caller=caller, user_id=caller.id)
    except KbError as error:
        return _page(request, caller, service, problem=error)
    return _back("disconnected")


def _page(request: Request, caller: Caller, service: Service, *, problem: KbError | None = None) -> Response:
    token = getattr(request.state, "session_token", None)
    with service.database.reading() as session:
        user = get_user(session, caller=caller, user_id=caller.id)
        teams = team_names_of(session, [user.id])[user.id]
        sessions = list_sessions(session, caller=caller, user_id=user.id, now=utc_now())
        this = session_id_of(session, token=token) if token else None
        promoted = count_promoted_notes(session, author_id=user.id)
    return desk_page(
        request,
        "people/account.html",
        service=service,
        caller=caller,
        section="account",
        status=200 if problem is None else status_of(problem),
        user=user,
        teams=teams,
        promoted=promoted,
        sessions=[(one, agent_of(one.user_agent)) for one in sessions],
        this=this,
        provider=None if service.provider is None else service.provider.name,
        problem=None if problem is None else problem_words(problem, language_of(request)),
    )


def _back(done: str) -> Response:
    return RedirectResponse(f"/account?done={done}", status_code=303)
