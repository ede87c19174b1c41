"""Sign-ins at the identity provider that have begun: kept here, used once, only by the browser that began."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kb.user.model import SignInAttempt, secret_hash

#: how long somebody may take at the provider
ATTEMPT_MINUTES = 10


@dataclass(frozen=True, slots=True)
class BegunAttempt:
    """What goes to the provider with the person; `verifier` stays here."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class TakenAttempt:
    """What was kept while the person was away."""

    nonce: str
    verifier: str
    redirect_uri: str
    return_path: str
    user_id: str | None


def begin_attempt(
    session: Session,
    *,
    browser: str,
    redirect_uri: str,
    return_path: str,
    now: datetime,
    user_id: str | None = None,
) -> BegunAttempt:
    """Expect somebody back from the identity provider within ten minutes.

    Args:
        browser: what the browser that leaves keeps in a cookie, and only it.
        user_id: whose account is to be connected; None: somebody signs in.
    """
    session.execute(delete(SignInAttempt).where(SignInAttempt.expires_at <= now))
    begun = BegunAttempt(*(secrets.token_urlsafe(48) for _ in range(3)))
    session.add(
        SignInAttempt(
            state_hash=secret_hash(begun.state),
            browser_hash=secret_hash(browser),
            nonce=begun.nonce,
            verifier=begun.verifier,
            redirect_uri=redirect_uri,
            return_path=return_path,
            user_id=user_id,
            expires_at=now + timedelta(minutes=ATTEMPT_MINUTES),
        )
    )
    session.flush()
    return begun


def take_attempt(session: Session, *, state: str, browser: str, now: datetime) -> TakenAttempt | None:
    """The attempt of that state, which nobody can take again.

    Returns:
        None where it is unknown, used, expired, or another browser's; commit all the same.
    """
    row = session.execute(
        delete(SignInAttempt)
        .where(SignInAttempt.state_hash == secret_hash(state))
        .returning(
            SignInAttempt.nonce,
            SignInAttempt.verifier,
            SignInAttempt.redirect_uri,
            SignInAttempt.return_path,
            SignInAttempt.user_id,
            SignInAttempt.browser_hash,
            SignInAttempt.expires_at,
        )
    ).first()
    if row is None or row.expires_at <= now or row.browser_hash != secret_hash(browser):
        return None
    return TakenAttempt(row.nonce, row.verifier, row.redirect_uri, row.return_path, row.user_id)
