"""API keys: random, scoped, bounded to an audience, kept as hashes only."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Text, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.database import Base
from kb.errors import ExpiredKey, Forbidden, InvalidInput, NotFound, RevokedKey, UnknownKey
from kb.rights import require, require_placing
from kb.text import clean_line, clean_products, clean_segments, storable
from kb.visibility import Caller, CallerKind
from kb.vocabulary import Audience, Role, Scope

KEY_PREFIX = "nk_"
_SHOWN_CHARS = 10
_USE_NOTED_EVERY = timedelta(minutes=1)


class ApiKey(Base):
    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    #: the first characters, shown in lists so that people can tell keys apart
    prefix: Mapped[str] = mapped_column()
    key_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column()
    #: the narrowest audience it may see
    audience_ceiling: Mapped[Audience] = mapped_column()
    #: customer segments whose knowledge it sees besides what is for all
    segments: Mapped[list[str]] = mapped_column()
    #: sees only what is about one of these, or about none in particular; empty: every product
    products: Mapped[list[str]] = mapped_column()
    created_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime | None] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()
    last_used_at: Mapped[datetime | None] = mapped_column()


@dataclass(frozen=True, slots=True)
class NewKey:
    """A fresh key; `plaintext` is shown once and not kept anywhere."""

    key: ApiKey
    plaintext: str


def create_key(
    session: Session,
    *,
    caller: Caller,
    name: str,
    scopes: Collection[Scope],
    audience_ceiling: Audience,
    segments: Collection[str] = (),
    products: Collection[str] = (),
    expires_at: datetime | None = None,
) -> NewKey:
    """Make a key of 256 random bits.

    Only its SHA-256 is kept: a slow hash protects guessable secrets, and nobody guesses this one.

    Args:
        audience_ceiling: the narrowest audience it may see.
        segments: customer segments whose knowledge it sees besides what is for all; with an internal ceiling
            none means every segment.
        products: it sees only what is about one of these, or about none in particular; none: every product.
    Raises:
        NotSignedIn, Forbidden, AudienceTooNarrow (a key makes no key above itself).
        EmptyText, TextTooLong, InvalidInput: names the field.
    """
    require(caller, role=Role.ADMIN, scope=Scope.ADMIN)
    require_placing(caller, audience_ceiling, segments=tuple(segments), products=tuple(products))
    if caller.products and not products:
        raise Forbidden(needs="products within its own")
    wanted = sorted({Scope(scope) for scope in scopes})
    if not wanted:
        raise InvalidInput(field="scopes", reason="name at least one")
    if caller.kind is CallerKind.KEY and (beyond := set(wanted) - caller.scopes):
        raise Forbidden(needs=f"scope {min(beyond)}")
    now = utc_now()
    if expires_at is not None and expires_at <= now:
        raise InvalidInput(field="expires_at", reason="it is in the past")
    plaintext = KEY_PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        id=new_id(),
        name=clean_line("name", name, 200),
        prefix=plaintext[:_SHOWN_CHARS],
        key_hash=_sha256(plaintext),
        scopes=[scope.value for scope in wanted],
        audience_ceiling=audience_ceiling,
        segments=clean_segments(segments),
        products=clean_products(products),
        created_by=caller.person_id,
        created_at=now,
        expires_at=expires_at,
        revoked_at=None,
        last_used_at=None,
    )
    session.add(key)
    session.flush()
    data: dict[str, Any] = {"name": key.name, "scopes": key.scopes, "audience_ceiling": audience_ceiling}
    data |= {"segments": key.segments, "products": key.products}
    _record(session, caller, "create_key", key, data)
    return NewKey(key, plaintext)


def revoke_key(session: Session, *, caller: Caller, key_id: str) -> ApiKey:
    """Refuse a key from now on; one that is revoked already stays so.

    Raises:
        NotFound, NotSignedIn, Forbidden.
    """
    require(caller, role=Role.ADMIN, scope=Scope.ADMIN)
    key = session.scalar(
        select(ApiKey).where(ApiKey.id == key_id).with_for_update().execution_options(populate_existing=True)
    )
    if key is None:
        raise NotFound(what="key", id=key_id)
    if key.revoked_at is None:
        key.revoked_at = utc_now()
        session.flush()
        _record(session, caller, "revoke_key", key, {"name": key.name})
    return key


def list_keys(session: Session, *, caller: Caller) -> list[ApiKey]:
    """Every key, newest first.

    Raises:
        NotSignedIn, Forbidden.
    """
    require(caller, role=Role.ADMIN, scope=Scope.ADMIN)
    return list(session.scalars(select(ApiKey).order_by(ApiKey.created_at.desc(), ApiKey.id.desc())))


def caller_of_key(session: Session, *, plaintext: str, now: datetime) -> Caller:
    """Who calls with this key; changes nothing (`note_key_use` does).

    Raises:
        UnknownKey, RevokedKey, ExpiredKey.
    """
    return _caller(session.scalar(select(ApiKey).where(ApiKey.key_hash == _sha256(plaintext))), now)


def caller_of_key_id(session: Session, *, key_id: str, now: datetime) -> Caller:
    """Who calls with the key of this id, with the rights that it has now.

    Raises:
        UnknownKey, RevokedKey, ExpiredKey.
    """
    return _caller(session.get(ApiKey, key_id), now)


def note_key_use(session: Session, *, key_id: str, now: datetime) -> bool:
    """Keep when a key was last used, to the minute; False when that is known well enough."""
    statement = update(ApiKey).where(
        ApiKey.id == key_id,
        or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= now - _USE_NOTED_EVERY),
    )
    result = session.execute(statement.values(last_used_at=now))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def _sha256(plaintext: str) -> str:
    return hashlib.sha256(storable(plaintext).encode()).hexdigest()


def _record(session: Session, caller: Caller, verb: str, key: ApiKey, data: dict[str, Any]) -> None:
    record_audit(session, caller=caller, verb=verb, object_kind="key", object_id=key.id, data=data)


def _caller(key: ApiKey | None, now: datetime) -> Caller:
    if key is None:
        raise UnknownKey
    if key.revoked_at is not None:
        raise RevokedKey
    if key.expires_at is not None and key.expires_at <= now:
        raise ExpiredKey(expired_at=key.expires_at.isoformat(timespec="seconds"))
    return Caller(
        kind=CallerKind.KEY,
        id=key.id,
        scopes=frozenset(Scope(scope) for scope in key.scopes),
        audience_ceiling=key.audience_ceiling,
        segments=frozenset(key.segments),
        products=frozenset(key.products),
    )
