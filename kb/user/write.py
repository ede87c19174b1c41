"""Adding and changing people."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.clock import new_id, utc_now
from kb.database import serialise
from kb.errors import AlreadyExists, Forbidden, InvalidInput, LastAdmin, StaleEdit
from kb.password import hash_password
from kb.rights import require
from kb.team import place_in_teams
from kb.text import clean_line
from kb.user.model import User, end_sessions_of, fold_login, locked_user, record
from kb.visibility import Caller
from kb.vocabulary import Language, Role, Scope

LOGIN_LIMIT_CHARS = 100
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


def create_user(
    session: Session,
    *,
    caller: Caller,
    login: str,
    name: str,
    role: Role,
    language: Language = Language.PERSIAN,
    teams: Sequence[str] = (),
    email: str = "",
    password: str | None = None,
) -> User:
    """Add a person; without a password they cannot sign in yet.

    Args:
        login: letter case does not matter; no white space.
    Raises:
        NotSignedIn, Forbidden, EmptyText, TextTooLong, InvalidInput, WeakPassword.
        AlreadyExists: the login is taken.
    """
    require(caller, role=Role.ADMIN, scope=Scope.ADMIN)
    login = clean_login(login)
    serialise(session, "user logins")
    if session.scalar(select(User.id).where(User.login == login)) is not None:
        raise AlreadyExists(what="user", name=login)
    user = User(
        id=new_id(),
        login=login,
        name=clean_line("name", name, 200),
        role=role,
        language=language,
        email=clean_email(email),
        password_hash=None if password is None else hash_password(password, login=login),
        oidc_subject=None,
        active=True,
        version=1,
        created_at=utc_now(),
    )
    session.add(user)
    session.flush()
    place_in_teams(session, caller=caller, user_id=user.id, names=teams)
    record(session, caller, "create_user", user.id, {"login": login, "role": role, "teams": list(teams)})
    return user


def change_user(
    session: Session,
    *,
    caller: Caller,
    user_id: str,
    expected_version: int | None = None,
    name: str | None = None,
    role: Role | None = None,
    language: Language | None = None,
    teams: Sequence[str] | None = None,
    email: str | None = None,
    active: bool | None = None,
) -> User:
    """Change what is known about a person; one who is no longer active is signed out at once.

    Raises:
        NotFound, NotSignedIn, Forbidden, EmptyText, TextTooLong, InvalidInput, StaleEdit.
        LastAdmin: nobody could administer any more.
    """
    require(caller, role=Role.ADMIN, scope=Scope.ADMIN)
    serialise(session, "user roles")
    user = locked_user(session, user_id)
    if expected_version not in (None, user.version):
        raise StaleEdit(expected=str(expected_version), current=str(user.version))
    loses_admin = (
        user.role is Role.ADMIN and user.active and (role not in (None, Role.ADMIN) or active is False)
    )
    if loses_admin and is_last_admin(session, user):
        raise LastAdmin(login=user.login)
    name = user.name if name is None else clean_line("name", name, 200)
    email = user.email if email is None else clean_email(email)
    user.name, user.email = name, email
    user.role = role or user.role
    user.language = language or user.language
    user.active = user.active if active is None else active
    if not user.active:
        end_sessions_of(session, user.id)
    user.version += 1
    session.flush()
    if teams is not None:
        place_in_teams(session, caller=caller, user_id=user_id, names=teams)
    data: dict[str, Any] = {"role": user.role, "active": user.active}
    record(session, caller, "change_user", user.id, data if teams is None else data | {"teams": list(teams)})
    return user


def choose_language(session: Session, *, caller: Caller, language: Language) -> User:
    """Read pages and messages in this language from now on; everybody for themselves.

    Raises:
        NotSignedIn, Forbidden: no person.
    """
    require(caller, role=Role.AGENT, scope=Scope.ADMIN)
    if caller.person_id is None:
        raise Forbidden(needs="a signed-in person")
    user = locked_user(session, caller.person_id)
    if user.language is not language:
        user.language = language
        user.version += 1
        session.flush()
        record(session, caller, "choose_language", user.id, {"language": language})
    return user


def clean_login(login: str) -> str:
    """A login as it is kept.

    Raises:
        EmptyText, TextTooLong.
        InvalidInput: white space in it.
    """
    cleaned = fold_login(clean_line("login", login, LOGIN_LIMIT_CHARS))
    if len(cleaned.split()) != 1:
        raise InvalidInput(field="login", reason="it cannot contain spaces")
    return cleaned


def clean_email(email: str) -> str:
    """An address as it is kept; only what could never be one is refused.

    Raises:
        TextTooLong, InvalidInput.
    """
    cleaned = clean_line("email", email, 254, required=False)
    if cleaned and not _EMAIL.fullmatch(cleaned):
        raise InvalidInput(field="email", reason="it is not an address such as name@example.com")
    return cleaned


def is_last_admin(session: Session, user: User) -> bool:
    """Whether nobody else could administer."""
    if user.role is not Role.ADMIN or not user.active:
        return False
    others = select(func.count()).where(User.role == Role.ADMIN, User.active, User.id != user.id)
    return session.scalar(others) == 0
