"""`kb user`: people who sign in."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.output import print_json, print_table, say
from kb.vocabulary import Language, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from kb.user import User

app = typer.Typer(
    help="People who sign in: add, list, change, set or reset a password, sign out, disable.",
    no_args_is_help=True,
)


@app.command("add")
def add(
    login: Annotated[str, typer.Argument(help="What they sign in with.")],
    name: Annotated[str, typer.Option(help="Their name as others see it; else the login.")] = "",
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.AGENT,
    language: Annotated[Language, typer.Option(help="The language of their pages.")] = Language.PERSIAN,
    team: Annotated[
        list[str] | None, typer.Option(help="A team they belong to; may be given several times.")
    ] = None,
    email: Annotated[str, typer.Option(help="Where reminders are sent.")] = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Add a person; prints a one-time password."""
    from cli.opening import open_record
    from kb.password import new_password
    from kb.user import create_user
    from kb.visibility import OPERATOR

    password = new_password()
    with open_record(create=True) as opened, opened.database.transaction() as session:
        user = create_user(
            session,
            caller=OPERATOR,
            login=login,
            name=name or login,
            role=role,
            language=language,
            teams=team or (),
            email=email,
            password=password,
        )
        user_id = user.id
    if as_json:
        print_json({"id": user_id, "login": login, "role": role.value, "password": password})
    else:
        say(f"Added {login} ({role.value}). Password, shown only now: {password}")


@app.command("list")
def list_(
    words: Annotated[str, typer.Argument(help="Part of login, name or e-mail address.")] = "",
    role: Annotated[Role | None, typer.Option(help="Only of this role.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List people."""
    from cli.opening import open_record
    from kb.team import team_names_of

    with open_record() as opened, opened.database.reading() as session:
        people = list(_everybody(session, words=words, role=role))
        teams = team_names_of(session, [user.id for user in people])
        users: list[dict[str, Any]] = [
            {
                "login": user.login,
                "name": user.name,
                "role": user.role.value,
                "teams": teams[user.id],
                "email": user.email,
                "active": user.active,
                "password": user.password_hash is not None,
                "provider": user.oidc_subject is not None,
                "id": user.id,
            }
            for user in people
        ]
    if as_json:
        print_json(users)
    else:
        print_table(
            ("login", "name", "role", "teams", "state"),
            [(u["login"], u["name"], u["role"], "، ".join(u["teams"]), _state(u)) for u in users],
        )


@app.command("password")
def password(
    login: Annotated[str, typer.Argument()],
    ask: Annotated[
        bool, typer.Option("--ask", help="Type a password instead of getting a random one.")
    ] = False,
) -> None:
    """Give a person a new password; their sign-ins end."""
    from cli.opening import open_record
    from kb.password import new_password
    from kb.user import set_password
    from kb.visibility import OPERATOR

    chosen = (
        typer.prompt("New password", hide_input=True, confirmation_prompt=True) if ask else new_password()
    )
    with open_record() as opened, opened.database.transaction() as session:
        set_password(session, caller=OPERATOR, user_id=_user_id(session, login), password=chosen)
    say(f"Changed the password of {login}." if ask else f"New password of {login}, shown only now: {chosen}")


@app.command("change")
def change(
    login: Annotated[str, typer.Argument()],
    name: Annotated[str | None, typer.Option(help="Their name as others see it.")] = None,
    role: Annotated[Role | None, typer.Option(help="What they may do.")] = None,
    language: Annotated[Language | None, typer.Option(help="The language of their pages.")] = None,
    email: Annotated[str | None, typer.Option(help="Where reminders are sent.")] = None,
    team: Annotated[
        list[str] | None, typer.Option(help="The teams they belong to, and no others; several times.")
    ] = None,
) -> None:
    """Change what is known about a person; what is not given stays."""
    from cli.opening import open_record
    from kb.user import change_user
    from kb.visibility import OPERATOR

    with open_record() as opened, opened.database.transaction() as session:
        user = change_user(
            session,
            caller=OPERATOR,
            user_id=_user_id(session, login),
            name=name,
            role=role,
            language=language,
            email=email,
            teams=team,
        )
        say(f"{user.login}: {user.name}, {user.role.value}")


@app.command("reset")
def reset(login: Annotated[str, typer.Argument()]) -> None:
    """Take a person's password and sign-ins away; prints a one-time code to choose a password with."""
    from cli.opening import open_record
    from kb.clock import utc_now
    from kb.user import reset_password
    from kb.visibility import OPERATOR

    with open_record() as opened, opened.database.transaction() as session:
        made = reset_password(session, caller=OPERATOR, user_id=_user_id(session, login), now=utc_now())
    say(f"One-time code of {login}, shown only now, for 48 hours, at /new-password: {made.secret}")


@app.command("sign-out")
def sign_out(login: Annotated[str, typer.Argument()]) -> None:
    """End all sign-ins of a person."""
    from cli.opening import open_record
    from kb.user import end_sessions
    from kb.visibility import OPERATOR

    with open_record() as opened, opened.database.transaction() as session:
        count = end_sessions(session, caller=OPERATOR, user_id=_user_id(session, login))
    say(f"Ended {count} sign-ins of {login}.")


@app.command("disable")
def disable(
    login: Annotated[str, typer.Argument()],
    undo: Annotated[bool, typer.Option("--undo", help="Let them sign in again.")] = False,
) -> None:
    """Stop a person from signing in; what they wrote stays."""
    from cli.opening import open_record
    from kb.user import change_user
    from kb.visibility import OPERATOR

    with open_record() as opened, opened.database.transaction() as session:
        change_user(session, caller=OPERATOR, user_id=_user_id(session, login), active=undo)
    say(f"{login} may sign in again." if undo else f"{login} can no longer sign in.")


def _everybody(session: "Session", *, words: str, role: Role | None) -> "Iterator[User]":
    from kb.user import list_users
    from kb.visibility import OPERATOR

    cursor = None
    while True:
        page = list_users(session, caller=OPERATOR, words=words, role=role, cursor=cursor)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _user_id(session: "Session", login: str) -> str:
    from kb.user import user_of_login

    return user_of_login(session, login=login).id


def _state(user: dict[str, Any]) -> str:
    if not user["active"]:
        return "disabled"
    return "active" if user["password"] or user["provider"] else "no password"
