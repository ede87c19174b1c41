"""What the pages about notes do with the record: the same verbs as the API's."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from api.service import Service
from codify.elicitation.probe import language_of as language_of_text
from kb.errors import EmptyText, MessageLanguage
from kb.note import Note, answer_probe, capture_note, edit_note, list_notes
from kb.paging import Page
from kb.people import person_names
from kb.visibility import Caller, Visibility
from kb.vocabulary import Element, Language, NoteState
from search.personal import mask_personal

_EXCERPT_CHARS = 160


class TellTab(StrEnum):
    """Which notes the list shows."""

    MINE = "mine"
    TOLD = "told"
    ACCEPTED = "accepted"


_STATE_OF = {TellTab.MINE: None, TellTab.TOLD: NoteState.CAPTURED, TellTab.ACCEPTED: NoteState.ACCEPTED}


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note in the list."""

    note: Note
    #: its first words, on one line
    excerpt: str
    #: None: nobody in particular told it
    author: str | None


def note_rows(
    session: Session, *, caller: Caller, caller_visibility: Visibility, tab: TellTab, cursor: str | None
) -> Page[NoteRow]:
    """A page of the list, changed last first."""
    found = list_notes(
        session,
        caller_visibility=caller_visibility,
        caller=caller,
        state=_STATE_OF[tab],
        author_id=caller.id if tab is TellTab.MINE else None,
        cursor=cursor,
        limit=30,
    )
    names = person_names(session, [note.author_id for note in found.items])
    return found.map(lambda note: NoteRow(note, excerpt_of(note.text), names.get(note.author_id or "")))


def excerpt_of(text: str, chars: int = _EXCERPT_CHARS) -> str:
    """The first words of `text` on one line."""
    line = " ".join(text[: chars * 4].split())
    if len(line) <= chars:
        return line
    return line[:chars].rsplit(" ", 1)[0] + "…"


def begin_draft(
    session: Session, *, caller: Caller, text: str, service: Service, language: MessageLanguage
) -> Note:
    """A new draft, in the language of its letters.

    Raises:
        As `capture_note`; EmptyText, as an empty draft would only be in the way.
    """
    if not text.strip():
        raise EmptyText(field="text")
    return capture_note(
        session,
        caller=caller,
        text=mask_personal(text),
        language=language_of_text(text, Language(language)),
        draft=True,
        text_limit=service.settings.text_limit_chars,
    )


def save_text(
    session: Session, *, caller: Caller, note_id: str, version: int, text: str, service: Service
) -> Note:
    """Keep the text of a note as it is now.

    Raises:
        As `edit_note`.
    """
    note = edit_note(
        session,
        caller=caller,
        note_id=note_id,
        expected_version=version,
        text=mask_personal(text),
        text_limit=service.settings.text_limit_chars,
    )
    language = language_of_text(note.text, note.language)
    if language is note.language:
        return note
    return edit_note(
        session, caller=caller, note_id=note_id, expected_version=note.version, language=language
    )


def restore_draft(
    session: Session,
    *,
    caller: Caller,
    text: str,
    answers: Sequence[tuple[Element, str, str]],
    service: Service,
    language: MessageLanguage,
) -> Note:
    """A draft that was thrown away, told anew with its answers: (element, probe, text or "" for skipped).

    Raises:
        As `capture_note` and `answer_probe`.
    """
    note = capture_note(
        session,
        caller=caller,
        text=mask_personal(text),
        language=language_of_text(text, Language(language)),
        draft=True,
        text_limit=service.settings.text_limit_chars,
    )
    for element, probe, answer in answers:
        answer_probe(
            session,
            caller=caller,
            note_id=note.id,
            expected_version=note.version,
            element=element,
            probe=probe,
            text=mask_personal(answer) if answer.strip() else None,
            text_limit=service.settings.text_limit_chars,
        )
    return note
