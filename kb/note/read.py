"""Reading notes: what a caller may see of them."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kb.errors import NotFound
from kb.note.editing import is_anothers_draft
from kb.note.model import Note
from kb.paging import Page, checked_limit, cut, older_than
from kb.sight import visible
from kb.visibility import Caller, CallerKind, Visibility
from kb.vocabulary import NoteState


def get_note(session: Session, *, caller_visibility: Visibility, caller: Caller, note_id: str) -> Note:
    """One note. Visitors and keys without write see accepted ones only; a draft only its author.

    Raises:
        NotFound: absent, or not visible to this caller.
    """
    note = session.get(Note, note_id)
    hidden = note is None or not caller_visibility.allows(note) or is_anothers_draft(note, caller)
    if note is None or hidden or (note.state is not NoteState.ACCEPTED and not caller.sees_drafts):
        raise NotFound(what="note", id=note_id)
    return note


def list_notes(
    session: Session,
    *,
    caller_visibility: Visibility,
    caller: Caller,
    state: NoteState | None = None,
    author_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Note]:
    """Visible notes, those changed last first.

    Raises:
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    statement = select(Note).where(visible(session, Note, caller_visibility))
    if not caller.sees_drafts:
        statement = statement.where(Note.state == NoteState.ACCEPTED)
    elif caller.kind is not CallerKind.OPERATOR:
        statement = statement.where(or_(Note.state != NoteState.DRAFT, Note.author_id == caller.person_id))
    if state is not None:
        statement = statement.where(Note.state == state)
    if author_id is not None:
        statement = statement.where(Note.author_id == author_id)
    if cursor is not None:
        statement = statement.where(older_than(cursor, Note.updated_at, Note.id))
    statement = statement.order_by(Note.updated_at.desc(), Note.id.desc()).limit(checked_limit(limit) + 1)
    return cut(session.scalars(statement).all(), limit, lambda note: (note.updated_at, note.id))
