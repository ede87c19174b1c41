import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from kb.conversation import (
    Conversation,
    TurnDraft,
    conversation_turns,
    get_conversation,
    import_conversation,
    list_conversations,
)
from kb.database import Database
from kb.errors import AlreadyExists, EmptyText, Forbidden, NotFound, TextTooLong
from kb.outbox import Job
from kb.visibility import OPERATOR, Caller, Visibility
from kb.vocabulary import Audience, Channel, JobName, Language, Role, Scope, Speaker
from tests.factories import make_key

ALL = Visibility(frozenset(Audience))
TURNS = (
    TurnDraft(Speaker.CUSTOMER, "سلام، بسته‌ام نرسیده", 0.0),
    TurnDraft(Speaker.SYSTEM, " \n", 1.0),
    TurnDraft(Speaker.AGENT, "الان پیگیری می‌کنم\r\nچند لحظه", 4.5),
)


def bring(
    database: Database,
    external_id: str | None = "c-1",
    turns: Sequence[TurnDraft] = TURNS,
    **given: Any,
) -> tuple[Conversation, bool]:
    values: dict[str, Any] = {"caller": OPERATOR, "audience": Audience.INTERNAL, "tags": ["ارسال"]}
    with database.transaction() as session:
        return import_conversation(
            session,
            external_id=external_id,
            channel=Channel.CHAT,
            language=Language.PERSIAN,
            turns=turns,
            **(values | given),
        )


def test_turns_are_kept_in_order_without_silent_ones(any_database: Database) -> None:
    conversation, created = bring(any_database, outcome="حل شد")
    assert created
    with any_database.reading() as session:
        turns = conversation_turns(session, conversation_id=conversation.id)
        assert [(turn.number, turn.speaker, turn.text, turn.at_seconds) for turn in turns] == [
            (1, Speaker.CUSTOMER, "سلام، بسته‌ام نرسیده", 0.0),
            (2, Speaker.AGENT, "الان پیگیری می‌کنم\nچند لحظه", 4.5),
        ]
        job = session.scalars(select(Job)).one()
        assert (job.name, job.subject_id) == (JobName.INDEX_CONVERSATION, conversation.id)


def test_importing_it_again_changes_nothing_even_at_once(any_database: Database) -> None:
    outcomes: list[bool] = []
    failures: list[BaseException] = []

    def work() -> None:
        try:
            outcomes.append(bring(any_database)[1])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(outcomes) == [False, False, False, True]
    with any_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 1


def test_conversations_without_an_id_of_their_own_are_all_new(database: Database) -> None:
    assert bring(database, None)[1]
    assert bring(database, None)[1]


def test_empty_and_endless_conversations_are_refused(database: Database) -> None:
    with pytest.raises(EmptyText):
        bring(database, turns=[])
    with pytest.raises(EmptyText):
        bring(database, turns=[TurnDraft(Speaker.AGENT, "\0")])
    with pytest.raises(TextTooLong):
        bring(database, turns=[TurnDraft(Speaker.AGENT, "x" * 600_000)] * 2)
    with database.reading() as session:
        assert session.scalars(select(Conversation)).all() == []


def test_conversations_are_listed_and_read_by_those_who_may(
    database: Database, caller: Callable[..., Caller]
) -> None:
    ids = [bring(database, f"c-{number}")[0].id for number in range(3)]
    public = Visibility(frozenset({Audience.PUBLIC}))
    with database.reading() as session:
        page = list_conversations(session, caller_visibility=ALL, limit=2)
        rest = list_conversations(session, caller_visibility=ALL, limit=2, cursor=page.next_cursor)
        assert sorted(row.id for row in (*page.items, *rest.items)) == sorted(ids)
        assert list_conversations(session, caller_visibility=public).items == ()
        assert get_conversation(session, caller_visibility=ALL, conversation_id=ids[0]).tags == ["ارسال"]
        with pytest.raises(NotFound):
            get_conversation(session, caller_visibility=public, conversation_id=ids[0])
    with pytest.raises(Forbidden):
        bring(database, "c-9", caller=caller(role=Role.AGENT))
    with pytest.raises(AlreadyExists):
        bring(database, "c-1", caller=make_key(Scope.WRITE, Scope.RELEASE), audience=Audience.PUBLIC)
