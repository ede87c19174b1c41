from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from kb.api_key import (
    ApiKey,
    NewKey,
    caller_of_key,
    create_key,
    list_keys,
    note_key_use,
    revoke_key,
)
from kb.clock import utc_now
from kb.database import Database
from kb.errors import (
    AudienceTooNarrow,
    ExpiredKey,
    Forbidden,
    InvalidInput,
    NotFound,
    NotSignedIn,
    RevokedKey,
    UnknownKey,
)
from kb.visibility import ANONYMOUS, OPERATOR, Caller, CallerKind
from kb.vocabulary import Audience, Role, Scope
from tests.factories import make_key

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


def create(database: Database, **given: object) -> NewKey:
    values: dict[str, object] = {
        "caller": OPERATOR,
        "name": "پورتال",
        "scopes": [Scope.SEARCH, Scope.READ, Scope.READ],
        "audience_ceiling": Audience.PARTNER,
    }
    with database.transaction() as session:
        return create_key(session, **(values | given))  # type: ignore[arg-type]


def test_a_key_is_shown_once_and_only_its_hash_is_kept(any_database: Database) -> None:
    new = create(any_database)
    assert new.plaintext.startswith("nk_")
    assert len(new.plaintext) == 3 + 43, "256 bits as base64"
    with any_database.reading() as session:
        row = session.scalars(select(ApiKey)).one()
        kept = [getattr(row, column.name) for column in ApiKey.__table__.columns]
        assert new.plaintext not in map(str, kept)
        assert new.plaintext.startswith(row.prefix)
        assert len(row.prefix) == 10
        caller = caller_of_key(session, plaintext=new.plaintext, now=NOW)
    assert caller == Caller(
        kind=CallerKind.KEY,
        id=row.id,
        scopes=frozenset({Scope.SEARCH, Scope.READ}),
        audience_ceiling=Audience.PARTNER,
    )


@pytest.mark.parametrize("plaintext", ["", "nk_", "nk_wrong", "nk_\ud800", "نامعتبر"])
def test_an_unknown_key_is_refused(database: Database, plaintext: str) -> None:
    create(database)
    with database.reading() as session, pytest.raises(UnknownKey):
        caller_of_key(session, plaintext=plaintext, now=NOW)


def test_an_expired_key_is_refused_and_says_since_when(database: Database) -> None:
    expires_at = utc_now() + timedelta(days=1)
    new = create(database, expires_at=expires_at)
    with database.reading() as session:
        caller_of_key(session, plaintext=new.plaintext, now=expires_at - timedelta(seconds=1))
        with pytest.raises(ExpiredKey) as refusal:
            caller_of_key(session, plaintext=new.plaintext, now=expires_at)
    assert refusal.value.data["expired_at"] == expires_at.isoformat(timespec="seconds")
    with pytest.raises(InvalidInput):
        create(database, expires_at=utc_now() - timedelta(seconds=1))


def test_a_revoked_key_is_refused_from_now_on(any_database: Database) -> None:
    new = create(any_database)
    with any_database.transaction() as session:
        first = revoke_key(session, caller=OPERATOR, key_id=new.key.id).revoked_at
        assert revoke_key(session, caller=OPERATOR, key_id=new.key.id).revoked_at == first
        with pytest.raises(NotFound):
            revoke_key(session, caller=OPERATOR, key_id="none")
    with any_database.reading() as session, pytest.raises(RevokedKey):
        caller_of_key(session, plaintext=new.plaintext, now=NOW)


def test_use_is_noted_at_most_once_a_minute(any_database: Database) -> None:
    key_id = create(any_database).key.id
    with any_database.transaction() as session:
        assert note_key_use(session, key_id=key_id, now=NOW)
        assert not note_key_use(session, key_id=key_id, now=NOW + timedelta(seconds=59))
        assert note_key_use(session, key_id=key_id, now=NOW + timedelta(seconds=60))
        assert session.get_one(ApiKey, key_id).last_used_at == NOW + timedelta(seconds=60)


def test_only_administrators_make_keys_and_no_key_makes_one_above_itself(
    database: Database, caller: Callable[..., Caller]
) -> None:
    for who, refusal in ((ANONYMOUS, NotSignedIn), (caller(role=Role.MANAGER), Forbidden)):
        with pytest.raises(refusal):
            create(database, caller=who)
        with database.transaction() as session, pytest.raises(refusal):
            list_keys(session, caller=who)
        with database.transaction() as session, pytest.raises(refusal):
            revoke_key(session, caller=who, key_id="any")
    admin_key = make_key(Scope.ADMIN, Scope.READ, ceiling=Audience.PARTNER)
    with pytest.raises(AudienceTooNarrow):
        create(database, caller=admin_key, scopes=[Scope.READ], audience_ceiling=Audience.INTERNAL)
    with pytest.raises(Forbidden):
        create(database, caller=admin_key, scopes=[Scope.WRITE])
    create(database, caller=admin_key, scopes=[Scope.READ])
    admin = caller(role=Role.ADMIN)
    create(database, caller=admin)
    with pytest.raises(InvalidInput):
        create(database, scopes=[])
    with database.reading() as session:
        listed = list_keys(session, caller=OPERATOR)
    assert [key.created_by for key in listed] == [admin.id, None]
