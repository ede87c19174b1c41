"""Teams: people who own articles together."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.database import Base, serialise
from kb.errors import AlreadyExists, Conflict, InvalidInput, NotFound, StaleEdit
from kb.rights import require
from kb.text import clean_line
from kb.visibility import Caller
from kb.vocabulary import Role, Scope

NAME_LIMIT_CHARS = 200
TEAM_LIMIT = 50
#: an identity provider may name hundreds of groups
_NAMES_AT_ONCE = 500


class Team(Base):
    __tablename__ = "team"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()


class TeamMember(Base):
    __tablename__ = "team_member"

    team_id: Mapped[str] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), primary_key=True, index=True)


def create_team(session: Session, *, caller: Caller, name: str) -> Team:
    """Begin a team without members.

    Raises:
        NotSignedIn, Forbidden, EmptyText, TextTooLong.
        AlreadyExists: the name is taken.
    """
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    name = _free_name(session, name)
    team = Team(id=new_id(), name=name, version=1, created_at=utc_now())
    session.add(team)
    session.flush()
    _record(session, caller, "create_team", team)
    return team


def rename_team(
    session: Session, *, caller: Caller, team_id: str, name: str, expected_version: int | None = None
) -> Team:
    """Give a team another name.

    Raises:
        NotFound, NotSignedIn, Forbidden, EmptyText, TextTooLong, StaleEdit.
        AlreadyExists: the name is taken.
    """
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    team = _locked(session, team_id, expected_version)
    if clean_line("name", name, NAME_LIMIT_CHARS) == team.name:
        return team
    team.name = _free_name(session, name)
    team.version += 1
    session.flush()
    _record(session, caller, "rename_team", team)
    return team


def delete_team(
    session: Session, *, caller: Caller, team_id: str, expected_version: int | None = None
) -> None:
    """Dissolve a team that owns nothing any more; its people stay.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit.
        Conflict: it owns articles.
    """
    # Imported here: articles are owned by teams, and only this looks the other way.
    from kb.article.model import Article

    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    team = _locked(session, team_id, expected_version)
    if session.scalar(select(Article.id).where(Article.owner_team_id == team_id).limit(1)) is not None:
        raise Conflict(reason="the team still owns articles; give them another owner first")
    session.execute(delete(TeamMember).where(TeamMember.team_id == team_id))
    session.delete(team)
    session.flush()
    _record(session, caller, "delete_team", team)


def add_to_team(session: Session, *, caller: Caller, team_id: str, user_id: str) -> Team:
    """Make somebody a member of a team; one who is already stays one.

    Raises:
        NotFound, NotSignedIn, Forbidden.
        InvalidInput: there is no such person, or their account is switched off.
    """
    # Imported here: people are kept in teams, and only this looks the other way.
    from kb.user.read import checked_person

    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    team = _locked(session, team_id, None)
    checked_person(session, user_id, field="user_id")
    if session.get(TeamMember, (team_id, user_id)) is None:
        session.add(TeamMember(team_id=team_id, user_id=user_id))
        session.flush()
        _record(session, caller, "add_to_team", team, user_id=user_id)
    return team


def remove_from_team(session: Session, *, caller: Caller, team_id: str, user_id: str) -> Team:
    """Take somebody out of a team; one who is no member is no error.

    Raises:
        NotFound, NotSignedIn, Forbidden.
    """
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    team = _locked(session, team_id, None)
    member = session.get(TeamMember, (team_id, user_id))
    if member is not None:
        session.delete(member)
        session.flush()
        _record(session, caller, "remove_from_team", team, user_id=user_id)
    return team


def get_team(session: Session, *, team_id: str) -> Team:
    """One team; whoever works here may know them.

    Raises:
        NotFound.
    """
    team = session.get(Team, team_id)
    if team is None:
        raise NotFound(what="team", id=team_id)
    return team


def count_members(session: Session) -> dict[str, int]:
    """How many people each team has; teams without any are not there."""
    rows = session.execute(select(TeamMember.team_id, func.count()).group_by(TeamMember.team_id))
    return {row[0]: row[1] for row in rows}


def list_teams(session: Session) -> list[Team]:
    """Every team, by name; whoever works here may know them."""
    return list(session.scalars(select(Team).order_by(Team.name)))


def team_ids_of(session: Session, user_id: str) -> frozenset[str]:
    """The teams somebody belongs to."""
    return frozenset(session.scalars(select(TeamMember.team_id).where(TeamMember.user_id == user_id)))


def team_names_of(session: Session, user_ids: Collection[str]) -> dict[str, list[str]]:
    """The names of the teams of each person, by name; everybody asked for is there."""
    names: dict[str, list[str]] = {user_id: [] for user_id in user_ids}
    rows = session.execute(
        select(TeamMember.user_id, Team.name)
        .join(Team, Team.id == TeamMember.team_id)
        .where(TeamMember.user_id.in_(names))
        .order_by(Team.name)
    )
    for user_id, name in rows:
        names[user_id].append(name)
    return names


def place_in_teams(session: Session, *, caller: Caller, user_id: str, names: Sequence[str]) -> None:
    """Make somebody a member of exactly the teams of these names; unknown ones are begun.

    Raises:
        NotSignedIn, Forbidden, EmptyText, TextTooLong.
        InvalidInput: more than 50 teams.
    """
    wanted = list(dict.fromkeys(clean_line("teams", name, NAME_LIMIT_CHARS) for name in names))
    if len(wanted) > TEAM_LIMIT:
        raise InvalidInput(field="teams", reason=f"more than {TEAM_LIMIT} of them")
    serialise(session, "teams")
    known = {team.name: team for team in session.scalars(select(Team).where(Team.name.in_(wanted)))}
    ids = {(known.get(name) or create_team(session, caller=caller, name=name)).id for name in wanted}
    session.execute(delete(TeamMember).where(TeamMember.user_id == user_id, TeamMember.team_id.not_in(ids)))
    for team_id in sorted(ids - team_ids_of(session, user_id)):
        session.add(TeamMember(team_id=team_id, user_id=user_id))
    session.flush()


def keep_in_teams(session: Session, *, user_id: str, names: Sequence[str]) -> bool:
    """Make somebody a member of the teams of these names that there are; whether anything changed."""
    serialise(session, "teams")
    ids = frozenset(session.scalars(select(Team.id).where(Team.name.in_(names[:_NAMES_AT_ONCE]))))
    before = team_ids_of(session, user_id)
    for team_id in before - ids:
        session.execute(
            delete(TeamMember).where(TeamMember.user_id == user_id, TeamMember.team_id == team_id)
        )
    for team_id in sorted(ids - before):
        session.add(TeamMember(team_id=team_id, user_id=user_id))
    session.flush()
    return ids != before


def checked_team(session: Session, team_id: str | None) -> str | None:
    """`team_id` itself.

    Raises:
        InvalidInput: there is no such team.
    """
    if team_id is not None and session.get(Team, team_id) is None:
        raise InvalidInput(field="owner_team_id", reason="there is no such team")
    return team_id


def _locked(session: Session, team_id: str, expected_version: int | None) -> Team:
    team = session.scalar(
        select(Team).where(Team.id == team_id).with_for_update().execution_options(populate_existing=True)
    )
    if team is None:
        raise NotFound(what="team", id=team_id)
    if expected_version not in (None, team.version):
        raise StaleEdit(expected=str(expected_version), current=str(team.version))
    return team


def _free_name(session: Session, name: str) -> str:
    name = clean_line("name", name, NAME_LIMIT_CHARS)
    serialise(session, "teams")
    if session.scalar(select(Team.id).where(Team.name == name)) is not None:
        raise AlreadyExists(what="team", name=name)
    return name


def _record(session: Session, caller: Caller, verb: str, team: Team, **data: str) -> None:
    record_audit(
        session,
        caller=caller,
        verb=verb,
        object_kind="team",
        object_id=team.id,
        data={"name": team.name, **data},
    )
