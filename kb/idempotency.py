"""Idempotency keys: a creating call repeated with the same key gives the first answer again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.canonical import plain, sha256_of
from kb.clock import utc_now
from kb.database import Base, serialise
from kb.errors import KeyReused
from kb.text import clean_line
from kb.visibility import Caller

KEY_LIMIT_CHARS = 255
#: nobody repeats a request later than this
KEPT = timedelta(days=7)


class IdempotencyRecord(Base):
    __tablename__ = "idempotency_record"

    #: SHA-256 over caller and key, so that callers cannot see each other's
    key_hash: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str] = mapped_column()
    status: Mapped[int] = mapped_column()
    body: Mapped[dict[str, Any]] = mapped_column()
    headers: Mapped[dict[str, Any]] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(index=True)


def recall(session: Session, *, caller: Caller, key: str, request: object) -> IdempotencyRecord | None:
    """The first answer to this request; None when it is new.

    Called before the effect and in its transaction: a second call with the same key waits for the first.

    Args:
        request: everything that was asked for, as plain JSON.
    Raises:
        KeyReused: the key was used for another request.
        EmptyText, TextTooLong: of the key.
    """
    key_hash = _key_hash(caller, key)
    serialise(session, key_hash)
    record = session.get(IdempotencyRecord, key_hash)
    if record is not None and record.request_hash != sha256_of(request):
        raise KeyReused
    return record


def remember(
    session: Session,
    *,
    caller: Caller,
    key: str,
    request: object,
    status: int,
    body: Mapping[str, Any],
    headers: Mapping[str, Any],
) -> None:
    """Keep the answer to a request that `recall` did not know, and forget those older than `KEPT`."""
    now = utc_now()
    session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < now - KEPT))
    session.add(
        IdempotencyRecord(
            key_hash=_key_hash(caller, key),
            request_hash=sha256_of(request),
            status=status,
            body=plain(body),
            headers=plain(headers),
            created_at=now,
        )
    )
    session.flush()


def _key_hash(caller: Caller, key: str) -> str:
    return sha256_of([caller.actor, clean_line("Idempotency-Key", key, KEY_LIMIT_CHARS)])
