"""Notes on the desk: the list, writing one, throwing a draft away and bringing it back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.error_responses import status_of
from api.fields import Cursor, Id, Question
from api.language import language_of
from api.permissions import AT_DESK
from api.service import Service
from api.web.desk.alike import alike_of
from api.web.desk.forms import Form, Typed, Version
from api.web.desk.layout import desk_page
from api.web.desk.problems import problem_words
from api.web.desk.telling import TellTab, begin_draft, note_rows, restore_draft, save_text
from api.web.rendering import page
from kb.errors import KbError, NotFound, StaleEdit
from kb.note import discard_note, get_note, note_answers
from kb.visibility import Caller
from kb.vocabulary import Element

router = APIRouter(prefix="/desk/notes", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]


class NoteForm(Form):
    """The text as far as it is written; `then` is the button: stay here, or go on with the interview."""

    text: Typed = ""
    version: Version = 0
    then: str = "stay"


class KeptDraft(Form):
    """A draft that was thrown away, as its page kept it."""

    text: Typed = ""
    element: list[Element] = Field(default=[])
    probe: list[Typed] = Field(default=[])
    answer: list[Typed] = Field(default=[])


class VersionForm(Form):
    version: Version = 0


@router.get("")
def notes_page(
    request: Request,
    caller: Person,
    service: TheService,
    show: TellTab = TellTab.MINE,
    cursor: Cursor = None,
) -> Response:
    """One's own notes, or those of all that wait for acceptance or were accepted."""
    with service.database.reading() as session:
        found = note_rows(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            tab=show,
            cursor=cursor,
        )
    return desk_page(
        request,
        "desk/notes.html",
        service=service,
        caller=caller,
        section="notes",
        rows=found.items,
        next_address=f"?show={show}&cursor={found.next_cursor}" if found.next_cursor else None,
        is_first=cursor is None,
        show=show.value,
        tabs=[tab.value for tab in TellTab],
    )


@router.get("/new")
def new_note_page(request: Request, caller: Person, service: TheService, about: Question = "") -> Response:
    """An empty sheet, or one that begins with what was searched for."""
    return _sheet(request, caller, service, text=about.strip()[:2000])


@router.post("")
def begin(
    form: Annotated[NoteForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Keep a new draft; only its author sees it."""
    try:
        with service.database.transaction() as session:
            note = begin_draft(session, caller=caller, text=form.text, service=service, language=language)
    except KbError as error:
        problem = problem_words(error, language)
        return _sheet(request, caller, service, text=form.text, problem=problem, status=status_of(error))
    return _onward(note.id, form.then)


@router.get("/{note_id}/write")
def note_sheet(note_id: Id, request: Request, caller: Person, service: TheService) -> Response:
    """The sheet of a note that was begun."""
    with service.database.reading() as session:
        note = get_note(
            session, note_id=note_id, caller_visibility=visibility_for(caller, service), caller=caller
        )
    return _sheet(request, caller, service, text=note.text, note_id=note_id, version=note.version)


@router.post("/{note_id}/write")
def save(
    note_id: Id,
    form: Annotated[NoteForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
) -> Response:
    """Keep what was written since; where somebody was faster, show both texts."""
    try:
        with service.database.transaction() as session:
            save_text(
                session,
                caller=caller,
                note_id=note_id,
                version=form.version,
                text=form.text,
                service=service,
            )
    except KbError as error:
        return _refused(error, note_id, form, request, caller, service)
    return _onward(note_id, form.then)


@router.post("/{note_id}/discard")
def discard(
    note_id: Id,
    form: Annotated[VersionForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
) -> Response:
    """Delete a draft; the page that says so holds it once more, to bring it back."""
    with service.database.transaction() as session:
        note = get_note(
            session, note_id=note_id, caller_visibility=visibility_for(caller, service), caller=caller
        )
        text, answers = note.text, note_answers(session, note_id=note_id)
        kept = [(one.element.value, one.probe, one.text or "") for one in answers]
        discard_note(session, caller=caller, note_id=note_id, expected_version=form.version)
    return desk_page(
        request,
        "desk/note_discarded.html",
        service=service,
        caller=caller,
        section="notes",
        text=text,
        answers=kept,
    )


@router.post("/restore")
def restore(
    form: Annotated[KeptDraft, Sent()], caller: Person, service: TheService, language: ReaderLanguage
) -> Response:
    """Begin the draft anew, with its answers."""
    answers = list(zip(form.element, form.probe, form.answer, strict=False))
    with service.database.transaction() as session:
        note = restore_draft(
            session, caller=caller, text=form.text, answers=answers, service=service, language=language
        )
    return RedirectResponse(f"/desk/notes/{note.id}/write?done=restored", status_code=303)


@router.post("/alike")
def alike_fragment(
    request: Request,
    caller: Person,
    service: TheService,
    text: Annotated[Typed, Sent()] = "",
    title: Annotated[Typed, Sent()] = "",
    exclude_id: Annotated[str, Sent(max_length=64)] = "",
) -> Response:
    """What says the same as a text that is being written, as a part of its page."""
    found = alike_of(service, caller, title=title, text=text, exclude_id=exclude_id or None)
    return page(request, "desk/_alike.html", alike=found)


def _sheet(
    request: Request,
    caller: Caller,
    service: Service,
    *,
    text: str,
    note_id: str | None = None,
    version: int = 0,
    problem: str | None = None,
    theirs: str | None = None,
    status: int = 200,
) -> Response:
    return desk_page(
        request,
        "desk/note_write.html",
        service=service,
        caller=caller,
        section="notes",
        status=status,
        text=text,
        note_id=note_id,
        version=version,
        problem=problem,
        theirs=theirs,
        alike=alike_of(service, caller, title="", text=text, exclude_id=note_id),
    )


def _refused(
    error: KbError, note_id: str, form: NoteForm, request: Request, caller: Caller, service: Service
) -> Response:
    """The sheet with what was typed, what went wrong and, where it is another text, the current one."""
    with service.database.reading() as session:
        try:
            note = get_note(
                session, note_id=note_id, caller_visibility=visibility_for(caller, service), caller=caller
            )
        except NotFound:
            note = None  # thrown away meanwhile: the text becomes a new draft if it is saved again
    is_stale = note is not None and isinstance(error, StaleEdit)
    return _sheet(
        request,
        caller,
        service,
        text=form.text,
        note_id=note.id if note else None,
        version=note.version if note else 0,
        problem=problem_words(error, language_of(request)),
        theirs=note.text if note is not None and is_stale else None,
        status=status_of(error),
    )


def _onward(note_id: str, then: str) -> Response:
    path = f"/desk/notes/{note_id}"
    where = f"{path}/interview" if then == "on" else f"{path}/write?done=saved"
    return RedirectResponse(where, status_code=303)
