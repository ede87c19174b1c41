"""People whom an identity provider recognised, and attempts that are used once."""

import itertools
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from kb.audit import verify_audit
from kb.database import Database
from kb.errors import Conflict, Forbidden
from kb.user import (
    Admission,
    Identity,
    User,
    admit_identity,
    begin_attempt,
    connect_identity,
    disconnect_identity,
    take_attempt,
)
from kb.user.identity import Account, account_to_connect
from kb.user.refusals import AccountExists, PersonUnknown
from kb.visibility import OPERATOR
from kb.vocabulary import Language, Role
from tests.factories import make_person

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
SARA = Identity("https://idp.example", "1", "sara", "سارا", "sara@example.com", Language.PERSIAN)
OPEN = Admission(create=Role.AGENT)


@pytest.mark.parametrize(
    ("by_email", "create", "accounts", "taken"),
    list(
        itertools.product(
            (True, False),
            (None, Role.AGENT),
            (
                (),
                ((False, False),),
                ((True, False),),
                ((False, True),),
                ((True, True),),
                ((False, False),) * 2,
            ),
            (True, False),
        )
    ),
)
def test_an_account_is_connected_only_where_nothing_speaks_against_it(
    by_email: bool, create: Role | None, accounts: tuple[tuple[bool, bool], ...], taken: bool
) -> None:
    """Every combination; (has_password, is_connected) of each account with the same address."""
    rules = Admission(create=create, by_email=by_email)
    same = [Account(str(number), *facts) for number, facts in enumerate(accounts)]
    given = {"same_email": same, "login_is_taken": taken}
    if by_email and accounts == ((False, False),):
        assert account_to_connect(rules, **given) == "0"
    elif accounts or taken:
        with pytest.raises(AccountExists):
            account_to_connect(rules, **given)
    elif create is None:
        with pytest.raises(PersonUnknown):
            account_to_connect(rules, **given)
    else:
        assert account_to_connect(rules, **given) is None


def test_two_first_sign_ins_at_once_make_one_person(any_database: Database) -> None:
    found: list[str] = []

    def enter() -> None:
        with any_database.transaction() as session:
            found.append(admit_identity(session, identity=SARA, rules=OPEN).id)

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    with any_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1
        assert verify_audit(session).problems == ()


def test_the_same_subject_at_another_provider_is_somebody_else(any_database: Database) -> None:
    other = replace(SARA, issuer="https://other.example", login="sara2", email="")
    with any_database.transaction() as session:
        first = admit_identity(session, identity=SARA, rules=OPEN)
        assert admit_identity(session, identity=other, rules=OPEN).id != first.id
        assert (first.login, first.role, first.email) == ("sara", Role.AGENT, "sara@example.com")
        assert first.password_hash is None


def test_an_account_has_one_identity_and_an_identity_one_account(database: Database) -> None:
    with database.transaction() as session:
        one, two = make_person(session), make_person(session)
        connect_identity(session, caller=one, identity=SARA)
        connect_identity(session, caller=one, identity=SARA)
        with pytest.raises(Conflict):
            connect_identity(session, caller=two, identity=SARA)
        with pytest.raises(Conflict):
            connect_identity(session, caller=one, identity=replace(SARA, subject="2"))
        with pytest.raises(Forbidden):
            connect_identity(session, caller=OPERATOR, identity=SARA)


def test_nobody_locks_themselves_out(database: Database) -> None:
    with database.transaction() as session:
        person, stranger = make_person(session), make_person(session)
        connect_identity(session, caller=person, identity=SARA)
        with pytest.raises(Conflict):
            disconnect_identity(session, caller=person, user_id=person.id)
        with pytest.raises(Forbidden):
            disconnect_identity(session, caller=stranger, user_id=person.id)
        assert disconnect_identity(session, caller=OPERATOR, user_id=person.id).oidc_subject is None


def begin(database: Database, now: datetime = NOW) -> str:
    given = {"browser": "b", "redirect_uri": "https://kb.example/back", "return_path": "/"}
    with database.transaction() as session:
        return begin_attempt(session, now=now, **given).state


def test_an_attempt_is_taken_once_whoever_hurries(any_database: Database) -> None:
    state = begin(any_database)
    taken = []

    def take() -> None:
        with any_database.transaction() as session:
            taken.append(take_attempt(session, state=state, browser="b", now=NOW))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [attempt is not None for attempt in taken].count(True) == 1


@pytest.mark.parametrize(
    ("browser", "later", "works"),
    [("b", timedelta(minutes=9), True), ("b", timedelta(minutes=10), False), ("other", timedelta(0), False)],
)
def test_an_attempt_is_of_its_browser_and_ten_minutes(
    database: Database, browser: str, later: timedelta, works: bool
) -> None:
    state = begin(database)
    with database.transaction() as session:
        assert (take_attempt(session, state=state, browser=browser, now=NOW + later) is not None) is works
    with database.transaction() as session:
        assert take_attempt(session, state=state, browser="b", now=NOW) is None
