"""People and their sign-ins; passwords and session tokens are kept as hashes only."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Select, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.database import Base, serialise
from kb.errors import AlreadyExists, InvalidInput, LastAdmin, NotFound, NotSignedIn, StaleEdit, WrongPassword
from kb.password import hash_password, verify_password
from kb.rights import require
from kb.team import place_in_teams, team_ids_of
from kb.text import clean_line, storable
from kb.visibility import Caller, CallerKind
from kb.vocabulary import Language, Role, Scope

LOGIN_LIMIT_CHARS = 100
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


class User(Base):
    __tablename__ = "user_account"

    id: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[Role] = mapped_column()
    language: Mapped[Language] = mapped_column()
    #: where reminders are sent; may be empty
    email: Mapped[str] = mapped_column()
    #: argon2id; None: cannot sign in with a password
    password_hash: Mapped[str | None] = mapped_column()
    #: who they are to the identity provider: "<issuer> <subject>"; None: not known there
    oidc_subject: Mapped[str | None] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column()
    version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()


class UserSession(Base):
    """A sign-in; the cookie holds the token, the record its SHA-256."""

    __tablename__ = "user_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()


@dataclass(frozen=True, slots=True)
class SignIn:
    """A fresh sign-in; `token` goes into the cookie and is not kept anywhere."""

    token: str
    user: User
    expires_at: datetime


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
        email=_clean_email(email),
        password_hash=None if password is None else hash_password(password, login=login),
        oidc_subject=None,
        active=True,
        version=1,
        created_at=utc_now(),
    )
    session.add(user)
    session.flush()
    place_in_teams(session, caller=caller, user_id=user.id, names=teams)
    _record(session, caller, "create_user", user, {"login": login, "role": role, "teams": list(teams)})
    return user


def set_password(session: Session, *, caller: Caller, user_id: str, password: str) -> None:
    """Give a person a new password and end their sign-ins; everybody may change their own.

    Raises:
        NotFound, NotSignedIn, Forbidden, WeakPassword.
    """
    if not (caller.kind is CallerKind.PERSON and caller.id == user_id):
        require(caller, role=Role.ADMIN, scope=Scope.ADMIN)
    user = _locked(session, user_id)
    user.password_hash = hash_password(password, login=user.login)
    user.version += 1
    _end_sessions(session, user)
    session.flush()
    _record(session, caller, "set_password", user, {})


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
    user = _locked(session, user_id)
    if expected_version not in (None, user.version):
        raise StaleEdit(expected=str(expected_version), current=str(user.version))
    loses_admin = (
        user.role is Role.ADMIN and user.active and (role not in (None, Role.ADMIN) or active is False)
    )
    if loses_admin and _is_last_admin(session, user):
        raise LastAdmin(login=user.login)
    name = user.name if name is None else clean_line("name", name, 200)
    email = user.email if email is None else _clean_email(email)
    user.name, user.email = name, email
    user.role = role or user.role
    user.language = language or user.language
    user.active = user.active if active is None else active
    if not user.active:
        _end_sessions(session, user)
    user.version += 1
    session.flush()
    if teams is not None:
        place_in_teams(session, caller=caller, user_id=user_id, names=teams)
    data: dict[str, Any] = {"role": user.role, "active": user.active}
    _record(session, caller, "change_user", user, data if teams is None else data | {"teams": list(teams)})
    return user


def get_user(session: Session, *, caller: Caller, user_id: str) -> User:
    """One person; everybody may read about themselves.

    Raises:
        NotFound, NotSignedIn, Forbidden.
    """
    if not (caller.kind is CallerKind.PERSON and caller.id == user_id):
        require(caller, role=Role.ADMIN, scope=Scope.ADMIN)
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(what="user", id=user_id)
    return user


def list_users(session: Session, *, caller: Caller) -> list[User]:
    """Everybody, by login.

    Raises:
        NotSignedIn, Forbidden.
    """
    require(caller, role=Role.ADMIN, scope=Scope.ADMIN)
    return list(session.scalars(select(User).order_by(User.login)))


def check_password(session: Session, *, login: str, password: str) -> User:
    """The active person whom these prove; changes nothing, so it needs no write lock while it hashes.

    It takes as long for a login that is not known.

    Raises:
        WrongPassword: any of it is wrong; not said which.
    """
    user = session.scalar(select(User).where(User.login == _fold_login(login), User.active))
    if not verify_password(user.password_hash if user else None, password):
        raise WrongPassword
    assert user is not None
    return user


def open_session(session: Session, *, user: User, now: datetime, hours: float) -> SignIn:
    """Sign in a person whom `check_password` has just recognised.

    Raises:
        WrongPassword: deactivated, or the password was changed, meanwhile.
    """
    current = session.scalar(_locked_user(user.id))
    if current is None or not current.active or current.password_hash != user.password_hash:
        raise WrongPassword
    token = secrets.token_urlsafe(32)
    expires_at = now + timedelta(hours=hours)
    session.execute(delete(UserSession).where(UserSession.expires_at <= now))
    session.add(
        UserSession(token_hash=_sha256(token), user_id=user.id, created_at=now, expires_at=expires_at)
    )
    session.flush()
    person = Caller(kind=CallerKind.PERSON, id=user.id)
    _record(session, person, "sign_in", current, {})
    return SignIn(token, current, expires_at)


def sign_in(session: Session, *, login: str, password: str, now: datetime, hours: float) -> SignIn:
    """`check_password` and `open_session` in one.

    Raises:
        WrongPassword.
    """
    user = check_password(session, login=login, password=password)
    return open_session(session, user=user, now=now, hours=hours)


def sign_out(session: Session, *, token: str) -> None:
    """End a sign-in; an unknown or ended one is no error."""
    row = session.get(UserSession, _sha256(token))
    if row is None:
        return
    session.delete(row)
    session.flush()
    record_audit(
        session,
        caller=Caller(kind=CallerKind.PERSON, id=row.user_id),
        verb="sign_out",
        object_kind="user",
        object_id=row.user_id,
    )


def caller_of_session(session: Session, *, token: str, now: datetime) -> Caller:
    """Who is signed in with `token`.

    Raises:
        NotSignedIn: unknown, ended or expired, or the person is no longer active.
    """
    statement = (
        select(User)
        .join(UserSession, UserSession.user_id == User.id)
        .where(UserSession.token_hash == _sha256(token), UserSession.expires_at > now, User.active)
    )
    user = session.scalar(statement)
    if user is None:
        raise NotSignedIn
    return caller_of_user(session, user)


def caller_of_user(session: Session, user: User) -> Caller:
    """A person as a caller, with their teams."""
    return Caller(
        kind=CallerKind.PERSON,
        id=user.id,
        role=user.role,
        language=user.language.value,
        team_ids=team_ids_of(session, user.id),
    )


def csrf_token(token: str) -> str:
    """What a form must carry to prove that a page of this session made it; tells nothing about `token`."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def checked_person(session: Session, user_id: str | None, *, field: str) -> str | None:
    """`user_id` itself.

    Raises:
        InvalidInput: there is no such person.
    """
    if user_id is not None and session.get(User, user_id) is None:
        raise InvalidInput(field=field, reason="there is no such person")
    return user_id


def clean_login(login: str) -> str:
    """A login as it is kept.

    Raises:
        EmptyText, TextTooLong.
        InvalidInput: white space in it.
    """
    cleaned = _fold_login(clean_line("login", login, LOGIN_LIMIT_CHARS))
    if len(cleaned.split()) != 1:
        raise InvalidInput(field="login", reason="it cannot contain spaces")
    return cleaned


def _clean_email(email: str) -> str:
    """An address as it is kept; only what could never be one is refused."""
    cleaned = clean_line("email", email, 254, required=False)
    if cleaned and not _EMAIL.fullmatch(cleaned):
        raise InvalidInput(field="email", reason="it is not an address such as name@example.com")
    return cleaned


def _fold_login(login: str) -> str:
    return storable(login).strip().casefold()


def _locked_user(user_id: str) -> Select[User]:
    return select(User).where(User.id == user_id).with_for_update().execution_options(populate_existing=True)


def _locked(session: Session, user_id: str) -> User:
    user = session.scalar(_locked_user(user_id))
    if user is None:
        raise NotFound(what="user", id=user_id)
    return user


def _is_last_admin(session: Session, user: User) -> bool:
    if user.role is not Role.ADMIN or not user.active:
        return False
    others = select(func.count()).where(User.role == Role.ADMIN, User.active, User.id != user.id)
    return session.scalar(others) == 0


def _end_sessions(session: Session, user: User) -> None:
    session.execute(delete(UserSession).where(UserSession.user_id == user.id))


def _sha256(token: str) -> str:
    return hashlib.sha256(storable(token).encode()).hexdigest()


def _record(session: Session, caller: Caller, verb: str, user: User, data: dict[str, Any]) -> None:
    record_audit(session, caller=caller, verb=verb, object_kind="user", object_id=user.id, data=data)
