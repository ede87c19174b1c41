"""Telling notes: drafts that save themselves, then the note as told; accepting and rejecting it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from kb.clock import new_id, utc_now
from kb.edition import retire_editions
from kb.errors import Forbidden, InvalidInput
from kb.lifecycle import NoteVerb
from kb.note.editing import load_for_change, move, record, touch
from kb.note.model import Note
from kb.outbox import enqueue
from kb.rights import require, require_placing, require_serving
from kb.text import TEXT_LIMIT_CHARS, clean_products, clean_segments, clean_tags, clean_text
from kb.user import checked_person
from kb.visibility import Caller, CallerKind
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
    draft: bool = False,
    text_limit: int = TEXT_LIMIT_CHARS,
) -> Note:
    """Keep what somebody told; it is found only once it is accepted.

    Args:
        author_id: who told it: the caller, where a person, unless given.
        draft: whether its author still writes: nobody else sees it then, and it may be empty.
    Raises:
        NotSignedIn, AudienceTooNarrow.
        Forbidden: also a draft that nobody could go on writing.
        InvalidInput, EmptyText, TextTooLong: names the field.
    """
    require(caller, role=Role.AGENT, scope=Scope.WRITE)
    require_placing(caller, audience, segments=segments, products=products)
    if draft and caller.kind is not CallerKind.PERSON:
        raise Forbidden(needs="a signed-in person")
    now = utc_now()
    note = Note(
        id=new_id(),
        text=clean_text("text", text, text_limit, required=not draft),
        language=language,
        audience=audience,
        state=NoteState.DRAFT if draft else NoteState.CAPTURED,
        tags=clean_tags(tags),
        products=clean_products(products),
        segments=clean_segments(segments),
        author_id=checked_person(session, author_id, field="author_id", active=False) or caller.person_id,
        article_id=None,
        version=1,
        created_at=now,
        updated_at=now,
    )
    if draft and note.author_id != caller.person_id:
        raise InvalidInput(field="author_id", reason="a draft is its author's")
    session.add(note)
    session.flush()
    record(session, caller, "capture_note", note)
    return note


def edit_note(
    session: Session,
    *,
    caller: Caller,
    note_id: str,
    expected_version: int | None,
    text: str | None = None,
    language: Language | None = None,
    audience: Audience | None = None,
    tags: Sequence[str] | None = None,
    products: Sequence[str] | None = None,
    segments: Sequence[str] | None = None,
    text_limit: int = TEXT_LIMIT_CHARS,
) -> Note:
    """Write on; what is not given stays. A rejected note waits for acceptance again.

    Raises:
        NotFound, NotSignedIn, Forbidden, AudienceTooNarrow, StaleEdit, VersionMissing.
        ImpossibleMove: it was accepted; what is served is changed by promoting it.
        InvalidInput, EmptyText, TextTooLong: names the field.
    """
    note = load_for_change(session, caller, note_id, expected_version)
    state = move(NoteVerb.EDIT, note, caller)
    require_placing(caller, audience or note.audience, segments=segments or (), products=products or ())
    required = note.state is not NoteState.DRAFT
    given = {
        "text": None if text is None else clean_text("text", text, text_limit, required=required),
        "language": language,
        "audience": audience,
        "tags": None if tags is None else clean_tags(tags),
        "products": None if products is None else clean_products(products),
        "segments": None if segments is None else clean_segments(segments),
    }
    changed = {
        name: value for name, value in given.items() if value is not None and getattr(note, name) != value
    }
    if not changed:
        return note
    for name, value in changed.items():
        setattr(note, name, value)
    note.state = state
    touch(session, note)
    record(session, caller, "edit_note", note, {"changed": sorted(changed)})
    return note


def tell_note(session: Session, *, caller: Caller, note_id: str, expected_version: int | None) -> Note:
    """Hand a draft over: from now on colleagues see it, and somebody may accept it.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing, ImpossibleMove.
        EmptyText: nothing was written yet.
    """
    note = load_for_change(session, caller, note_id, expected_version)
    state = move(NoteVerb.TELL, note, caller)
    clean_text("text", note.text)
    note.state = state
    touch(session, note)
    record(session, caller, "tell_note", note)
    return note


def discard_note(session: Session, *, caller: Caller, note_id: str, expected_version: int | None) -> None:
    """Throw a draft of one's own away, for good.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing.
        ImpossibleMove: it was told already.
    """
    note = load_for_change(session, caller, note_id, expected_version)
    move(NoteVerb.DISCARD, note, caller)
    record(session, caller, "discard_note", note)
    session.delete(note)
    session.flush()


def accept_note(
    session: Session, *, caller: Caller, note_id: str, expected_version: int | None = None
) -> Note:
    """Let searchers find a note.

    Raises:
        NotFound, NotSignedIn, Forbidden, AudienceTooNarrow, StaleEdit, ImpossibleMove.
    """
    note = load_for_change(session, caller, note_id, expected_version, blindly=True)
    state = move(NoteVerb.ACCEPT, note, caller)
    require_serving(caller, note.audience)
    note.state = state
    touch(session, note)
    enqueue(session, name=JobName.INDEX_NOTE, subject_id=note_id)
    record(session, caller, "accept_note", note)
    return note


def reject_note(
    session: Session, *, caller: Caller, note_id: str, expected_version: int | None = None
) -> Note:
    """Keep a note from searchers; one that they find already disappears at once.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, ImpossibleMove.
    """
    note = load_for_change(session, caller, note_id, expected_version, blindly=True)
    note.state = move(NoteVerb.REJECT, note, caller)
    touch(session, note)
    retire_editions(session, origin_kind=OriginKind.NOTE, origin_id=note_id)
    record(session, caller, "reject_note", note)
    return note


def promote_note(session: Session, *, caller: Caller, note_id: str, article_id: str) -> Note:
    """Keep which article a note was promoted to, the newest of several; it stays what it is.

    Raises:
        NotFound, NotSignedIn, Forbidden.
        ImpossibleMove: a draft, or rejected.
    """
    note = load_for_change(session, caller, note_id, None, blindly=True)
    note.state = move(NoteVerb.PROMOTE, note, caller)
    note.article_id = article_id
    touch(session, note)
    record(session, caller, "promote_note", note, {"article_id": article_id})
    return note
