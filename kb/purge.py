"""Forgetting what has expired and nobody can use any more."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kb.exchange.transfer import Transfer
from kb.idempotency import KEPT, IdempotencyRecord
from kb.user import PasswordReset, SignInAttempt, UserSession


def purge(session: Session, *, now: datetime) -> None:
    """Remove what is over: sign-ins and ways to one, exports and imports, and remembered answers."""
    for table in (UserSession, SignInAttempt, PasswordReset):
        session.execute(delete(table).where(table.expires_at <= now))
    session.execute(delete(Transfer).where(Transfer.expires_at <= now))
    session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < now - KEPT))
