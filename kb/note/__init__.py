"""Notes: experience as an employee told it, before codification."""

from kb.note.composed import note_text
from kb.note.interview import answer_probe, note_answers, withdraw_answer
from kb.note.model import Note, NoteAnswer
from kb.note.read import get_note, list_notes
from kb.note.write import (
    accept_note,
    capture_note,
    discard_note,
    edit_note,
    promote_note,
    reject_note,
    tell_note,
)

__all__ = [
    "Note",
    "NoteAnswer",
    "accept_note",
    "answer_probe",
    "capture_note",
    "discard_note",
    "edit_note",
    "get_note",
    "list_notes",
    "note_answers",
    "note_text",
    "promote_note",
    "reject_note",
    "tell_note",
    "withdraw_answer",
]
