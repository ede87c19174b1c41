"""Rows of people, their sign-ins, and what leads to a sign-in; secrets are kept as hashes only."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.audit import record_audit
from kb.database import Base
from kb.errors import NotFound
from kb.text import storable
from kb.visibility import Caller
from kb.vocabulary import Language, Role, SignInWay


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
    #: what lists and addresses name it by; opens nothing
    id: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), index=True)
    way: Mapped[SignInWay] = mapped_column()
    #: what the browser calls itself, and the address it came from; may be empty
    user_agent: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column()
    #: the provider's, for signing out there; it opens nothing here
    id_token: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()


class SignInAttempt(Base):
    """Somebody was sent to the identity provider and is expected back, once."""

    __tablename__ = "sign_in_attempt"

    #: SHA-256 of the `state` that the provider sends back
    state_hash: Mapped[str] = mapped_column(primary_key=True)
    #: SHA-256 of what the browser that left holds in a cookie
    browser_hash: Mapped[str] = mapped_column()
    nonce: Mapped[str] = mapped_column()
    #: of PKCE
    verifier: Mapped[str] = mapped_column()
    redirect_uri: Mapped[str] = mapped_column(Text)
    #: where the person wanted to be; a path of this site
    return_path: Mapped[str] = mapped_column(Text)
    #: who connects their account; None: somebody signs in
    user_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class PasswordReset(Base):
    """A secret that lets somebody choose a password, once."""

    __tablename__ = "password_reset"

    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    secret_hash: Mapped[str] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()


def user_for_change(user_id: str) -> Select[User]:
    """The statement that reads a person anew and holds the row."""
    return select(User).where(User.id == user_id).with_for_update().execution_options(populate_existing=True)


def locked_user(session: Session, user_id: str) -> User:
    """A person, held until the transaction ends.

    Raises:
        NotFound.
    """
    user = session.scalar(user_for_change(user_id))
    if user is None:
        raise NotFound(what="user", id=user_id)
    return user


def end_sessions_of(session: Session, user_id: str, *, way: SignInWay | None = None) -> None:
    """Sign somebody out everywhere, or where they came in by one way."""
    statement = delete(UserSession).where(UserSession.user_id == user_id)
    session.execute(statement if way is None else statement.where(UserSession.way == way))


def fold_login(login: str) -> str:
    """A login as it is compared."""
    return storable(login).strip().casefold()


def secret_hash(secret: str) -> str:
    """The SHA-256 of a random secret; passwords, which are not random, are hashed by `kb.password`."""
    return hashlib.sha256(storable(secret).encode()).hexdigest()


def record(session: Session, caller: Caller | str, verb: str, user_id: str, data: dict[str, Any]) -> None:
    record_audit(session, caller=caller, verb=verb, object_kind="user", object_id=user_id, data=data)
