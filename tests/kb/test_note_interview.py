"""Drafts are their authors' alone; probes are put once each, and the last answer can be taken back."""

from collections.abc import Callable

import pytest

from kb.database import Database
from kb.errors import (
    AlreadyExists,
    EmptyText,
    Forbidden,
    ImpossibleMove,
    InvalidInput,
    NotFound,
    StaleEdit,
    VersionMissing,
)
from kb.note import (
    Note,
    accept_note,
    answer_probe,
    capture_note,
    discard_note,
    edit_note,
    get_note,
    list_notes,
    note_answers,
    note_text,
    tell_note,
    withdraw_answer,
)
from kb.visibility import EVERYTHING, OPERATOR, Caller
from kb.vocabulary import Element, Language, NoteState, Role, Scope
from tests.factories import make_key

CallerOf = Callable[..., Caller]
FA = Language.PERSIAN


@pytest.fixture
def author(caller: CallerOf) -> Caller:
    return caller(role=Role.AGENT)


def begin(database: Database, author: Caller, text: str = "مودم را خاموش کردم.") -> str:
    with database.transaction() as session:
        return capture_note(session, caller=author, text=text, language=FA, draft=True).id


def answer(
    database: Database, author: Caller, note_id: str, version: int, element: Element, text: str | None
) -> None:
    with database.transaction() as session:
        answer_probe(
            session,
            caller=author,
            note_id=note_id,
            expected_version=version,
            element=element,
            probe="از کجا فهمیدید؟",
            text=text,
        )


def test_a_draft_saves_itself_and_nobody_else_sees_it(
    any_database: Database, author: Caller, caller: CallerOf
) -> None:
    note_id = begin(any_database, author, text="")
    colleague = caller(role=Role.ADMIN)
    with any_database.transaction() as session:
        assert (
            edit_note(session, caller=author, note_id=note_id, expected_version=1, text="چراغ").version == 2
        )
        unchanged = edit_note(session, caller=author, note_id=note_id, expected_version=2, text="چراغ")
        assert unchanged.version == 2
        with pytest.raises(StaleEdit):
            edit_note(session, caller=author, note_id=note_id, expected_version=1, text="x")
        with pytest.raises(VersionMissing):
            edit_note(session, caller=author, note_id=note_id, expected_version=None, text="x")
        for refused in (colleague, make_key(Scope.WRITE, Scope.RELEASE)):
            with pytest.raises(NotFound):
                edit_note(session, caller=refused, note_id=note_id, expected_version=2, text="x")
            with pytest.raises(NotFound):
                get_note(session, caller_visibility=EVERYTHING, caller=refused, note_id=note_id)
            listed = list_notes(session, caller_visibility=EVERYTHING, caller=refused)
            assert listed.items == ()
        mine = list_notes(session, caller_visibility=EVERYTHING, caller=author)
        assert [note.id for note in mine.items] == [note_id]


def test_a_draft_that_was_told_is_seen_by_colleagues_and_can_be_accepted(
    any_database: Database, author: Caller, caller: CallerOf
) -> None:
    note_id = begin(any_database, author, text="")
    reviewer = caller(role=Role.CONTRIBUTOR)
    with any_database.transaction() as session:
        with pytest.raises(EmptyText):
            tell_note(session, caller=author, note_id=note_id, expected_version=1)
        edit_note(session, caller=author, note_id=note_id, expected_version=1, text="چراغ قرمز بود.")
        told = tell_note(session, caller=author, note_id=note_id, expected_version=2)
        assert told.state is NoteState.CAPTURED
        with pytest.raises(ImpossibleMove):
            discard_note(session, caller=author, note_id=note_id, expected_version=3)
        assert accept_note(session, caller=reviewer, note_id=note_id).state is NoteState.ACCEPTED
        with pytest.raises(ImpossibleMove):
            edit_note(session, caller=author, note_id=note_id, expected_version=4, text="x")


def test_a_draft_can_be_thrown_away_with_its_answers(any_database: Database, author: Caller) -> None:
    note_id = begin(any_database, author)
    answer(any_database, author, note_id, 1, Element.CUE, "از چراغ")
    with any_database.transaction() as session:
        discard_note(session, caller=author, note_id=note_id, expected_version=2)
    with any_database.reading() as session:
        assert session.get(Note, note_id) is None
        assert note_answers(session, note_id=note_id) == []


def test_drafts_are_for_people(any_database: Database) -> None:
    with any_database.transaction() as session:
        for nobody in (OPERATOR, make_key(Scope.WRITE)):
            with pytest.raises(Forbidden):
                capture_note(session, caller=nobody, text="x", language=FA, draft=True)


def test_a_draft_is_not_begun_for_another(any_database: Database, author: Caller, caller: CallerOf) -> None:
    other = caller(role=Role.AGENT)
    with any_database.transaction() as session, pytest.raises(InvalidInput):
        capture_note(session, caller=author, text="x", language=FA, draft=True, author_id=other.id)


def test_each_probe_is_answered_or_skipped_once_and_the_last_can_be_taken_back(
    any_database: Database, author: Caller
) -> None:
    note_id = begin(any_database, author)
    answer(any_database, author, note_id, 1, Element.CUE, "از چراغ قرمز")
    answer(any_database, author, note_id, 2, Element.BOUNDARY, None)
    with pytest.raises(AlreadyExists):
        answer(any_database, author, note_id, 3, Element.CUE, "دوباره")
    with any_database.transaction() as session:
        given = {"caller": author, "note_id": note_id, "expected_version": 3}
        with pytest.raises(NotFound):
            withdraw_answer(session, number=1, **given)  # type: ignore[arg-type]
        withdraw_answer(session, number=2, **given)  # type: ignore[arg-type]
    answer(any_database, author, note_id, 4, Element.BOUNDARY, "فقط وقتی برق هست")
    with any_database.reading() as session:
        answers = note_answers(session, note_id=note_id)
        assert [(a.number, a.element, a.text) for a in answers] == [
            (1, Element.CUE, "از چراغ قرمز"),
            (2, Element.BOUNDARY, "فقط وقتی برق هست"),
        ]
        text = note_text(session.get_one(Note, note_id), answers)
    assert text == (
        "مودم را خاموش کردم.\n\n**از کجا فهمیدید؟**\n\nاز چراغ قرمز\n\n"
        "**از کجا فهمیدید؟**\n\nفقط وقتی برق هست"
    )


def test_skipped_probes_leave_no_trace_in_the_text(any_database: Database, author: Caller) -> None:
    note_id = begin(any_database, author)
    answer(any_database, author, note_id, 1, Element.CUE, None)
    with any_database.reading() as session:
        text = note_text(session.get_one(Note, note_id), note_answers(session, note_id=note_id))
    assert text == "مودم را خاموش کردم."
