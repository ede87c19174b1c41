"""What every verb that changes a note begins and ends with."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.audit import record_audit
from kb.clock import utc_now
from kb.errors import NotFound, NotSignedIn, StaleEdit, VersionMissing
from kb.lifecycle import NoteVerb, move_note
from kb.note.model import Note
from kb.rights import require_sight
from kb.visibility import Caller, CallerKind
from kb.vocabulary import NoteState


def load_for_change(
    session: Session, caller: Caller, note_id: str, expected_version: int | None, *, blindly: bool = False
) -> Note:
    """The note, its row locked until the transaction ends.

    Args:
        blindly: whether the version may be left out.
    Raises:
        NotFound: absent, or not visible to the caller; drafts are their authors' alone.
        NotSignedIn: a visitor. StaleEdit: somebody was faster. VersionMissing.
    """
    if caller.kind is CallerKind.ANONYMOUS:
        raise NotSignedIn
    note = session.scalar(
        select(Note).where(Note.id == note_id).with_for_update().execution_options(populate_existing=True)
    )
    if note is None or is_anothers_draft(note, caller):
        raise NotFound(what="note", id=note_id)
    require_sight(caller, note, what="note", id=note_id)
    if expected_version is None:
        if not blindly and caller.kind is not CallerKind.OPERATOR:
            raise VersionMissing
    elif expected_version != note.version:
        raise StaleEdit(expected=str(expected_version), current=str(note.version))
    return note


def move(verb: NoteVerb, note: Note, caller: Caller) -> NoteState:
    """The state after `verb`; raises as `kb.lifecycle.move_note`."""
    return move_note(verb, state=note.state, caller=caller, owned=is_authors(note, caller))


def is_authors(note: Note, caller: Caller) -> bool:
    """Whether the caller told the note."""
    return caller.kind is CallerKind.PERSON and note.author_id == caller.id


def is_anothers_draft(note: Note, caller: Caller) -> bool:
    """Whether the note is still being written, by somebody else."""
    mine = is_authors(note, caller) or caller.kind is CallerKind.OPERATOR
    return note.state is NoteState.DRAFT and not mine


def touch(session: Session, note: Note) -> None:
    """One version further, as of now."""
    note.version += 1
    note.updated_at = utc_now()
    session.flush()


def record(
    session: Session, caller: Caller, verb: str, note: Note, data: dict[str, Any] | None = None
) -> None:
    """The audit row of `verb`."""
    particulars = {"version": note.version, "state": note.state, "audience": note.audience}
    record_audit(
        session,
        caller=caller,
        verb=verb,
        object_kind="note",
        object_id=note.id,
        data=particulars | (data or {}),
    )
