"""Forgetting what has expired and nobody can use any more."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kb.idempotency import KEPT, IdempotencyRecord
from kb.user import UserSession


def purge(session: Session, *, now: datetime) -> None:
    """Remove ended sign-ins, and remembered answers that nobody asks for again."""
    session.execute(delete(UserSession).where(UserSession.expires_at <= now))
    session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < now - KEPT))
