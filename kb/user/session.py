"""Signing in with a password, staying signed in, signing out."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kb.clock import new_id
from kb.errors import NotFound, NotSignedIn, WrongPassword
from kb.password import verify_password
from kb.text import storable
from kb.user.model import User, UserSession, fold_login, locked_user, record, secret_hash, user_for_change
from kb.user.read import caller_of_user, require_self
from kb.visibility import Caller, CallerKind
from kb.vocabulary import SignInWay


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, as far as it says."""

    user_agent: str
    address: str


UNKNOWN_ORIGIN = Origin("", "")
_ORIGIN_LIMIT_CHARS = 300


@dataclass(frozen=True, slots=True)
class SignIn:
    """A fresh sign-in; `token` goes into the cookie and is not kept anywhere."""

    token: str
    user: User
    expires_at: datetime


def check_password(session: Session, *, login: str, password: str) -> User:
    """The active person whom these prove; changes nothing, so it needs no write lock while it hashes.

    It takes as long for a login that is not known.

    Raises:
        WrongPassword: any of it is wrong; not said which.
    """
    user = session.scalar(select(User).where(User.login == fold_login(login), User.active))
    if not verify_password(user.password_hash if user else None, password):
        raise WrongPassword
    assert user is not None
    return user


def open_session(
    session: Session,
    *,
    user: User,
    now: datetime,
    hours: float,
    way: SignInWay = SignInWay.PASSWORD,
    origin: Origin = UNKNOWN_ORIGIN,
    id_token: str | None = None,
) -> SignIn:
    """Sign in a person who has just been recognised.

    Args:
        id_token: the provider's, for signing out there.
    Raises:
        WrongPassword: deactivated, or the password was changed, meanwhile.
    """
    current = session.scalar(user_for_change(user.id))
    if current is None or not current.active or current.password_hash != user.password_hash:
        raise WrongPassword
    token = secrets.token_urlsafe(32)
    expires_at = now + timedelta(hours=hours)
    session.execute(delete(UserSession).where(UserSession.expires_at <= now))
    session.add(
        UserSession(
            token_hash=secret_hash(token),
            id=new_id(),
            user_id=user.id,
            way=way,
            user_agent=storable(origin.user_agent)[:_ORIGIN_LIMIT_CHARS],
            address=storable(origin.address)[:_ORIGIN_LIMIT_CHARS],
            id_token=id_token,
            created_at=now,
            expires_at=expires_at,
        )
    )
    session.flush()
    record(session, Caller(kind=CallerKind.PERSON, id=user.id), "sign_in", user.id, {"way": way})
    return SignIn(token, current, expires_at)


def sign_in(session: Session, *, login: str, password: str, now: datetime, hours: float) -> SignIn:
    """`check_password` and `open_session` in one.

    Raises:
        WrongPassword.
    """
    user = check_password(session, login=login, password=password)
    return open_session(session, user=user, now=now, hours=hours)


def sign_out(session: Session, *, token: str) -> UserSession | None:
    """End a sign-in; an unknown or ended one is no error.

    Returns:
        The sign-in that was ended, no longer in the record.
    """
    row = session.get(UserSession, secret_hash(token))
    if row is None:
        return None
    session.delete(row)
    session.flush()
    record(session, Caller(kind=CallerKind.PERSON, id=row.user_id), "sign_out", row.user_id, {})
    return row


def list_sessions(session: Session, *, caller: Caller, user_id: str, now: datetime) -> list[UserSession]:
    """Where somebody is signed in, newest first; everybody may read their own.

    Raises:
        NotSignedIn, Forbidden.
    """
    require_self(caller, user_id)
    return list(
        session.scalars(
            select(UserSession)
            .where(UserSession.user_id == user_id, UserSession.expires_at > now)
            .order_by(UserSession.created_at.desc(), UserSession.id.desc())
        )
    )


def end_session(session: Session, *, caller: Caller, user_id: str, session_id: str) -> None:
    """End one of somebody's sign-ins.

    Raises:
        NotSignedIn, Forbidden.
        NotFound: there is none of that id, or it is over.
    """
    require_self(caller, user_id)
    ours = (UserSession.id == session_id, UserSession.user_id == user_id)
    if session.scalar(delete(UserSession).where(*ours).returning(UserSession.id)) is None:
        raise NotFound(what="session", id=session_id)
    record(session, caller, "end_session", user_id, {"session": session_id})


def end_sessions(session: Session, *, caller: Caller, user_id: str, except_token: str = "") -> int:
    """End all of somebody's sign-ins but, where a token is given, the one it opens; how many were ended.

    Raises:
        NotFound, NotSignedIn, Forbidden.
    """
    require_self(caller, user_id)
    locked_user(session, user_id)
    theirs = (UserSession.user_id == user_id, UserSession.token_hash != secret_hash(except_token))
    ended = len(session.execute(delete(UserSession).where(*theirs).returning(UserSession.id)).all())
    record(session, caller, "end_sessions", user_id, {"count": ended})
    return ended


def session_id_of(session: Session, *, token: str) -> str | None:
    """The id of the sign-in that `token` opens."""
    row = session.get(UserSession, secret_hash(token))
    return None if row is None else row.id


def caller_of_session(session: Session, *, token: str, now: datetime) -> Caller:
    """Who is signed in with `token`.

    Raises:
        NotSignedIn: unknown, ended or expired, or the person is no longer active.
    """
    statement = (
        select(User)
        .join(UserSession, UserSession.user_id == User.id)
        .where(UserSession.token_hash == secret_hash(token), UserSession.expires_at > now, User.active)
    )
    user = session.scalar(statement)
    if user is None:
        raise NotSignedIn
    return caller_of_user(session, user)


def csrf_token(token: str) -> str:
    """What a form must carry to prove that a page of this session made it; tells nothing about `token`."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()
