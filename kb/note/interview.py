"""Answering probes: one after the other, each once; the last answer can be taken back."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.clock import new_id, utc_now
from kb.errors import AlreadyExists, NotFound
from kb.lifecycle import NoteVerb
from kb.note.editing import load_for_change, move, record, touch
from kb.note.model import Note, NoteAnswer
from kb.text import LINE_LIMIT_CHARS, TEXT_LIMIT_CHARS, clean_line, clean_text
from kb.visibility import Caller
from kb.vocabulary import Element


def answer_probe(
    session: Session,
    *,
    caller: Caller,
    note_id: str,
    expected_version: int | None,
    element: Element,
    probe: str,
    text: str | None,
    text_limit: int = TEXT_LIMIT_CHARS,
) -> Note:
    """Keep what the author said to a probe.

    Args:
        probe: as it was put.
        text: None: skipped; it is not asked again.
    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing, ImpossibleMove, TextTooLong, EmptyText.
        AlreadyExists: it was asked before.
    """
    note = load_for_change(session, caller, note_id, expected_version)
    move(NoteVerb.EDIT, note, caller)
    asked = {answer.element for answer in note_answers(session, note_id=note_id)}
    if element in asked:
        raise AlreadyExists(what="answer", name=element.value)
    number = session.scalar(select(func.max(NoteAnswer.number)).where(NoteAnswer.note_id == note_id)) or 0
    session.add(
        NoteAnswer(
            id=new_id(),
            note_id=note_id,
            number=number + 1,
            element=element,
            probe=clean_line("probe", probe, LINE_LIMIT_CHARS),
            text=None if text is None else clean_text("text", text, text_limit),
            answered_at=utc_now(),
        )
    )
    touch(session, note)
    record(session, caller, "answer_probe", note, {"element": element, "skipped": text is None})
    return note


def withdraw_answer(
    session: Session, *, caller: Caller, note_id: str, expected_version: int | None, number: int
) -> Note:
    """Take the last answer back, so that its probe is asked again.

    Raises:
        NotFound: absent, or not visible, or `number` is not the last answer's.
        NotSignedIn, Forbidden, StaleEdit, VersionMissing, ImpossibleMove.
    """
    note = load_for_change(session, caller, note_id, expected_version)
    move(NoteVerb.EDIT, note, caller)
    answers = note_answers(session, note_id=note_id)
    if not answers or answers[-1].number != number:
        raise NotFound(what="answer", id=str(number))
    session.delete(answers[-1])
    touch(session, note)
    record(session, caller, "withdraw_answer", note, {"element": answers[-1].element})
    return note


def note_answers(session: Session, *, note_id: str) -> list[NoteAnswer]:
    """A note's probes with their answers, in the order they were asked."""
    statement = select(NoteAnswer).where(NoteAnswer.note_id == note_id).order_by(NoteAnswer.number)
    return list(session.scalars(statement))
