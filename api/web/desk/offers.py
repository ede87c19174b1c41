"""What may be done with a thing: the moves that the record allows, asked of its own tables."""

from kb.errors import KbError
from kb.lifecycle import NoteVerb, move_note
from kb.note import Note
from kb.note.editing import is_authors
from kb.visibility import Caller


def note_offers(note: Note, caller: Caller) -> frozenset[str]:
    """The names of the verbs that `caller` may use on `note` as it is."""
    return frozenset(verb.value for verb in NoteVerb if _may(verb, note, caller))


def _may(verb: NoteVerb, note: Note, caller: Caller) -> bool:
    try:
        move_note(verb, state=note.state, caller=caller, owned=is_authors(note, caller))
    except KbError:
        return False
    return True
