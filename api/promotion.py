"""From notes or a conversation to an article draft that cites them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from api.interview import past_probes
from codify.drafts import ArticleDraft, ToldNote, draft_from_conversation, draft_from_notes
from codify.elicitation.detect import Detector
from kb.article import Article, create_article
from kb.conversation import TurnDraft, conversation_turns, get_conversation
from kb.note import get_note, note_answers, promote_note
from kb.text import TITLE_LIMIT_CHARS
from kb.visibility import Caller, Visibility
from kb.vocabulary import Audience, Language
from search.personal import mask_personal


def draft_of_notes(
    session: Session,
    *,
    caller: Caller,
    caller_visibility: Visibility,
    note_ids: Sequence[str],
    detector: Detector,
) -> ArticleDraft:
    """What an article from these notes and their answers would say; in the language of the first.

    Raises:
        NotFound: one is absent, or not visible.
    """
    notes = [
        get_note(session, caller_visibility=caller_visibility, caller=caller, note_id=id) for id in note_ids
    ]
    told = [
        ToldNote(note.id, note.text, tuple(past_probes(note_answers(session, note_id=note.id))))
        for note in notes
    ]
    return draft_from_notes(told, language=notes[0].language, detector=detector)


def promote_notes(
    session: Session,
    *,
    caller: Caller,
    caller_visibility: Visibility,
    note_ids: Sequence[str],
    detector: Detector,
    title: str | None,
    audience: Audience,
) -> Article:
    """Begin an article from notes, its fields filled from what they say; each keeps which one it was.

    Args:
        note_ids: at least one; twice the same is once.
        title: found in the notes unless given.
    Raises:
        NotFound, NotSignedIn, Forbidden, ImpossibleMove: of each note, and as `create_article`.
    """
    ids = list(dict.fromkeys(note_ids))
    draft = draft_of_notes(
        session, caller=caller, caller_visibility=caller_visibility, note_ids=ids, detector=detector
    )
    article = _begin(session, caller, draft, title=title, audience=audience)
    for id in ids:
        promote_note(session, caller=caller, note_id=id, article_id=article.id)
    return article


def draft_of_conversation(
    session: Session, *, caller_visibility: Visibility, conversation_id: str
) -> ArticleDraft:
    """What an article from a transcript would say: the customer's words are its issue, the agent's the rest.

    Raises:
        NotFound.
    """
    conversation = get_conversation(
        session, conversation_id=conversation_id, caller_visibility=caller_visibility
    )
    turns = [
        TurnDraft(turn.speaker, turn.text, turn.at_seconds)
        for turn in conversation_turns(session, conversation_id=conversation_id)
    ]
    return draft_from_conversation(conversation_id, turns, language=conversation.language)


def promote_conversation(
    session: Session,
    *,
    caller: Caller,
    caller_visibility: Visibility,
    conversation_id: str,
    title: str | None,
    audience: Audience,
) -> Article:
    """Begin an article from a transcript.

    Raises:
        NotFound, and as `create_article`.
    """
    draft = draft_of_conversation(
        session, caller_visibility=caller_visibility, conversation_id=conversation_id
    )
    return _begin(session, caller, draft, title=title, audience=audience)


def frame_article(
    session: Session, *, caller: Caller, query: str, language: Language, audience: Audience
) -> Article:
    """Begin an article with nothing but the requester's words, masked: somebody writes the rest.

    Raises:
        As `create_article`.
    """
    words = mask_personal(" ".join(query.split()))
    return create_article(
        session,
        caller=caller,
        language=language,
        title=words[:TITLE_LIMIT_CHARS],
        audience=audience,
        issue=[words],
    )


def _begin(
    session: Session, caller: Caller, draft: ArticleDraft, *, title: str | None, audience: Audience
) -> Article:
    return create_article(
        session,
        caller=caller,
        language=draft.language,
        title=(title or draft.title.text)[:TITLE_LIMIT_CHARS],
        audience=audience,
        issue=[line.text for line in draft.issue],
        environment=draft.environment.text,
        resolution=draft.resolution.text,
        cause=draft.cause.text,
        cites=[{"kind": kind.value, "id": origin_id} for kind, origin_id in draft.origins],
    )
