"""Notes: experience as employees tell it; drafts save themselves, accepted notes become searchable."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.conditional import IF_MATCH, etag, expected_version
from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Cursor, Id, Limit, PageOf
from api.interview import interview_of
from api.links import base_url, page_path
from api.once import Created, OnceOnly
from api.permissions import INSPECTING, READING, REVIEWING, WRITING, works_on_articles
from api.routes.note_schemas import (
    NewNote,
    NoteChange,
    NoteInFull,
    NoteShown,
    note_in_full,
    shown_note,
)
from api.service import Service
from kb.errors import InvalidInput
from kb.note import (
    Note,
    accept_note,
    capture_note,
    discard_note,
    edit_note,
    get_note,
    list_notes,
    note_answers,
    reject_note,
    tell_note,
)
from kb.visibility import Caller
from kb.vocabulary import NoteState, OriginKind
from search.personal import mask_personal

router = APIRouter(prefix="/v1/notes", tags=["notes"])
Lister = Annotated[Caller, Depends(Admitted(INSPECTING))]
Reader = Annotated[Caller, Depends(Admitted(READING))]
Writer = Annotated[Caller, Depends(Admitted(WRITING))]
Reviewer = Annotated[Caller, Depends(Admitted(REVIEWING))]


@router.post(
    "",
    status_code=201,
    operation_id="captureNote",
    response_model=NoteInFull,
    summary="Tell a note / ثبت تجربه",
)
def capture(new: NewNote, request: Request, caller: Writer, service: TheService, once: OnceOnly) -> Response:
    """Keep a note with personal data masked, and ask the one question whose answer it lacks.

    A note is searchable once somebody accepted it.
    """
    limit = service.settings.text_limit_chars

    def effect(session: Session) -> Created:
        told = dict(new) | {"text": mask_personal(new.text)}
        note = capture_note(session, caller=caller, text_limit=limit, **told)
        shown = in_full(session, note, request, caller, service)
        return Created(shown, headers={"Location": f"/v1/notes/{shown.id}", "ETag": etag(shown.version)})

    return once.answer(service, new.model_dump(mode="json"), effect)


@router.get("", operation_id="listNotes", summary="List notes / فهرست تجربه‌ها")
def list_(
    request: Request,
    caller: Lister,
    service: TheService,
    state: NoteState | None = None,
    author: Annotated[str | None, Query(max_length=64, description="An id, or `me`")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[NoteShown]:
    """Notes, newest first; drafts are their authors' alone."""
    with service.database.reading() as session:
        page = list_notes(
            session,
            caller_visibility=visibility_for(caller, service),
            caller=caller,
            state=state,
            author_id=_author_id(author, caller),
            cursor=cursor,
            limit=limit,
        )
    items = [shown_note(note, note_url(note, request, service)) for note in page.items]
    return PageOf[NoteShown](items=items, next_cursor=page.next_cursor)


@router.get(
    "/{note_id}", operation_id="readNote", response_model=NoteInFull, summary="Read a note / خواندن تجربه"
)
def read(note_id: Id, request: Request, caller: Reader, service: TheService) -> Response:
    """One note with its answers; for those who write also what it lacks, and what to ask."""
    with service.database.reading() as session:
        note = get_note(
            session, note_id=note_id, caller_visibility=visibility_for(caller, service), caller=caller
        )
        answers = note_answers(session, note_id=note_id)
    interview = None
    if works_on_articles(caller):
        interview = interview_of(note, answers, detector=service.detector, writer=service.probe_writer)
    return answer(note_in_full(note, answers, interview, note_url(note, request, service)))


@router.patch(
    "/{note_id}",
    operation_id="editNote",
    response_model=NoteInFull,
    summary="Write on / ادامهٔ نوشتن",
    openapi_extra=IF_MATCH,
)
def edit(note_id: Id, change: NoteChange, request: Request, caller: Writer, service: TheService) -> Response:
    """Save what was written since; the answer says what is still missing."""
    given = {name: value for name, value in dict(change).items() if name in change.model_fields_set}
    if given.get("text"):
        given["text"] = mask_personal(given["text"])
    limit = service.settings.text_limit_chars
    with service.database.transaction() as session:
        version = expected_version(request, caller)
        note = edit_note(
            session, caller=caller, note_id=note_id, expected_version=version, text_limit=limit, **given
        )
        shown = in_full(session, note, request, caller, service)
    return answer(shown)


@router.post(
    "/{note_id}/tell",
    operation_id="tellNote",
    response_model=NoteInFull,
    summary="Hand a draft over / تحویل تجربه",
    openapi_extra=IF_MATCH,
)
def tell(note_id: Id, request: Request, caller: Writer, service: TheService) -> Response:
    """Show a draft to colleagues, one of whom may accept it."""
    with service.database.transaction() as session:
        version = expected_version(request, caller)
        note = tell_note(session, caller=caller, note_id=note_id, expected_version=version)
        shown = in_full(session, note, request, caller, service)
    return answer(shown)


@router.delete(
    "/{note_id}",
    status_code=204,
    operation_id="discardNote",
    summary="Throw a draft away / دور انداختن پیش‌نویس",
    openapi_extra=IF_MATCH,
)
def discard(note_id: Id, request: Request, caller: Writer, service: TheService) -> Response:
    """Delete a draft of one's own, for good; what was told is rejected instead."""
    with service.database.transaction() as session:
        version = expected_version(request, caller)
        discard_note(session, caller=caller, note_id=note_id, expected_version=version)
    return Response(status_code=204)


@router.post("/{note_id}/accept", operation_id="acceptNote", summary="Accept a note / پذیرفتن تجربه")
def accept(note_id: Id, request: Request, caller: Reviewer, service: TheService) -> NoteShown:
    """Have the note indexed."""
    with service.database.transaction() as session:
        note = accept_note(session, caller=caller, note_id=note_id)
    return shown_note(note, note_url(note, request, service))


@router.post("/{note_id}/reject", operation_id="rejectNote", summary="Reject a note / رد کردن تجربه")
def reject(note_id: Id, request: Request, caller: Reviewer, service: TheService) -> NoteShown:
    """Keep the note out of search; it stays in the record."""
    with service.database.transaction() as session:
        note = reject_note(session, caller=caller, note_id=note_id)
    return shown_note(note, note_url(note, request, service))


def in_full(session: Session, note: Note, request: Request, caller: Caller, service: Service) -> NoteInFull:
    """The note with its answers; who writes is told what is missing."""
    answers = note_answers(session, note_id=note.id)
    interview = None
    if works_on_articles(caller):
        interview = interview_of(note, answers, detector=service.detector)
    return note_in_full(note, answers, interview, note_url(note, request, service))


def note_url(note: Note, request: Request, service: Service) -> str:
    return base_url(request, service) + page_path(OriginKind.NOTE, note.id)


def answer(shown: NoteInFull, *, status: int = 200) -> Response:
    """The note with its ETag."""
    return JSONResponse(
        shown.model_dump(mode="json"), status_code=status, headers={"ETag": etag(shown.version)}
    )


def _author_id(author: str | None, caller: Caller) -> str | None:
    if author != "me":
        return author
    if caller.person_id is None:
        raise InvalidInput(field="author", reason="`me` is for signed-in people")
    return caller.person_id
