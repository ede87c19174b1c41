"""Teams: the list, one team with its members, new names."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, TheService
from api.error_responses import status_of
from api.fields import Id
from api.language import language_of
from api.permissions import MANAGING_PAGES
from api.service import Service
from api.web.desk.forms import Typed, Version
from api.web.desk.layout import desk_page
from api.web.desk.problems import problem_words
from kb.errors import KbError
from kb.team import (
    add_to_team,
    count_members,
    create_team,
    delete_team,
    get_team,
    list_teams,
    remove_from_team,
    rename_team,
)
from kb.user import members_of, user_of_login
from kb.visibility import Caller

router = APIRouter(prefix="/people/teams", include_in_schema=False)
Manager = Annotated[Caller, Depends(Admitted(MANAGING_PAGES))]


@router.get("")
def teams_page(request: Request, caller: Manager, service: TheService) -> Response:
    """Every team, by name."""
    return _teams_page(request, caller, service)


@router.post("")
def add_team(
    request: Request, caller: Manager, service: TheService, name: Annotated[Typed, Sent()] = ""
) -> Response:
    """Begin a team."""
    try:
        with service.database.transaction() as session:
            team = create_team(session, caller=caller, name=name)
    except KbError as error:
        return _teams_page(request, caller, service, name=name, problem=error)
    return _back(team.id)


@router.get("/{team_id}")
def team_page(team_id: Id, request: Request, caller: Manager, service: TheService) -> Response:
    """One team with its members."""
    return _team_page(request, caller, service, team_id)


@router.post("/{team_id}")
def rename(
    team_id: Id,
    request: Request,
    caller: Manager,
    service: TheService,
    name: Annotated[Typed, Sent()] = "",
    version: Annotated[Version, Sent()] = 0,
) -> Response:
    """Give the team another name."""
    try:
        with service.database.transaction() as session:
            rename_team(session, caller=caller, team_id=team_id, name=name, expected_version=version)
    except KbError as error:
        return _team_page(request, caller, service, team_id, name=name, problem=error)
    return _back(team_id)


@router.post("/{team_id}/members")
def add_member(
    team_id: Id,
    request: Request,
    caller: Manager,
    service: TheService,
    login: Annotated[Typed, Sent()] = "",
) -> Response:
    """Make somebody a member."""
    try:
        with service.database.transaction() as session:
            user = user_of_login(session, login=login)
            add_to_team(session, caller=caller, team_id=team_id, user_id=user.id)
    except KbError as error:
        return _team_page(request, caller, service, team_id, login=login, problem=error)
    return _back(team_id)


@router.post("/{team_id}/members/{user_id}/remove")
def remove_member(team_id: Id, user_id: Id, caller: Manager, service: TheService) -> Response:
    """Take somebody out of the team."""
    with service.database.transaction() as session:
        remove_from_team(session, caller=caller, team_id=team_id, user_id=user_id)
    return _back(team_id)


@router.post("/{team_id}/delete")
def dissolve(
    team_id: Id,
    request: Request,
    caller: Manager,
    service: TheService,
    version: Annotated[Version, Sent()] = 0,
) -> Response:
    """Dissolve a team that owns nothing."""
    try:
        with service.database.transaction() as session:
            delete_team(session, caller=caller, team_id=team_id, expected_version=version)
    except KbError as error:
        return _team_page(request, caller, service, team_id, problem=error)
    return RedirectResponse("/people/teams?done=changed", status_code=303)


def _teams_page(
    request: Request, caller: Caller, service: Service, *, name: str = "", problem: KbError | None = None
) -> Response:
    with service.database.reading() as session:
        counts = count_members(session)
        teams = [(team, counts.get(team.id, 0)) for team in list_teams(session)]
    return desk_page(
        request,
        "people/teams.html",
        service=service,
        caller=caller,
        section="teams",
        status=200 if problem is None else status_of(problem),
        teams=teams,
        name=name,
        problem=None if problem is None else problem_words(problem, language_of(request)),
    )


def _team_page(
    request: Request,
    caller: Caller,
    service: Service,
    team_id: str,
    *,
    name: str | None = None,
    login: str = "",
    problem: KbError | None = None,
) -> Response:
    with service.database.reading() as session:
        team = get_team(session, team_id=team_id)
        members = members_of(session, team_id=team_id)
    return desk_page(
        request,
        "people/team.html",
        service=service,
        caller=caller,
        section="teams",
        status=200 if problem is None else status_of(problem),
        team=team,
        members=members,
        name=team.name if name is None else name,
        login=login,
        problem=None if problem is None else problem_words(problem, language_of(request)),
    )


def _back(team_id: str) -> Response:
    return RedirectResponse(f"/people/teams/{team_id}?done=changed", status_code=303)
