"""`kb team`: people who own articles together."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from kb.team import Team

app = typer.Typer(help="Teams that own articles: add, list, rename, members, delete.", no_args_is_help=True)
_Name = Annotated[str, typer.Argument(help="The team's name.")]


@app.command("add")
def add(name: _Name) -> None:
    """Begin a team."""
    from cli.opening import open_record
    from kb.team import create_team
    from kb.visibility import OPERATOR

    with open_record() as opened, opened.database.transaction() as session:
        made = create_team(session, caller=OPERATOR, name=name)
        say(f"Added the team {made.name} ({made.id}).")


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List teams with their members."""
    from cli.opening import open_record
    from kb.team import list_teams
    from kb.user import members_of

    with open_record() as opened, opened.database.reading() as session:
        teams = [
            {"name": team.name, "members": [user.login for user in members_of(session, team_id=team.id)]}
            | {"id": team.id}
            for team in list_teams(session)
        ]
    if as_json:
        print_json(teams)
    else:
        print_table(("team", "members"), [(str(one["name"]), ", ".join(one["members"])) for one in teams])


@app.command("rename")
def rename(name: _Name, to: Annotated[str, typer.Argument(help="Its new name.")]) -> None:
    """Give a team another name."""
    from cli.opening import open_record
    from kb.team import rename_team
    from kb.visibility import OPERATOR

    with open_record() as opened, opened.database.transaction() as session:
        rename_team(session, caller=OPERATOR, team_id=_team(session, name).id, name=to)
    say(f"{name} is now {to}.")


@app.command("members")
def members(
    name: _Name,
    add: Annotated[list[str] | None, typer.Option(help="The login of somebody who joins.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="The login of somebody who leaves.")] = None,
) -> None:
    """Add people to a team, or take them out; tells who belongs to it then."""
    from cli.opening import open_record
    from kb.team import add_to_team, remove_from_team
    from kb.user import members_of, user_of_login
    from kb.visibility import OPERATOR

    with open_record() as opened, opened.database.transaction() as session:
        team = _team(session, name)
        for change, logins in ((add_to_team, add or ()), (remove_from_team, remove or ())):
            for login in logins:
                user = user_of_login(session, login=login)
                change(session, caller=OPERATOR, team_id=team.id, user_id=user.id)
        logins_then = [user.login for user in members_of(session, team_id=team.id)]
    say(f"{name}: {', '.join(logins_then) or 'nobody'}")


@app.command("delete")
def delete(name: _Name) -> None:
    """Dissolve a team that owns nothing any more; its people stay."""
    from cli.opening import open_record
    from kb.team import delete_team
    from kb.visibility import OPERATOR

    with open_record() as opened, opened.database.transaction() as session:
        delete_team(session, caller=OPERATOR, team_id=_team(session, name).id)
    say(f"Dissolved {name}.")


def _team(session: "Session", name: str) -> "Team":
    from kb.errors import NotFound
    from kb.team import list_teams

    for team in list_teams(session):
        if name in (team.name, team.id):
            return team
    raise NotFound(what="team", id=name)
