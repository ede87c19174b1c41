"""Notes, transcripts and documents, in every state they can have."""

from sqlalchemy.orm import Session

from cli.proving.planted import Reach
from cli.proving.sowing import Garden, Place, thing
from kb.conversation import TurnDraft, import_conversation
from kb.note import accept_note, answer_probe, capture_note, reject_note
from kb.outbox import list_jobs
from kb.source import store_source
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, Channel, Element, Language, NoteState, Speaker

#: who may see a note in each state, besides its audience
_NOTES = {
    NoteState.DRAFT: Reach.OWNER,
    NoteState.CAPTURED: Reach.DESK,
    NoteState.ACCEPTED: Reach.SERVED,
    NoteState.REJECTED: Reach.DESK,
}


def plant_origins(garden: Garden) -> None:
    """Whatever else is found, or waits to be."""
    with garden.database.transaction() as session:
        for state in NoteState:
            for place in garden.places(common=state is NoteState.ACCEPTED):
                _note(session, garden, state, place)
        for audience in Audience:
            _conversation(session, garden, Place(audience))
        for place in garden.places(common=True):
            _source(session, garden, place)
        for audience in Audience:
            _failing_source(session, garden, Place(audience))
    garden.work()


def _note(session: Session, garden: Garden, state: NoteState, place: Place) -> None:
    bed, reach = garden.bed(), _NOTES[state]
    note = capture_note(
        session,
        caller=garden.author,
        text=f"مشتری گفت {bed.sow('the text', reach)} خراب شده و من آن را عوض کردم.",
        language=Language.PERSIAN,
        audience=place.audience,
        tags=[bed.sow("a tag", reach)],
        draft=state is NoteState.DRAFT,
        **place.facets(bed, reach),
    )
    answer_probe(
        session,
        caller=garden.author,
        note_id=note.id,
        expected_version=1,
        element=Element.REASON,
        probe=f"چرا {bed.sow('a probe', reach)} را عوض کردید؟",
        text=f"چون {bed.sow('an answer to a probe', reach)} داغ شده بود.",
    )
    if state is NoteState.ACCEPTED:
        accept_note(session, caller=OPERATOR, note_id=note.id)
    elif state is NoteState.REJECTED:
        reject_note(session, caller=OPERATOR, note_id=note.id)
    label = f"{state.value} note"
    planted = bed.claim(thing("note", note.id, label, place, reach, owner=garden.author.id))
    garden.world.extra[planted.id, "number"] = "1"


def _conversation(session: Session, garden: Garden, place: Place) -> None:
    bed = garden.bed()
    conversation, _ = import_conversation(
        session,
        caller=OPERATOR,
        external_id=bed.sow("the number", Reach.SERVED, latin_only=True),
        channel=Channel.CHAT,
        language=Language.PERSIAN,
        audience=place.audience,
        turns=[
            TurnDraft(Speaker.CUSTOMER, f"سلام، {bed.sow('a turn', Reach.SERVED)} کار نمی‌کند."),
            TurnDraft(Speaker.AGENT, f"لطفاً {bed.sow('a turn', Reach.SERVED)} را خاموش و روشن کنید."),
        ],
        outcome=bed.sow("the outcome", Reach.SERVED),
        tags=[bed.sow("a tag", Reach.SERVED)],
    )
    bed.claim(thing("conversation", conversation.id, "conversation", place, Reach.SERVED))


def _source(session: Session, garden: Garden, place: Place) -> None:
    bed = garden.bed()
    text = (
        f"# {bed.sow('a heading', Reach.SERVED)}\n\n"
        f"هزینهٔ {bed.sow('the text', Reach.SERVED)} ده هزار تومان است.\n"
    )
    source = store_source(
        session,
        caller=OPERATOR,
        locator=f"upload:{bed.sow('the locator', Reach.INSPECTED)}",
        filename=f"{bed.sow('the file name', Reach.INSPECTED, latin_only=True)}.md",
        data=text.encode(),
        media_type="text/markdown",
        audience=place.audience,
        tags=[bed.sow("a tag", Reach.SERVED)],
        title=f"سند {bed.sow('the title', Reach.SERVED)}",
        **place.facets(bed, Reach.SERVED),
    ).source
    bed.claim(thing("source", source.id, "document", place, Reach.SERVED))


def _failing_source(session: Session, garden: Garden, place: Place) -> None:
    """Its job says what could not be read, and names the file."""
    bed = garden.bed()
    source = store_source(
        session,
        caller=OPERATOR,
        locator=f"upload:{bed.sow('the locator', Reach.INSPECTED)}",
        filename=f"{bed.sow('the file name', Reach.INSPECTED)}.txt",
        data=f" \n{' ' * len(place.audience)}".encode(),
        audience=place.audience,
        title=f"سند {bed.sow('the title', Reach.SERVED)}",
        **place.facets(bed, Reach.SERVED),
    ).source
    planted = bed.claim(thing("source", source.id, "unreadable document", place, Reach.SERVED))
    job = list_jobs(session, subject_id=source.id, limit=1).items[0]
    # Its id is known to whoever caused it, and says nothing by itself.
    garden.bed().claim(thing("job", job.id, f"job of the {planted.label}", None, Reach.INSPECTED))
    garden.world.extra[job.id, "source_id"] = source.id
