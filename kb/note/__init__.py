"""Notes: experience as an employee told it, before codification."""

from kb.note.model import Note, NoteAnswer
from kb.note.write import accept_note, capture_note, get_note, list_notes, reject_note

__all__ = ["Note", "NoteAnswer", "accept_note", "capture_note", "get_note", "list_notes", "reject_note"]
