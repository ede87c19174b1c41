from collections.abc import Callable

import pytest
from sqlalchemy import select

from kb.database import Database
from kb.edition import live_edition
from kb.errors import (
    AudienceTooNarrow,
    EmptyText,
    Forbidden,
    ImpossibleMove,
    InvalidInput,
    NotFound,
    NotSignedIn,
    StaleEdit,
    TextTooLong,
)
from kb.note import Note, accept_note, capture_note, get_note, list_notes, reject_note
from kb.outbox import Job
from kb.visibility import ANONYMOUS, OPERATOR, Caller, Visibility
from kb.vocabulary import Audience, JobName, Language, NoteState, OriginKind, Role, Scope
from tests.factories import make_key, make_note, publish

ALL = Visibility(frozenset(Audience))
INTERNAL_KEY = make_key(Scope.READ, ceiling=Audience.INTERNAL)


def test_a_captured_note_is_its_authors_and_waits(
    any_database: Database, caller: Callable[..., Caller]
) -> None:
    agent = caller(role=Role.AGENT)
    with any_database.transaction() as session:
        note = capture_note(
            session, caller=agent, text="\nاول مودم را خاموش می‌کنم.\r\n", language=Language.PERSIAN
        )
        assert (note.text, note.state) == ("اول مودم را خاموش می‌کنم.", NoteState.CAPTURED)
        assert (note.author_id, note.audience, note.version) == (agent.id, Audience.INTERNAL, 1)
        assert session.scalars(select(Job)).all() == []


def test_an_accepted_note_is_promised_to_the_index_and_a_rejected_one_disappears(
    any_database: Database,
) -> None:
    with any_database.transaction() as session:
        note_id = make_note(session, accepted=True).id
        job = session.scalars(select(Job)).one()
        assert (job.name, job.subject_id) == (JobName.INDEX_NOTE, note_id)
        publish(session, OriginKind.NOTE, note_id)
        with pytest.raises(ImpossibleMove):
            accept_note(session, caller=OPERATOR, note_id=note_id)
        rejected = reject_note(session, caller=OPERATOR, note_id=note_id, expected_version=2)
        assert (rejected.state, rejected.version) == (NoteState.REJECTED, 3)
        assert live_edition(session, origin_kind=OriginKind.NOTE, origin_id=note_id) is None
        with pytest.raises(StaleEdit):
            accept_note(session, caller=OPERATOR, note_id=note_id, expected_version=2)


def test_only_accepted_notes_are_shown_to_reading_keys_and_visitors(any_database: Database) -> None:
    with any_database.transaction() as session:
        captured = make_note(session).id
        accepted = make_note(session, accepted=True).id
        for who in (INTERNAL_KEY, ANONYMOUS):
            assert get_note(session, caller_visibility=ALL, caller=who, note_id=accepted).id == accepted
            with pytest.raises(NotFound):
                get_note(session, caller_visibility=ALL, caller=who, note_id=captured)
            listed = list_notes(session, caller_visibility=ALL, caller=who).items
            assert [note.id for note in listed] == [accepted]
        everything = list_notes(session, caller_visibility=ALL, caller=OPERATOR).items
        assert {note.id for note in everything} == {captured, accepted}
        public = Visibility(frozenset({Audience.PUBLIC}))
        assert list_notes(session, caller_visibility=public, caller=OPERATOR).items == ()
        with pytest.raises(NotFound):
            get_note(session, caller_visibility=public, caller=OPERATOR, note_id=accepted)


def test_notes_are_listed_by_state_and_author_in_pages(
    database: Database, caller: Callable[..., Caller]
) -> None:
    agent = caller(role=Role.AGENT)
    with database.transaction() as session:
        mine = [
            capture_note(session, caller=agent, text=f"یادداشت {n}", language=Language.PERSIAN).id
            for n in range(3)
        ]
        make_note(session, accepted=True)
        first = list_notes(session, caller_visibility=ALL, caller=agent, author_id=agent.id, limit=2)
        rest = list_notes(
            session,
            caller_visibility=ALL,
            caller=agent,
            author_id=agent.id,
            limit=2,
            cursor=first.next_cursor,
        )
        assert sorted(note.id for note in (*first.items, *rest.items)) == sorted(mine)
        found = list_notes(session, caller_visibility=ALL, caller=agent, state=NoteState.ACCEPTED)
        assert len(found.items) == 1


def test_rights_and_bad_input_are_refused_before_anything_is_kept(
    database: Database, caller: Callable[..., Caller]
) -> None:
    fa = Language.PERSIAN
    with database.transaction() as session:
        with pytest.raises(NotSignedIn):
            capture_note(session, caller=ANONYMOUS, text="x", language=fa)
        with pytest.raises(Forbidden):
            capture_note(session, caller=INTERNAL_KEY, text="x", language=fa)
        with pytest.raises(AudienceTooNarrow):
            capture_note(session, caller=make_key(Scope.WRITE), text="x", language=fa)
        with pytest.raises(EmptyText):
            capture_note(session, caller=OPERATOR, text=" \0\n", language=fa)
        with pytest.raises(TextTooLong):
            capture_note(session, caller=OPERATOR, text="xx", language=fa, text_limit=1)
        with pytest.raises(InvalidInput):
            capture_note(session, caller=OPERATOR, text="x", language=fa, author_id="nobody")
        assert session.scalars(select(Note)).all() == []
        note_id = make_note(session, audience=Audience.PUBLIC).id
        hidden_id = make_note(session).id
    contributor, publisher = caller(role=Role.CONTRIBUTOR), caller(role=Role.PUBLISHER)
    with database.transaction() as session:
        for who in (caller(role=Role.AGENT), contributor, make_key(Scope.WRITE)):
            with pytest.raises(Forbidden):
                accept_note(session, caller=who, note_id=note_id)
        with pytest.raises(NotSignedIn):
            accept_note(session, caller=ANONYMOUS, note_id=note_id)
        with pytest.raises(NotFound):
            accept_note(session, caller=make_key(Scope.RELEASE), note_id=hidden_id)
        with pytest.raises(NotFound):
            accept_note(session, caller=OPERATOR, note_id="none")
        accept_note(session, caller=publisher, note_id=note_id)
        accept_note(session, caller=contributor, note_id=hidden_id)
