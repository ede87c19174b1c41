"""The one text of a note with its answers: what passages are cut from and what a page shows."""

from collections.abc import Sequence

from kb.note.model import Note, NoteAnswer


def note_text(note: Note, answers: Sequence[NoteAnswer]) -> str:
    """Markdown: what was told, then each probe that was answered, with its answer.

    The note's own words come first, so their offsets are offsets of the whole.
    """
    parts = [note.text.rstrip()]
    parts += [f"**{answer.probe}**\n\n{answer.text.strip()}" for answer in answers if answer.text]
    return "\n\n".join(parts)
