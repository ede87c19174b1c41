from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from kb.database import Database
from kb.errors import (
    AlreadyExists,
    EmptyText,
    Forbidden,
    InvalidInput,
    LastAdmin,
    NotFound,
    NotSignedIn,
    StaleEdit,
    WeakPassword,
    WrongPassword,
)
from kb.team import team_names_of
from kb.user import (
    OldPasswordWrong,
    User,
    UserSession,
    caller_of_session,
    change_user,
    check_password,
    create_user,
    csrf_token,
    get_user,
    list_users,
    open_session,
    set_password,
    sign_in,
    sign_out,
)
from kb.visibility import ANONYMOUS, OPERATOR, Caller, CallerKind
from kb.vocabulary import Role

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
PASSWORD = "گذرواژهٔ بلند ۱۲۳"


def add(database: Database, login: str = "sara", **given: object) -> User:
    values: dict[str, object] = {
        "caller": OPERATOR,
        "name": "سارا",
        "role": Role.AGENT,
        "password": PASSWORD,
    }
    with database.transaction() as session:
        return create_user(session, login=login, **(values | given))  # type: ignore[arg-type]


def signed_in(database: Database, login: str = "sara", password: str = PASSWORD) -> str:
    with database.transaction() as session:
        return sign_in(session, login=login, password=password, now=NOW, hours=12).token


def caller_of(database: Database, token: str, now: datetime = NOW) -> Caller:
    with database.reading() as session:
        return caller_of_session(session, token=token, now=now)


def test_a_sign_in_makes_a_caller_until_it_expires(any_database: Database) -> None:
    user = add(any_database, role=Role.CONTRIBUTOR)
    token = signed_in(any_database, " SARA ")
    expected = Caller(kind=CallerKind.PERSON, id=user.id, role=Role.CONTRIBUTOR, language="fa")
    assert caller_of(any_database, token, NOW + timedelta(hours=11)) == expected
    with pytest.raises(NotSignedIn):
        caller_of(any_database, token, NOW + timedelta(hours=12))
    with pytest.raises(NotSignedIn):
        caller_of(any_database, "other")


def test_neither_passwords_nor_tokens_are_kept(database: Database) -> None:
    user = add(database)
    token = signed_in(database)
    assert user.password_hash is not None
    assert user.password_hash.startswith("$argon2id$")
    with database.reading() as session:
        row = session.scalars(select(UserSession)).one()
    assert token not in row.token_hash
    assert len(row.token_hash) == 64


@pytest.mark.parametrize(
    ("login", "password"), [("sara", "wrong password"), ("nobody", PASSWORD), ("sara", "x" * 5000), ("", "")]
)
def test_what_was_wrong_is_not_said(database: Database, login: str, password: str) -> None:
    add(database)
    with pytest.raises(WrongPassword):
        signed_in(database, login, password)


def test_an_unknown_login_costs_one_verification_like_a_known_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed."""
    add(database)
    add(database, "nopass", password=None)
    with pytest.raises(WrongPassword):
        signed_in(database, "nobody")  # makes the hash that unknown logins are compared with
    verify = PasswordHasher.verify
    verified: list[str | bytes] = []

    def watched(self: PasswordHasher, password_hash: str | bytes, password: str | bytes) -> bool:
        verified.append(password_hash)
        return verify(self, password_hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    for login, password in (("sara", "wrong password"), ("nobody", PASSWORD), ("nopass", PASSWORD)):
        verified.clear()
        with pytest.raises(WrongPassword):
            signed_in(database, login, password)
        assert len(verified) == 1
        assert str(verified[0]).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    "password", ["", "short", "123456789", " " * 20, "sara.ahmadi", " SARA.Ahmadi ", "x" * 1001]
)
def test_weak_passwords_are_refused(database: Database, password: str) -> None:
    with pytest.raises(WeakPassword):
        add(database, "sara.ahmadi", password=password)
    with database.reading() as session:
        assert session.scalars(select(User)).all() == []


def test_logins_are_unique_whatever_their_case(any_database: Database) -> None:
    assert add(any_database, " Sara ").login == "sara"
    with pytest.raises(AlreadyExists):
        add(any_database, "SARA")
    with pytest.raises(InvalidInput):
        add(any_database, "sa ra")
    with pytest.raises(EmptyText):
        add(any_database, " ")


def test_a_new_password_ends_the_sign_ins(database: Database, caller: Callable[..., Caller]) -> None:
    user = add(database)
    token = signed_in(database)
    person = caller_of(database, token)
    with database.transaction() as session:
        with pytest.raises(Forbidden):
            set_password(session, caller=caller(), user_id=user.id, password="یک گذرواژهٔ دیگر")
        known = check_password(session, login="sara", password=PASSWORD)
        set_password(session, caller=person, user_id=user.id, password="یک گذرواژهٔ نو", proven=known)
    with pytest.raises(NotSignedIn):
        caller_of(database, token)
    with pytest.raises(WrongPassword):
        signed_in(database)
    signed_in(database, password="یک گذرواژهٔ نو")


def test_ones_own_password_needs_the_old_one_as_it_is_now(any_database: Database) -> None:
    user, other = add(any_database), add(any_database, "omid")
    person = caller_of(any_database, signed_in(any_database))
    new = {"user_id": user.id, "password": "یک گذرواژهٔ نو"}
    with any_database.reading() as session:
        known, stranger = (check_password(session, login=one, password=PASSWORD) for one in ("sara", "omid"))
    assert stranger.id == other.id
    for proven in (None, stranger):
        with any_database.transaction() as session, pytest.raises(OldPasswordWrong):
            set_password(session, caller=person, proven=proven, **new)
    with any_database.transaction() as session:
        set_password(session, caller=OPERATOR, **new)  # meanwhile
    with any_database.transaction() as session, pytest.raises(OldPasswordWrong):
        set_password(session, caller=person, proven=known, **new)


def test_a_password_that_changes_during_a_sign_in_wins(database: Database) -> None:
    user = add(database)
    with database.reading() as session:
        known = check_password(session, login="sara", password=PASSWORD)
    with database.transaction() as session:
        set_password(session, caller=OPERATOR, user_id=user.id, password="یک گذرواژهٔ نو")
    with database.transaction() as session, pytest.raises(WrongPassword):
        open_session(session, user=known, now=NOW, hours=12)


def test_somebody_who_is_no_longer_active_is_signed_out_and_stays_out(any_database: Database) -> None:
    user = add(any_database)
    token = signed_in(any_database)
    with any_database.transaction() as session:
        change_user(session, caller=OPERATOR, user_id=user.id, active=False)
    with pytest.raises(NotSignedIn):
        caller_of(any_database, token)
    with pytest.raises(WrongPassword):
        signed_in(any_database)


def test_signing_out_ends_this_session_only(any_database: Database) -> None:
    add(any_database)
    one, other = signed_in(any_database), signed_in(any_database)
    with any_database.transaction() as session:
        sign_out(session, token=one)
        sign_out(session, token=one)
    with pytest.raises(NotSignedIn):
        caller_of(any_database, one)
    assert caller_of(any_database, other).kind is CallerKind.PERSON


def test_expired_sessions_are_swept_when_somebody_signs_in(database: Database) -> None:
    add(database)
    signed_in(database)
    with database.transaction() as session:
        later = NOW + timedelta(days=2)
        sign_in(session, login="sara", password=PASSWORD, now=later, hours=1)
        assert len(session.scalars(select(UserSession)).all()) == 1


def test_the_last_administrator_stays_one(any_database: Database) -> None:
    first = add(any_database, "first", role=Role.ADMIN)
    with any_database.transaction() as session:
        for change in ({"role": Role.AGENT}, {"active": False}):
            with pytest.raises(LastAdmin):
                change_user(session, caller=OPERATOR, user_id=first.id, **change)  # type: ignore[arg-type]
    add(any_database, "second", role=Role.ADMIN)
    with any_database.transaction() as session:
        changed = change_user(session, caller=OPERATOR, user_id=first.id, role=Role.AGENT, teams=["فروش"])
        assert (changed.role, changed.version) == (Role.AGENT, 2)
        assert team_names_of(session, [first.id]) == {first.id: ["فروش"]}
        with pytest.raises(StaleEdit):
            change_user(session, caller=OPERATOR, user_id=first.id, expected_version=1, name="x")
        with pytest.raises(NotFound):
            change_user(session, caller=OPERATOR, user_id="none", name="x")


def test_only_administrators_manage_people(database: Database, caller: Callable[..., Caller]) -> None:
    manager, admin = caller(role=Role.MANAGER), caller(role=Role.ADMIN)
    with database.transaction() as session:
        for who, refusal in ((manager, Forbidden), (ANONYMOUS, NotSignedIn)):
            with pytest.raises(refusal):
                create_user(session, caller=who, login="x", name="x", role=Role.AGENT)
            with pytest.raises(refusal):
                change_user(session, caller=who, user_id=admin.id, role=Role.AGENT)
            with pytest.raises(refusal):
                list_users(session, caller=who)
            with pytest.raises(refusal):
                get_user(session, caller=who, user_id=admin.id)
        assert get_user(session, caller=manager, user_id=manager.id).role is Role.MANAGER
        assert len(list_users(session, caller=admin).items) == 2
        with pytest.raises(NotFound):
            get_user(session, caller=admin, user_id="none")


def test_the_csrf_token_belongs_to_the_session_and_does_not_tell_it() -> None:
    assert csrf_token("a") == csrf_token("a")
    assert csrf_token("a") != csrf_token("b")
    assert len(csrf_token("secret")) == 64
    assert "secret" not in csrf_token("secret")
