"""Telling notes, accepting and rejecting them, reading them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.edition import retire_editions
from kb.errors import InvalidInput, NotFound, NotSignedIn, StaleEdit
from kb.lifecycle import NoteVerb, move_note
from kb.note.model import Note
from kb.outbox import enqueue
from kb.paging import Page, checked_limit, cut, older_than
from kb.rights import require, require_placing, require_serving, require_sight
from kb.sight import visible
from kb.text import TEXT_LIMIT_CHARS, clean_products, clean_segments, clean_tags, clean_text
from kb.user import User
from kb.visibility import Caller, CallerKind, Visibility
from kb.vocabulary import Audience, JobName, Language, NoteState, OriginKind, Role, Scope


def capture_note(
    session: Session,
    *,
    caller: Caller,
    text: str,
    language: Language,
    audience: Audience = Audience.INTERNAL,
    tags: Sequence[str] = (),
    products: Sequence[str] = (),
    segments: Sequence[str] = (),
    author_id: str | None = None,
    text_limit: int = TEXT_LIMIT_CHARS,
) -> Note:
    """Keep what somebody told; it is found only once it is accepted.

    Args:
        author_id: who told it: the caller, where a person, unless given.
    Raises:
        NotSignedIn, Forbidden, AudienceTooNarrow.
        InvalidInput, EmptyText, TextTooLong: names the field.
    """
    require(caller, role=Role.AGENT, scope=Scope.WRITE)
    require_placing(caller, audience, segments=segments, products=products)
    if author_id is not None and session.get(User, author_id) is None:
        raise InvalidInput(field="author_id", reason="there is no such person")
    now = utc_now()
    note = Note(
        id=new_id(),
        text=clean_text("text", text, text_limit),
        language=language,
        audience=audience,
        state=NoteState.CAPTURED,
        tags=clean_tags(tags),
        products=clean_products(products),
        segments=clean_segments(segments),
        author_id=author_id or caller.person_id,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(note)
    session.flush()
    _record(session, caller, "capture_note", note)
    return note


def accept_note(
    session: Session, *, caller: Caller, note_id: str, expected_version: int | None = None
) -> Note:
    """Let searchers find a note.

    Raises:
        NotFound, NotSignedIn, Forbidden, AudienceTooNarrow, StaleEdit, ImpossibleMove.
    """
    note = _load_for_change(session, caller, note_id, expected_version)
    state = move_note(NoteVerb.ACCEPT, state=note.state, caller=caller)
    require_serving(caller, note.audience)
    note.state = state
    _touch(session, note)
    enqueue(session, name=JobName.INDEX_NOTE, subject_id=note_id)
    _record(session, caller, "accept_note", note)
    return note


def reject_note(
    session: Session, *, caller: Caller, note_id: str, expected_version: int | None = None
) -> Note:
    """Keep a note from searchers; one that they find already disappears at once.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, ImpossibleMove.
    """
    note = _load_for_change(session, caller, note_id, expected_version)
    note.state = move_note(NoteVerb.REJECT, state=note.state, caller=caller)
    _touch(session, note)
    retire_editions(session, origin_kind=OriginKind.NOTE, origin_id=note_id)
    _record(session, caller, "reject_note", note)
    return note


def get_note(session: Session, *, caller_visibility: Visibility, caller: Caller, note_id: str) -> Note:
    """One note. Visitors and keys without write see accepted ones only.

    Raises:
        NotFound: absent, or not visible to this caller.
    """
    note = session.get(Note, note_id)
    hidden = note is None or not caller_visibility.allows(note)
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
    if state is not None:
        statement = statement.where(Note.state == state)
    if author_id is not None:
        statement = statement.where(Note.author_id == author_id)
    if cursor is not None:
        statement = statement.where(older_than(cursor, Note.updated_at, Note.id))
    statement = statement.order_by(Note.updated_at.desc(), Note.id.desc()).limit(checked_limit(limit) + 1)
    return cut(session.scalars(statement).all(), limit, lambda note: (note.updated_at, note.id))


def _load_for_change(session: Session, caller: Caller, note_id: str, expected_version: int | None) -> Note:
    if caller.kind is CallerKind.ANONYMOUS:
        raise NotSignedIn
    note = session.scalar(
        select(Note).where(Note.id == note_id).with_for_update().execution_options(populate_existing=True)
    )
    if note is None:
        raise NotFound(what="note", id=note_id)
    require_sight(caller, note, what="note", id=note_id)
    if expected_version not in (None, note.version):
        raise StaleEdit(expected=str(expected_version), current=str(note.version))
    return note


def _touch(session: Session, note: Note) -> None:
    note.version += 1
    note.updated_at = utc_now()
    session.flush()


def _record(session: Session, caller: Caller, verb: str, note: Note) -> None:
    data = {"version": note.version, "state": note.state, "audience": note.audience}
    record_audit(session, caller=caller, verb=verb, object_kind="note", object_id=note.id, data=data)
