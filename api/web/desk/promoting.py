"""From notes, conversations and unanswered questions to article drafts."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.error_responses import status_of
from api.fields import Id, IdValue
from api.permissions import AT_DESK
from api.promotion import (
    draft_of_conversation,
    draft_of_notes,
    frame_article,
    promote_conversation,
    promote_notes,
)
from api.service import Service
from api.web.desk.forms import Form, Typed
from api.web.desk.layout import desk_page
from api.web.desk.offers import note_offers
from api.web.desk.problems import problem_words
from api.web.desk.telling import excerpt_of
from codify.drafts import ArticleDraft
from codify.elicitation.probe import language_of as language_of_text
from kb.errors import KbError
from kb.lifecycle import NoteVerb, move_note
from kb.note import Note, get_note, list_notes
from kb.note.editing import is_authors
from kb.visibility import Caller
from kb.vocabulary import Audience, Language, NoteState

router = APIRouter(prefix="/desk", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]
_MOST_OFFERED = 30


class PromotionForm(Form):
    title: Typed = ""
    audience: Audience = Audience.INTERNAL
    with_notes: list[IdValue] = Field(default=[], max_length=20)
    #: the button: make the draft, or see what it would say with these notes
    then: str = "make"


class FramingForm(Form):
    query: Typed = ""


@router.get("/notes/{note_id}/promote")
def note_promotion_page(
    note_id: Id,
    request: Request,
    caller: Person,
    service: TheService,
) -> Response:
    """What an article from this note, and from others, would say."""
    return _note_promotion(note_id, PromotionForm(), request, caller, service)


@router.post("/notes/{note_id}/promote")
def promote_note_page(
    note_id: Id,
    form: Annotated[PromotionForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Make the draft and go on to it."""
    if form.then == "preview":
        return _note_promotion(note_id, form, request, caller, service)
    try:
        with service.database.transaction() as session:
            article = promote_notes(
                session,
                caller=caller,
                caller_visibility=visibility_for(caller, service),
                note_ids=[note_id, *form.with_notes],
                detector=service.detector,
                title=form.title.strip() or None,
                audience=form.audience,
            )
    except KbError as error:
        problem = problem_words(error, language)
        return _note_promotion(
            note_id, form, request, caller, service, problem=problem, status=status_of(error)
        )
    return _to_article(article.id)


@router.get("/conversations/{conversation_id}/promote")
def conversation_promotion_page(
    conversation_id: Id, request: Request, caller: Person, service: TheService
) -> Response:
    """What an article from this transcript would say."""
    return _conversation_promotion(conversation_id, PromotionForm(), request, caller, service)


@router.post("/conversations/{conversation_id}/promote")
def promote_conversation_page(
    conversation_id: Id,
    form: Annotated[PromotionForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Make the draft and go on to it."""
    try:
        with service.database.transaction() as session:
            article = promote_conversation(
                session,
                caller=caller,
                caller_visibility=visibility_for(caller, service),
                conversation_id=conversation_id,
                title=form.title.strip() or None,
                audience=form.audience,
            )
    except KbError as error:
        problem = problem_words(error, language)
        return _conversation_promotion(
            conversation_id, form, request, caller, service, problem=problem, status=status_of(error)
        )
    return _to_article(article.id)


@router.post("/frame")
def frame(
    form: Annotated[FramingForm, Sent()], caller: Person, service: TheService, language: ReaderLanguage
) -> Response:
    """A question that found no answer becomes an article draft with its words as the issue."""
    with service.database.transaction() as session:
        article = frame_article(
            session,
            caller=caller,
            query=form.query,
            language=language_of_text(form.query, Language(language)),
            audience=Audience.INTERNAL,
        )
    return _to_article(article.id, done="framed")


def _to_article(article_id: str, *, done: str = "promoted") -> Response:
    return RedirectResponse(f"/desk/articles/{article_id}?done={done}", status_code=303)


def _note_promotion(
    note_id: str,
    form: PromotionForm,
    request: Request,
    caller: Caller,
    service: Service,
    **more: Any,
) -> Response:
    sight = visibility_for(caller, service)
    with service.database.reading() as session:
        note = get_note(session, note_id=note_id, caller_visibility=sight, caller=caller)
        move_note(NoteVerb.PROMOTE, state=note.state, caller=caller, owned=is_authors(note, caller))
        others = [
            other
            for state in (NoteState.CAPTURED, NoteState.ACCEPTED)
            for other in list_notes(
                session, caller_visibility=sight, caller=caller, state=state, limit=_MOST_OFFERED
            ).items
            if other.id != note_id and "promote" in note_offers(other, caller)
        ]
        draft = draft_of_notes(
            session,
            caller=caller,
            caller_visibility=sight,
            note_ids=[note_id, *form.with_notes],
            detector=service.detector,
        )
    return _page(
        request,
        caller,
        service,
        draft,
        form,
        action=f"/desk/notes/{note_id}/promote",
        others=_offered(note, others, form),
        is_conversation=False,
        **more,
    )


def _offered(note: Note, others: list[Note], form: PromotionForm) -> list[tuple[str, str, bool]]:
    """(id, first words, chosen) of notes in the same language, those chosen first."""
    same = [other for other in others if other.language is note.language]
    same.sort(key=lambda other: other.id not in form.with_notes)
    return [(one.id, excerpt_of(one.text, 110), one.id in form.with_notes) for one in same[:_MOST_OFFERED]]


def _conversation_promotion(
    conversation_id: str,
    form: PromotionForm,
    request: Request,
    caller: Caller,
    service: Service,
    **more: Any,
) -> Response:
    with service.database.reading() as session:
        draft = draft_of_conversation(
            session, caller_visibility=visibility_for(caller, service), conversation_id=conversation_id
        )
    return _page(
        request,
        caller,
        service,
        draft,
        form,
        action=f"/desk/conversations/{conversation_id}/promote",
        others=[],
        is_conversation=True,
        **more,
    )


def _page(
    request: Request,
    caller: Caller,
    service: Service,
    draft: ArticleDraft,
    form: PromotionForm,
    *,
    problem: str | None = None,
    status: int = 200,
    **values: Any,
) -> Response:
    return desk_page(
        request,
        "desk/promote.html",
        service=service,
        caller=caller,
        section="notes",
        status=status,
        draft=draft,
        title=form.title or draft.title.text,
        audience=form.audience.value,
        audiences=[one.value for one in Audience],
        problem=problem,
        **values,
    )
