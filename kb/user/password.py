"""Passwords: set by oneself or an administrator, or chosen with a one-time secret."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kb.password import hash_password, new_password
from kb.rights import require
from kb.user.model import PasswordReset, User, end_sessions_of, fold_login, locked_user, record, secret_hash
from kb.user.read import require_self
from kb.user.refusals import OldPasswordWrong, SecretRefused
from kb.visibility import Caller, CallerKind
from kb.vocabulary import Role, Scope

#: how long the one-time secret may be used
RESET_HOURS = 48


@dataclass(frozen=True, slots=True)
class ResetSecret:
    """What an administrator hands to a person; the record keeps only its hash."""

    login: str
    secret: str
    expires_at: datetime


def set_password(
    session: Session, *, caller: Caller, user_id: str, password: str, proven: User | None = None
) -> User:
    """Give a person a new password and end their sign-ins; everybody may change their own.

    Args:
        proven: the person as `check_password` found them by the old password; for one's own.
    Raises:
        NotFound, NotSignedIn, Forbidden, WeakPassword.
        OldPasswordWrong: it is one's own, and the old one was not proven, or is another one meanwhile.
    """
    require_self(caller, user_id)
    user = locked_user(session, user_id)
    if caller.person_id == user_id and not (
        proven and (proven.id, proven.password_hash) == (user_id, user.password_hash)
    ):
        raise OldPasswordWrong
    user.password_hash = hash_password(password, login=user.login)
    user.version += 1
    _forget(session, user.id)
    session.flush()
    record(session, caller, "set_password", user.id, {})
    return user


def reset_password(session: Session, *, caller: Caller, user_id: str, now: datetime) -> ResetSecret:
    """Take somebody's password and sign-ins away; the secret lets them choose a password, once, for 48 hours.

    Raises:
        NotFound, NotSignedIn, Forbidden.
    """
    require(caller, role=Role.ADMIN, scope=Scope.ADMIN)
    user = locked_user(session, user_id)
    _forget(session, user_id)
    reset = ResetSecret(user.login, new_password(), now + timedelta(hours=RESET_HOURS))
    session.add(
        PasswordReset(user_id=user_id, secret_hash=secret_hash(reset.secret), expires_at=reset.expires_at)
    )
    user.password_hash = None
    user.version += 1
    session.flush()
    record(session, caller, "reset_password", user_id, {"expires_at": reset.expires_at})
    return reset


def choose_password(session: Session, *, login: str, secret: str, password: str, now: datetime) -> User:
    """Set the password of whoever holds the one-time secret; the secret is used up.

    Raises:
        SecretRefused: unknown, used, expired, of another person, or the person is not active; not said which.
        WeakPassword: the secret may be used again.
    """
    user = session.scalar(
        select(User)
        .join(PasswordReset, PasswordReset.user_id == User.id)
        .where(
            User.login == fold_login(login),
            User.active,
            PasswordReset.secret_hash == secret_hash(secret.strip().lower()),
            PasswordReset.expires_at > now,
        )
        .with_for_update()
    )
    if user is None:
        raise SecretRefused
    user.password_hash = hash_password(password, login=user.login)
    user.version += 1
    _forget(session, user.id)
    session.flush()
    record(session, Caller(kind=CallerKind.PERSON, id=user.id), "choose_password", user.id, {})
    return user


def _forget(session: Session, user_id: str) -> None:
    """End what the password before opened."""
    end_sessions_of(session, user_id)
    session.execute(delete(PasswordReset).where(PasswordReset.user_id == user_id))
