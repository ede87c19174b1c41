"""The interview about a note, one question at a time, and what becomes of the note afterwards."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.error_responses import status_of
from api.fields import Id
from api.interview import Interview, interview_of
from api.permissions import AT_DESK
from api.service import Service
from api.web.desk.elements import elements_found, stretches
from api.web.desk.forms import Form, Typed, Version
from api.web.desk.layout import desk_page
from api.web.desk.offers import note_offers
from api.web.desk.problems import problem_words
from api.web.texts import translate
from kb.errors import AlreadyExists, KbError
from kb.note import (
    Note,
    NoteAnswer,
    accept_note,
    answer_probe,
    get_note,
    note_answers,
    reject_note,
    tell_note,
    withdraw_answer,
)
from kb.people import person_names
from kb.visibility import Caller
from kb.vocabulary import Element, NoteState
from search.personal import mask_personal

router = APIRouter(prefix="/desk/notes/{note_id}", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]


class AnswerForm(Form):
    """What the author says to the question as it was put; `then` is the button."""

    text: Typed = ""
    element: Element
    probe: Typed = ""
    version: Version = 0
    then: str = "answer"


class VersionForm(Form):
    version: Version = 0


@dataclass(frozen=True, slots=True)
class _Told:
    """A note with its answers and its interview."""

    note: Note
    answers: list[NoteAnswer]
    interview: Interview


@router.get("")
def note_page(note_id: Id, request: Request, caller: Person, service: TheService) -> Response:
    """A note as it was told, how complete it is, and what may be done with it."""
    told = _told(note_id, caller, service)
    with service.database.reading() as session:
        author = person_names(session, [told.note.author_id]).get(told.note.author_id or "")
    return desk_page(
        request,
        "desk/note.html",
        service=service,
        caller=caller,
        section="notes",
        author=author,
        offers=note_offers(told.note, caller),
        **_shown(told),
    )


@router.get("/interview")
def interview_page(note_id: Id, request: Request, caller: Person, service: TheService) -> Response:
    """The next question; where nothing was written yet, the sheet."""
    told = _told(note_id, caller, service)
    if not told.note.text.strip():
        return RedirectResponse(f"/desk/notes/{note_id}/write", status_code=303)
    return _interview(told, request, caller, service)


@router.post("/interview")
def answer(
    note_id: Id,
    form: Annotated[AnswerForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Keep the answer, or that it was skipped, and go on to the next question."""
    is_skipped = form.then == "skip"
    if not is_skipped and not form.text.strip():
        told = _told(note_id, caller, service)
        return _interview(
            told, request, caller, service, problem=translate("interview_empty", language), status=422
        )
    try:
        with service.database.transaction() as session:
            answer_probe(
                session,
                caller=caller,
                note_id=note_id,
                expected_version=form.version,
                element=form.element,
                probe=form.probe,
                text=None if is_skipped else mask_personal(form.text),
                text_limit=service.settings.text_limit_chars,
            )
    except KbError as error:
        asked_before = isinstance(error, AlreadyExists)
        return _interview(
            _told(note_id, caller, service),
            request,
            caller,
            service,
            typed=form.text,
            problem=translate("interview_asked_already", language)
            if asked_before
            else problem_words(error, language),
            status=status_of(error),
        )
    return RedirectResponse(f"/desk/notes/{note_id}/interview", status_code=303)


@router.post("/answers/{number}/withdraw")
def withdraw(
    note_id: Id, number: int, form: Annotated[VersionForm, Sent()], caller: Person, service: TheService
) -> Response:
    """Take the last answer back; its question is asked again."""
    with service.database.transaction() as session:
        withdraw_answer(session, caller=caller, note_id=note_id, expected_version=form.version, number=number)
    return RedirectResponse(f"/desk/notes/{note_id}/interview?done=withdrawn", status_code=303)


@router.post("/tell")
def tell(note_id: Id, form: Annotated[VersionForm, Sent()], caller: Person, service: TheService) -> Response:
    """Hand a draft over."""
    with service.database.transaction() as session:
        tell_note(session, caller=caller, note_id=note_id, expected_version=form.version)
    return RedirectResponse(f"/desk/notes/{note_id}?done=told", status_code=303)


@router.post("/accept")
def accept(
    note_id: Id, form: Annotated[VersionForm, Sent()], caller: Person, service: TheService
) -> Response:
    """Let searches find the note."""
    with service.database.transaction() as session:
        accept_note(session, caller=caller, note_id=note_id, expected_version=form.version)
    return RedirectResponse(f"/desk/notes/{note_id}?done=note_accepted", status_code=303)


@router.post("/reject")
def reject(
    note_id: Id, form: Annotated[VersionForm, Sent()], caller: Person, service: TheService
) -> Response:
    """Keep the note out of searches."""
    with service.database.transaction() as session:
        reject_note(session, caller=caller, note_id=note_id, expected_version=form.version)
    return RedirectResponse(f"/desk/notes/{note_id}?done=note_rejected", status_code=303)


def _interview(
    told: _Told,
    request: Request,
    caller: Caller,
    service: Service,
    *,
    typed: str = "",
    problem: str | None = None,
    status: int = 200,
) -> Response:
    return desk_page(
        request,
        "desk/interview.html",
        service=service,
        caller=caller,
        section="notes",
        status=status,
        probe=told.interview.next_probe,
        typed=typed,
        problem=problem,
        is_draft=told.note.state is NoteState.DRAFT,
        **_shown(told),
    )


def _told(note_id: str, caller: Caller, service: Service) -> _Told:
    with service.database.reading() as session:
        note = get_note(
            session, note_id=note_id, caller_visibility=visibility_for(caller, service), caller=caller
        )
        answers = note_answers(session, note_id=note_id)
    # Not while the record is being read: a language model that words the question may take its time.
    interview = interview_of(note, answers, detector=service.detector, writer=service.probe_writer)
    return _Told(note, answers, interview)


def _shown(told: _Told) -> dict[str, Any]:
    return {
        "note": told.note,
        "answers": told.answers,
        "completeness": told.interview.telling.completeness,
        "elements": elements_found(told.note, told.answers, told.interview),
        "stretches": stretches(told.note.text, told.interview),
    }
