"""Credit: whose experience an article holds."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.article import ArticleRevision
from kb.note import Note
from kb.note.editing import is_anothers_draft
from kb.user import User
from kb.visibility import Caller, Visibility
from kb.vocabulary import OriginKind


@dataclass(frozen=True, slots=True)
class Credited:
    """Somebody, and the notes of theirs that were used."""

    person_id: str
    name: str
    note_ids: tuple[str, ...]


def article_credits(
    session: Session, revision: ArticleRevision, *, caller_visibility: Visibility, caller: Caller
) -> list[Credited]:
    """The authors of the notes that a revision cites, of those the caller may see; most notes first."""
    ids = [cite["id"] for cite in revision.cites if cite["kind"] == OriginKind.NOTE]
    rows = session.execute(
        select(Note, User.name).join(User, User.id == Note.author_id).where(Note.id.in_(ids))
    )
    notes_of: dict[tuple[str, str], list[str]] = {}
    for note, name in rows:
        assert note.author_id is not None
        if caller_visibility.allows(note) and not is_anothers_draft(note, caller):
            notes_of.setdefault((note.author_id, name), []).append(note.id)
    credited = [Credited(person_id, name, tuple(sorted(own))) for (person_id, name), own in notes_of.items()]
    return sorted(credited, key=lambda one: (-len(one.note_ids), one.name))


def count_promoted_notes(session: Session, *, author_id: str) -> int:
    """How many of somebody's notes became articles."""
    theirs = (Note.author_id == author_id, Note.article_id.is_not(None))
    return session.scalar(select(func.count()).select_from(Note).where(*theirs)) or 0
