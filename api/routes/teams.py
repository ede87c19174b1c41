"""Teams: people who own articles together."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.conditional import IF_MATCH, etag, expected_version
from api.dependencies import Admitted, TheService
from api.fields import Body, Id, PageOf, Shown, Title
from api.once import Created, OnceOnly
from api.permissions import DESK, MANAGING
from kb.team import (
    NAME_LIMIT_CHARS,
    Team,
    add_to_team,
    count_members,
    create_team,
    delete_team,
    get_team,
    list_teams,
    remove_from_team,
    rename_team,
)
from kb.user import members_of
from kb.visibility import Caller

router = APIRouter(prefix="/v1/teams", tags=["users"])
Manager = Annotated[Caller, Depends(Admitted(MANAGING))]
Reader = Annotated[Caller, Depends(Admitted(DESK))]
_Name = Annotated[Title, Field(max_length=NAME_LIMIT_CHARS)]


class TeamName(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "پرداخت"}, {"name": "Payments"}]})

    name: _Name


class TeamShown(Shown):
    id: str
    version: int
    name: str
    member_count: int
    created_at: datetime


class Member(Shown):
    id: str
    name: str
    active: bool


class TeamInFull(TeamShown):
    members: list[Member]


@router.post(
    "",
    status_code=201,
    operation_id="createTeam",
    response_model=TeamInFull,
    summary="Begin a team / ساخت گروه",
)
def create(new: TeamName, caller: Manager, service: TheService, once: OnceOnly) -> Response:
    """A team without members."""

    def effect(session: Session) -> Created:
        shown = _in_full(session, create_team(session, caller=caller, name=new.name))
        return Created(shown, headers={"Location": f"/v1/teams/{shown.id}", "ETag": etag(shown.version)})

    return once.answer(service, new.model_dump(mode="json"), effect)


@router.get("", operation_id="listTeams", summary="List teams / فهرست گروه‌ها")
def list_(_caller: Reader, service: TheService) -> PageOf[TeamShown]:
    """Every team, by name."""
    with service.database.reading() as session:
        counts = count_members(session)
        teams = list_teams(session)
    return PageOf[TeamShown](items=[_shown(team, counts.get(team.id, 0)) for team in teams])


@router.get(
    "/{team_id}", operation_id="readTeam", response_model=TeamInFull, summary="Read a team / دیدن گروه"
)
def read(team_id: Id, _caller: Reader, service: TheService) -> Response:
    """One team with its members, by name."""
    with service.database.reading() as session:
        return _answer(_in_full(session, get_team(session, team_id=team_id)))


@router.patch(
    "/{team_id}",
    operation_id="renameTeam",
    response_model=TeamInFull,
    summary="Rename a team / تغییر نام گروه",
    openapi_extra=IF_MATCH,
)
def rename(team_id: Id, new: TeamName, request: Request, caller: Manager, service: TheService) -> Response:
    """Give a team another name."""
    version = expected_version(request, caller)
    with service.database.transaction() as session:
        team = rename_team(session, caller=caller, team_id=team_id, name=new.name, expected_version=version)
        return _answer(_in_full(session, team))


@router.delete(
    "/{team_id}",
    status_code=204,
    operation_id="deleteTeam",
    summary="Dissolve a team / انحلال گروه",
    openapi_extra=IF_MATCH,
)
def delete(team_id: Id, request: Request, caller: Manager, service: TheService) -> Response:
    """A team that owns nothing any more; its people stay."""
    version = expected_version(request, caller)
    with service.database.transaction() as session:
        delete_team(session, caller=caller, team_id=team_id, expected_version=version)
    return Response(status_code=204)


@router.put(
    "/{team_id}/members/{user_id}", operation_id="addToTeam", summary="Add to a team / افزودن به گروه"
)
def add(team_id: Id, user_id: Id, caller: Manager, service: TheService) -> TeamInFull:
    """Make somebody a member; one who is already stays one."""
    with service.database.transaction() as session:
        return _in_full(session, add_to_team(session, caller=caller, team_id=team_id, user_id=user_id))


@router.delete(
    "/{team_id}/members/{user_id}",
    operation_id="removeFromTeam",
    summary="Take out of a team / برداشتن از گروه",
)
def remove(team_id: Id, user_id: Id, caller: Manager, service: TheService) -> TeamInFull:
    """Take somebody out; one who is no member is no error."""
    with service.database.transaction() as session:
        return _in_full(session, remove_from_team(session, caller=caller, team_id=team_id, user_id=user_id))


def _answer(shown: TeamInFull) -> Response:
    return JSONResponse(shown.model_dump(mode="json"), headers={"ETag": etag(shown.version)})


def _shown(team: Team, members: int) -> TeamShown:
    return TeamShown(
        id=team.id, version=team.version, name=team.name, member_count=members, created_at=team.created_at
    )


def _in_full(session: Session, team: Team) -> TeamInFull:
    members = members_of(session, team_id=team.id)
    return TeamInFull(
        **_shown(team, len(members)).model_dump(),
        members=[Member(id=user.id, name=user.name, active=user.active) for user in members],
    )
