"""What every asker proves itself with: keys, sessions, and such as are not valid any more."""

from dataclasses import replace
from datetime import timedelta

from api.dependencies import SESSION_COOKIE
from cli.proving.askers import Asker, Standing
from kb.api_key import create_key, revoke_key
from kb.clock import utc_now
from kb.database import Database
from kb.user import change_user, create_user, csrf_token, open_session, sign_out
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, Role, Scope

#: of a service that nobody else can reach
OPERATOR_TOKEN = "token-of-the-proof"  # noqa: S105


def with_credentials(database: Database, asker: Asker) -> Asker:
    """The asker with what it proves itself with, made in the record."""
    match asker.standing:
        case Standing.OPERATOR:
            return replace(asker, headers={"Authorization": f"Bearer {OPERATOR_TOKEN}"})
        case Standing.KEY | Standing.REVOKED_KEY | Standing.EXPIRED_KEY:
            return _with_key(database, asker)
        case Standing.UNKNOWN_KEY:
            return replace(asker, headers={"X-API-Key": f"nk_{'x' * 43}"})
        case Standing.PERSON | Standing.FORMER_PERSON | Standing.ENDED_SESSION:
            return _signed_in(database, asker)
        case _:
            return asker


def _with_key(database: Database, asker: Asker) -> Asker:
    ceiling = next(one for one in Audience if one.value in asker.audiences or not asker.audiences)
    with database.transaction() as session:
        made = create_key(
            session,
            caller=OPERATOR,
            name=asker.name,
            scopes=[Scope(scope) for scope in asker.scopes] or list(Scope),
            audience_ceiling=ceiling,
            segments=asker.segments or (),
            products=asker.products or (),
        )
        if asker.standing is Standing.REVOKED_KEY:
            revoke_key(session, caller=OPERATOR, key_id=made.key.id)
        if asker.standing is Standing.EXPIRED_KEY:
            made.key.expires_at = utc_now() - timedelta(seconds=1)
    return replace(asker, headers={"Authorization": f"Bearer {made.plaintext}"})


def _signed_in(database: Database, asker: Asker) -> Asker:
    with database.transaction() as session:
        user = create_user(
            session,
            caller=OPERATOR,
            login=asker.name.replace(" ", "-"),
            name=asker.name,
            role=Role(asker.role or "publisher"),
        )
        token = open_session(session, user=user, now=utc_now(), hours=1).token
        if asker.standing is Standing.ENDED_SESSION:
            sign_out(session, token=token)
        if asker.standing is Standing.FORMER_PERSON:
            change_user(session, caller=OPERATOR, user_id=user.id, active=False)
        user_id = user.id
    headers = {"Cookie": f"{SESSION_COOKIE}={token}", "X-CSRF-Token": csrf_token(token)}
    return replace(asker, id=user_id, headers=headers)
