"""Everybody's accounts, for administrators."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, TheService
from api.error_responses import status_of
from api.fields import Cursor, Id, Part
from api.language import language_of
from api.links import base_url
from api.permissions import ADMINISTERING_PAGES
from api.service import Service
from api.web.desk.forms import Form, Typed, Version, names_of
from api.web.desk.layout import desk_page
from api.web.desk.problems import problem_words
from api.web.people.agents import agent_of
from api.web.people.filters import PeopleFilter
from kb.article.owner import count_owned
from kb.article.upkeep import reassign_articles
from kb.clock import utc_now
from kb.errors import KbError
from kb.team import list_teams, team_names_of
from kb.user import (
    ResetSecret,
    change_user,
    create_user,
    disconnect_identity,
    end_sessions,
    get_user,
    list_sessions,
    list_users,
    reset_password,
    user_of_login,
)
from kb.visibility import Caller
from kb.vocabulary import Language, Role

router = APIRouter(prefix="/people", include_in_schema=False)
Admin = Annotated[Caller, Depends(Admitted(ADMINISTERING_PAGES))]
_PAGE = 50


class PersonForm(Form):
    """A person as the form says they are."""

    name: Typed = ""
    role: Role = Role.AGENT
    language: Language = Language.PERSIAN
    email: Typed = ""
    teams: Typed = ""


class NewPersonForm(PersonForm):
    login: Typed = ""


class ChangeForm(PersonForm):
    version: Version = 0


@router.get("")
def people_page(
    request: Request,
    caller: Admin,
    service: TheService,
    q: Part = "",
    role: Literal["agent", "contributor", "publisher", "manager", "admin", ""] = "",
    state: Literal["active", "inactive", ""] = "",
    team: Part = "",
    cursor: Cursor = None,
) -> Response:
    """Who works here, by login."""
    chosen = PeopleFilter(q=q, role=role, state=state, team=team)
    with service.database.reading() as session:
        found = list_users(session, caller=caller, cursor=cursor, limit=_PAGE, **chosen.conditions)
        teams_of = team_names_of(session, [user.id for user in found.items])
        teams = list_teams(session)
    return desk_page(
        request,
        "people/people.html",
        service=service,
        caller=caller,
        section="people",
        people=[(user, teams_of[user.id]) for user in found.items],
        teams=teams,
        chosen=chosen,
        roles=list(Role),
        is_first=cursor is None,
        next_address=chosen.address(found.next_cursor) if found.next_cursor else None,
    )


@router.get("/new")
def new_person_page(request: Request, caller: Admin, service: TheService) -> Response:
    """An empty form."""
    return _new_page(request, caller, service, NewPersonForm())


@router.post("")
def add_person(
    form: Annotated[NewPersonForm, Sent()], request: Request, caller: Admin, service: TheService
) -> Response:
    """Add somebody, and show the code with which they choose a password."""
    try:
        with service.database.transaction() as session:
            user = create_user(
                session,
                caller=caller,
                login=form.login,
                name=form.name or form.login,
                role=form.role,
                language=form.language,
                teams=names_of(form.teams),
                email=form.email,
            )
            made = reset_password(session, caller=caller, user_id=user.id, now=utc_now())
    except KbError as error:
        return _new_page(request, caller, service, form, problem=error)
    return _code_page(request, caller, service, user.id, user.name, made)


@router.get("/{user_id}")
def person_page(user_id: Id, request: Request, caller: Admin, service: TheService) -> Response:
    """One account."""
    return _person_page(request, caller, service, user_id)


@router.post("/{user_id}")
def change_person(
    user_id: Id,
    form: Annotated[ChangeForm, Sent()],
    request: Request,
    caller: Admin,
    service: TheService,
) -> Response:
    """Keep what the form says."""
    try:
        with service.database.transaction() as session:
            change_user(
                session,
                caller=caller,
                user_id=user_id,
                expected_version=form.version,
                name=form.name,
                role=form.role,
                language=form.language,
                email=form.email,
                teams=names_of(form.teams),
            )
    except KbError as error:
        return _person_page(request, caller, service, user_id, form=form, problem=error)
    return _back(user_id, "changed")


@router.post("/{user_id}/active")
def switch(
    user_id: Id, request: Request, caller: Admin, service: TheService, on: Annotated[bool, Sent()] = False
) -> Response:
    """Switch an account off, or on again."""
    try:
        with service.database.transaction() as session:
            change_user(session, caller=caller, user_id=user_id, active=on)
    except KbError as error:
        return _person_page(request, caller, service, user_id, problem=error)
    return _back(user_id, "changed")


@router.post("/{user_id}/hand-over")
def hand_over(
    user_id: Id,
    request: Request,
    caller: Admin,
    service: TheService,
    login: Annotated[Typed, Sent()] = "",
) -> Response:
    """Give somebody's articles to another person."""
    try:
        with service.database.transaction() as session:
            to_owner = user_of_login(session, login=login)
            reassign_articles(session, caller=caller, from_owner_id=user_id, to_owner_id=to_owner.id)
    except KbError as error:
        return _person_page(request, caller, service, user_id, problem=error)
    return _back(user_id, "changed")


@router.post("/{user_id}/reset")
def reset(user_id: Id, request: Request, caller: Admin, service: TheService) -> Response:
    """Take the password away, and show the code with which another one is chosen."""
    with service.database.transaction() as session:
        made = reset_password(session, caller=caller, user_id=user_id, now=utc_now())
        name = get_user(session, caller=caller, user_id=user_id).name
    return _code_page(request, caller, service, user_id, name, made)


@router.post("/{user_id}/sign-out")
def sign_out_everywhere(user_id: Id, request: Request, caller: Admin, service: TheService) -> Response:
    """End all of somebody's sign-ins, but not the one that asks."""
    token = getattr(request.state, "session_token", None) or ""
    with service.database.transaction() as session:
        end_sessions(session, caller=caller, user_id=user_id, except_token=token)
    return _back(user_id, "ended")


@router.post("/{user_id}/disconnect")
def disconnect(user_id: Id, request: Request, caller: Admin, service: TheService) -> Response:
    """Forget who somebody is to the identity provider."""
    try:
        with service.database.transaction() as session:
            disconnect_identity(session, caller=caller, user_id=user_id)
    except KbError as error:
        return _person_page(request, caller, service, user_id, problem=error)
    return _back(user_id, "disconnected")


def _person_page(
    request: Request,
    caller: Caller,
    service: Service,
    user_id: str,
    *,
    form: ChangeForm | None = None,
    problem: KbError | None = None,
) -> Response:
    with service.database.reading() as session:
        user = get_user(session, caller=caller, user_id=user_id)
        sessions = list_sessions(session, caller=caller, user_id=user_id, now=utc_now())
        owned = count_owned(session, person_id=user_id)
        form = form or _form_of(session, caller, user_id)
        version = user.version
    return desk_page(
        request,
        "people/person.html",
        service=service,
        caller=caller,
        section="people",
        status=200 if problem is None else status_of(problem),
        user=user,
        form=form,
        version=version,
        owned=owned,
        roles=list(Role),
        sessions=[(one, agent_of(one.user_agent)) for one in sessions],
        this=None,
        problem=None if problem is None else problem_words(problem, language_of(request)),
    )


def _form_of(session: Session, caller: Caller, user_id: str) -> ChangeForm:
    user = get_user(session, caller=caller, user_id=user_id)
    teams = "، ".join(team_names_of(session, [user_id])[user_id])
    return ChangeForm(name=user.name, role=user.role, language=user.language, email=user.email, teams=teams)


def _new_page(
    request: Request,
    caller: Caller,
    service: Service,
    form: NewPersonForm,
    *,
    problem: KbError | None = None,
) -> Response:
    return desk_page(
        request,
        "people/new.html",
        service=service,
        caller=caller,
        section="people",
        status=200 if problem is None else status_of(problem),
        form=form,
        roles=list(Role),
        problem=None if problem is None else problem_words(problem, language_of(request)),
    )


def _code_page(
    request: Request, caller: Caller, service: Service, user_id: str, name: str, made: ResetSecret
) -> Response:
    answer = desk_page(
        request,
        "people/code.html",
        service=service,
        caller=caller,
        section="people",
        user_id=user_id,
        name=name,
        login=made.login,
        secret=made.secret,
        address=f"{base_url(request, service)}/new-password",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _back(user_id: str, done: str) -> Response:
    return RedirectResponse(f"/people/{user_id}?done={done}", status_code=303)
