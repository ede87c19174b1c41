import hashlib
import json
import threading
from collections.abc import Callable
from itertools import pairwise

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from kb.article import change_article
from kb.audit import (
    GENESIS_HASH,
    AuditEntry,
    AuditHead,
    list_audit,
    record_audit,
    request_id,
    verify_audit,
)
from kb.canonical import canonical_json
from kb.database import Database
from kb.errors import BrokenRecord, Forbidden, NotSignedIn
from kb.visibility import ANONYMOUS, OPERATOR, Caller
from kb.vocabulary import Role, Scope
from tests.factories import make_article, make_key, make_note, make_source


def write(session: Session, count: int = 1) -> None:
    for number in range(count):
        record_audit(
            session,
            caller="system",
            verb="try",
            object_kind="چیز",
            object_id=str(number),
            data={"متن": "می‌خواهم ۱۲۳ «نقل»", "n": number},
        )


@pytest.fixture
def chain(any_database: Database) -> Database:
    """Six entries over two transactions."""
    for count in (2, 4):
        with any_database.transaction() as session:
            write(session, count)
    return any_database


def problems(database: Database) -> tuple[str, ...]:
    with database.reading() as session:
        return verify_audit(session).problems


def tamper(database: Database, change: Callable[[Session], object]) -> tuple[str, ...]:
    with database.transaction() as session:
        change(session)
    return problems(database)


def test_entries_are_numbered_without_gaps_and_chained(chain: Database) -> None:
    with chain.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        report = verify_audit(session)
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert entries[0].previous_hash == GENESIS_HASH
    for before, after in pairwise(entries):
        assert after.previous_hash == before.entry_hash
    assert (report.count, report.head_hash, report.problems) == (6, entries[-1].entry_hash, ())


def test_the_hash_can_be_recomputed_with_any_json_library(database: Database) -> None:
    """SHA-256 of compact JSON with sorted keys and letters as themselves; times in UTC as ISO 8601."""
    with database.transaction() as session:
        write(session)
    with database.reading() as session:
        entry = session.get_one(AuditEntry, 1)
    content = {
        "number": 1,
        "at": entry.at.isoformat(),
        "actor": "system",
        "verb": "try",
        "object_kind": "چیز",
        "object_id": "0",
        "data": {"متن": "می‌خواهم ۱۲۳ «نقل»", "n": 0},
        "request_id": None,
        "previous_hash": GENESIS_HASH,
    }
    compact = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical_json(content) == compact
    assert entry.entry_hash == hashlib.sha256(compact.encode()).hexdigest()


@pytest.mark.parametrize(
    "values",
    [
        {"actor": "operator"},
        {"data": {"متن": "دیگر"}},
        {"verb": "other"},
        {"request_id": "x"},
        {"previous_hash": GENESIS_HASH},
        {"entry_hash": "0" * 64},
    ],
    ids=lambda values: next(iter(values)),
)
def test_an_edited_entry_is_found(chain: Database, values: dict[str, object]) -> None:
    found = tamper(
        chain, lambda s: s.execute(update(AuditEntry).where(AuditEntry.number == 3).values(**values))
    )
    assert any("entry 3" in problem or "entry 4" in problem for problem in found)


def test_an_entry_rewritten_with_a_fitting_hash_is_found_by_the_next_one(chain: Database) -> None:
    from kb.audit import _hash_of

    def rewrite(session: Session) -> None:
        entry = session.get_one(AuditEntry, 3)
        entry.verb = "other"
        entry.entry_hash = _hash_of(entry)

    assert tamper(chain, rewrite) == ("entry 4 does not follow from the one before it",)


def test_a_deletion_in_the_middle_is_found(chain: Database) -> None:
    found = tamper(chain, lambda s: s.execute(delete(AuditEntry).where(AuditEntry.number.in_([3, 4]))))
    assert "entries 3 to 4 are missing" in found


def test_a_deletion_at_the_tail_is_found(chain: Database) -> None:
    found = tamper(chain, lambda s: s.execute(delete(AuditEntry).where(AuditEntry.number >= 5)))
    assert found == ("entries 5 to 6 are missing at the end",)


def test_a_deletion_of_everything_is_found(chain: Database) -> None:
    assert tamper(chain, lambda s: s.execute(delete(AuditEntry))) == (
        "entries 1 to 6 are missing at the end",
    )


def test_a_deleted_head_is_found_and_stops_further_writing(chain: Database) -> None:
    assert tamper(chain, lambda s: s.execute(delete(AuditHead))) == ("the head of the chain is missing",)

    def go_on() -> None:
        with chain.transaction() as session:
            write(session)

    with pytest.raises(BrokenRecord):
        go_on()


def test_an_insertion_is_found(chain: Database) -> None:
    def append(session: Session) -> None:
        last = session.get_one(AuditEntry, 6)
        names = [column.name for column in AuditEntry.__table__.columns]
        row = {name: getattr(last, name) for name in names}
        session.execute(insert(AuditEntry).values(row | {"number": 7}))

    found = tamper(chain, append)
    assert "entry 7 does not follow from the one before it" in found
    assert "entries after 6 were added past the head" in found


def test_a_head_that_was_set_back_together_with_the_tail_is_found_by_a_noted_hash(
    chain: Database,
) -> None:
    """This is the limit: the chain alone looks whole, only the hash written down before differs."""
    with chain.reading() as session:
        noted = verify_audit(session).head_hash

    def set_back(session: Session) -> None:
        session.execute(delete(AuditEntry).where(AuditEntry.number == 6))
        last = session.get_one(AuditEntry, 5)
        session.execute(update(AuditHead).values(number=5, entry_hash=last.entry_hash))

    assert tamper(chain, set_back) == ()
    with chain.reading() as session:
        assert verify_audit(session).head_hash != noted


def test_a_rolled_back_transaction_leaves_no_entry_and_no_gap(any_database: Database) -> None:
    def write_and_fail() -> None:
        with any_database.transaction() as session:
            write(session, 3)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        write_and_fail()
    with any_database.transaction() as session:
        write(session)
    with any_database.reading() as session:
        assert session.scalars(select(AuditEntry.number)).all() == [1]
        assert verify_audit(session).problems == ()


def test_an_undone_savepoint_takes_its_entries_with_it(any_database: Database) -> None:
    with any_database.transaction() as session:
        write(session)
        savepoint = session.begin_nested()
        make_note(session)
        savepoint.rollback()
        with session.begin_nested():
            make_source(session)
    with any_database.reading() as session:
        verbs = set(session.scalars(select(AuditEntry.verb)))
        assert verbs == {"try", "store_source"}
        assert verify_audit(session).problems == ()


def test_writers_at_once_make_one_whole_chain(any_database: Database) -> None:
    """Some write an entry before they wait for the article's row, some after: no deadlock either way."""
    with any_database.transaction() as session:
        article_id = make_article(session).id
    failures: list[BaseException] = []

    def change(session: Session, tag: str) -> None:
        change_article(session, caller=OPERATOR, article_id=article_id, expected_version=None, tags=[tag])

    def work(number: int) -> None:
        try:
            for turn in range(10):
                with any_database.transaction() as session:
                    if number % 2:
                        write(session)
                    change(session, f"{number}-{turn}")
                    if not number % 2:
                        write(session)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with any_database.reading() as session:
        report = verify_audit(session)
    assert (report.count, report.problems) == (1 + 4 * 10 * 2, ())


def test_an_entry_names_the_caller_the_request_and_plain_data(
    database: Database, caller: Callable[..., Caller]
) -> None:
    person = caller(role=Role.AGENT)
    token = request_id.set("req-1")
    try:
        with database.transaction() as session:
            record_audit(
                session,
                caller=person,
                verb="try",
                object_kind="note",
                object_id="n",
                data={"role": Role.AGENT, "bad\0": "\ud800", "set": {2, 1}, "nested": [{"x": (1, 2)}]},
            )
    finally:
        request_id.reset(token)
    with database.reading() as session:
        entry = session.get_one(AuditEntry, 1)
        assert verify_audit(session).problems == ()
    assert (entry.actor, entry.request_id) == (f"person:{person.id}", "req-1")
    assert entry.data == {"role": "agent", "bad": "�", "set": [1, 2], "nested": [{"x": [1, 2]}]}


def test_the_log_is_paged_newest_first_and_for_administrators_only(
    chain: Database, caller: Callable[..., Caller]
) -> None:
    with chain.reading() as session:
        page = list_audit(session, caller=OPERATOR, limit=4)
        rest = list_audit(session, caller=make_key(Scope.ADMIN), limit=4, cursor=page.next_cursor)
        assert [entry.number for entry in (*page.items, *rest.items)] == [6, 5, 4, 3, 2, 1]
        assert rest.next_cursor is None
        found = list_audit(session, caller=OPERATOR, object_id="3")
        assert [entry.number for entry in found.items] == [6]
        with pytest.raises(NotSignedIn):
            list_audit(session, caller=ANONYMOUS)
    manager = caller(role=Role.MANAGER)
    with chain.reading() as session, pytest.raises(Forbidden):
        list_audit(session, caller=manager)


def test_a_record_made_without_migrations_gets_its_head_with_the_first_entry(
    database: Database,
) -> None:
    with database.transaction() as session:
        session.execute(text("DELETE FROM audit_head"))
    with database.transaction() as session:
        write(session)
    with database.reading() as session:
        assert verify_audit(session).problems == ()
        assert session.scalar(select(func.count()).select_from(AuditHead)) == 1
