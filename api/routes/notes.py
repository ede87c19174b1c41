"""Notes: experience as employees tell it; accepted ones become searchable."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.conditional import etag
from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Body, Cursor, Id, Limit, PageOf, Products, Shown, Tags, WrittenText
from api.links import base_url, page_path
from api.once import Created, OnceOnly
from api.permissions import INSPECTING, READING, REVIEWING, WRITING
from kb.note import Note, accept_note, capture_note, get_note, list_notes, reject_note
from kb.visibility import Caller
from kb.vocabulary import Audience, Language, NoteState, OriginKind
from search.personal import mask_personal

router = APIRouter(prefix="/v1/notes", tags=["notes"])
Lister = Annotated[Caller, Depends(Admitted(INSPECTING))]
Reader = Annotated[Caller, Depends(Admitted(READING))]
Writer = Annotated[Caller, Depends(Admitted(WRITING))]
Reviewer = Annotated[Caller, Depends(Admitted(REVIEWING))]


class NewNote(Body):
    """What somebody knows, in their own words."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "language": "fa",
                    "text": "مشتری می‌گفت کد تخفیف کار نمی‌کند؛ فهمیدم کد را با فاصله کپی کرده بود.",
                    "tags": ["کد تخفیف"],
                },
                {"language": "en", "text": "If the courier cannot find the address, ask for the plus code."},
            ]
        }
    )

    text: WrittenText
    language: Language
    audience: Audience = Audience.INTERNAL
    tags: Tags = Field(default=[])
    products: Products = Field(default=[])


class NoteShown(Shown):
    """A note and where it stands."""

    id: str
    version: int
    url: str
    text: str
    language: Language
    audience: Audience
    state: NoteState
    tags: list[str]
    products: list[str]
    author_id: str | None
    created_at: datetime
    updated_at: datetime


@router.post(
    "",
    status_code=201,
    operation_id="captureNote",
    response_model=NoteShown,
    summary="Tell a note / ثبت تجربه",
)
def capture(new: NewNote, request: Request, caller: Writer, service: TheService, once: OnceOnly) -> Response:
    """Keep a note with personal data masked; it is searchable once somebody accepted it."""
    base, limit = base_url(request, service), service.settings.text_limit_chars

    def effect(session: Session) -> Created:
        told = dict(new) | {"text": mask_personal(new.text)}
        shown = _shown(capture_note(session, caller=caller, text_limit=limit, **told), base)
        return Created(shown, headers={"Location": f"/v1/notes/{shown.id}", "ETag": etag(shown.version)})

    return once.answer(service, new.model_dump(mode="json"), effect)


@router.get("", operation_id="listNotes", summary="List notes / فهرست تجربه‌ها")
def list_(
    request: Request,
    caller: Lister,
    service: TheService,
    state: NoteState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[NoteShown]:
    """Notes, newest first."""
    with service.database.reading() as session:
        page = list_notes(
            session,
            caller_visibility=visibility_for(caller, service),
            caller=caller,
            state=state,
            cursor=cursor,
            limit=limit,
        )
    base = base_url(request, service)
    return PageOf[NoteShown](items=[_shown(note, base) for note in page.items], next_cursor=page.next_cursor)


@router.get("/{note_id}", operation_id="readNote", summary="Read a note / خواندن تجربه")
def read(note_id: Id, request: Request, caller: Reader, service: TheService) -> NoteShown:
    """One note."""
    with service.database.reading() as session:
        note = get_note(
            session, note_id=note_id, caller_visibility=visibility_for(caller, service), caller=caller
        )
    return _shown(note, base_url(request, service))


@router.post("/{note_id}/accept", operation_id="acceptNote", summary="Accept a note / پذیرفتن تجربه")
def accept(note_id: Id, request: Request, caller: Reviewer, service: TheService) -> NoteShown:
    """Have the note indexed."""
    with service.database.transaction() as session:
        note = accept_note(session, caller=caller, note_id=note_id)
    return _shown(note, base_url(request, service))


@router.post("/{note_id}/reject", operation_id="rejectNote", summary="Reject a note / رد کردن تجربه")
def reject(note_id: Id, request: Request, caller: Reviewer, service: TheService) -> NoteShown:
    """Keep the note out of search; it stays in the record."""
    with service.database.transaction() as session:
        note = reject_note(session, caller=caller, note_id=note_id)
    return _shown(note, base_url(request, service))


def _shown(note: Note, base: str) -> NoteShown:
    return NoteShown(
        id=note.id,
        version=note.version,
        url=base + page_path(OriginKind.NOTE, note.id),
        text=note.text,
        language=note.language,
        audience=note.audience,
        state=note.state,
        tags=note.tags,
        products=note.products,
        author_id=note.author_id,
        created_at=note.created_at,
        updated_at=note.updated_at,
    )
