import threading
from typing import Any

import pytest
from sqlalchemy import func, select, update

from kb.clock import utc_now
from kb.database import Database
from kb.errors import EmptyText, KeyReused, TextTooLong
from kb.idempotency import KEPT, IdempotencyRecord, recall, remember
from kb.note import Note
from kb.visibility import OPERATOR, Caller
from kb.vocabulary import Scope
from tests.factories import make_key, make_note

REQUEST: dict[str, Any] = {"route": "POST /v1/notes", "values": {"text": "سلام"}}


def answer_once(
    database: Database, key: str, caller: Caller = OPERATOR, request: dict[str, Any] = REQUEST
) -> dict[str, Any]:
    with database.transaction() as session:
        first = recall(session, caller=caller, key=key, request=request)
        if first is not None:
            return first.body
        body = {"id": make_note(session).id}
        remember(
            session,
            caller=caller,
            key=key,
            request=request,
            status=201,
            body=body,
            headers={"ETag": '"1"'},
        )
        return body


def notes(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Note)) or 0


def test_the_same_key_gives_the_first_answer_again(any_database: Database) -> None:
    first = answer_once(any_database, "k1")
    assert answer_once(any_database, "k1") == first
    assert answer_once(any_database, "k2") != first
    assert notes(any_database) == 2
    with any_database.transaction() as session:
        record = recall(session, caller=OPERATOR, key="k1", request=REQUEST)
        assert record is not None
        assert (record.status, record.headers) == (201, {"ETag": '"1"'})


def test_requests_at_once_with_one_key_have_one_effect(any_database: Database) -> None:
    bodies: list[dict[str, Any]] = []
    failures: list[BaseException] = []

    def work() -> None:
        try:
            bodies.append(answer_once(any_database, "k"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert bodies == [bodies[0]] * 6
    assert notes(any_database) == 1


def test_a_key_used_for_another_request_is_refused(database: Database) -> None:
    answer_once(database, "k")
    with pytest.raises(KeyReused):
        answer_once(database, "k", request={"route": "POST /v1/notes", "values": {"text": "خداحافظ"}})
    assert notes(database) == 1


def test_callers_do_not_share_keys(database: Database) -> None:
    first = answer_once(database, "k", make_key(Scope.WRITE))
    assert answer_once(database, "k", make_key(Scope.WRITE)) != first


def test_keys_have_a_length(database: Database) -> None:
    for key, refusal in (("", EmptyText), ("x" * 256, TextTooLong)):
        with pytest.raises(refusal):
            answer_once(database, key)


def test_old_answers_are_forgotten(database: Database) -> None:
    answer_once(database, "old")
    with database.transaction() as session:
        session.execute(update(IdempotencyRecord).values(created_at=utc_now() - KEPT))
    answer_once(database, "new")
    answer_once(database, "newer")
    with database.reading() as session:
        kept = session.scalars(select(IdempotencyRecord.created_at)).all()
    assert len(kept) == 2
    assert min(kept) > utc_now() - KEPT
