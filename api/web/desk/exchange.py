"""Exports and imports at the desk: asked for, looked at before they are done, followed, downloaded."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, File, Query, Request, UploadFile
from fastapi import Form as Sent
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService
from api.error_responses import status_of
from api.fields import Id, Part
from api.language import language_of
from api.permissions import MANAGING_PAGES
from api.service import Service
from api.uploads import read_upload
from api.web.desk.exchange_report import progress_of, report_of
from api.web.desk.forms import Form, Typed, names_of
from api.web.desk.layout import desk_page
from api.web.desk.problems import problem_words
from api.web.texts import translate
from kb.article.media import clean_filename
from kb.errors import KbError, MessageLanguage
from kb.exchange.errors import ImportBlocked, TransferNotReady
from kb.exchange.transfer import (
    get_transfer,
    list_transfers,
    request_applying,
    request_export,
    request_import,
)
from kb.visibility import Caller
from kb.vocabulary import (
    ArticleState,
    Audience,
    ConflictPolicy,
    ExportFormat,
    ImportFormat,
    Language,
    Role,
    TransferKind,
)

router = APIRouter(prefix="/desk/exchange", include_in_schema=False)
Manager = Annotated[Caller, Depends(Admitted(MANAGING_PAGES))]
_LISTED = 20


class ExportForm(Form):
    """What is exported; "": whatever the caller sees."""

    audience: Audience | None = None
    segments: Typed = ""
    states: list[ArticleState] = Field(default=[], max_length=len(ArticleState))
    to: ExportFormat = ExportFormat.MARKDOWN


@dataclass(frozen=True, slots=True)
class ImportForm:
    """The fields beside the file; "": as the file says."""

    source: Annotated[ImportFormat, Sent()] = ImportFormat.AUTO
    new_audience: Annotated[Audience | None, Sent()] = None
    new_language: Annotated[Language | None, Sent()] = None
    owner: Annotated[Typed, Sent()] = ""
    people: Annotated[bool, Sent()] = False


class ApplyForm(Form):
    on_conflict: ConflictPolicy = ConflictPolicy.FAIL


@router.get("")
def exchange_page(request: Request, caller: Manager, service: TheService) -> Response:
    """Both forms, and what the person asked for of late."""
    return _forms(request, caller, service)


@router.post("/exports")
def begin_export(
    form: Annotated[ExportForm, Sent()], request: Request, caller: Manager, service: TheService
) -> Response:
    """Have an export made, and follow it."""
    if names_of(form.segments) and form.audience is None:
        # Without an audience everything is exported, whatever the segments: surely not what was meant.
        return _forms(request, caller, service, problem="export_segments_alone", exporting=form)
    try:
        with service.database.transaction() as session:
            transfer = request_export(
                session,
                caller=caller,
                kept=_kept(service),
                audience=form.audience,
                segments=names_of(form.segments),
                states=form.states,
                to=form.to,
            )
    except KbError as error:
        return _forms(request, caller, service, problem=error, exporting=form)
    return RedirectResponse(f"/desk/exchange/exports/{transfer.id}", status_code=303)


@router.get("/exports/{export_id}")
def export_page(
    export_id: Id, request: Request, caller: Manager, service: TheService, language: ReaderLanguage
) -> Response:
    """How far an export is, then its download."""
    with service.database.reading() as session:
        transfer = get_transfer(session, caller=caller, kind=TransferKind.EXPORT, transfer_id=export_id)
        progress = progress_of(session, transfer, language)
    return desk_page(
        request,
        "desk/export.html",
        service=service,
        caller=caller,
        section="exchange",
        transfer=transfer,
        progress=progress,
    )


@router.post("/imports")
def begin_import(
    request: Request,
    caller: Manager,
    service: TheService,
    given: Annotated[ImportForm, Depends(ImportForm)],
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep a file, have planned what it would change, and show that."""
    if file is None or not file.filename:
        return _forms(request, caller, service, problem="files_missing", importing=given)
    try:
        data = read_upload(file, service)
        with service.database.transaction() as session:
            transfer = request_import(
                session,
                caller=caller,
                kept=_kept(service),
                filename=clean_filename(file.filename),
                data=data,
                source=given.source,
                audience=given.new_audience,
                language=given.new_language,
                owner=given.owner.strip() or None,
                people=given.people,
            )
    except KbError as error:
        return _forms(request, caller, service, problem=error, importing=given)
    return RedirectResponse(f"/desk/exchange/imports/{transfer.id}", status_code=303)


@router.get("/imports/{import_id}")
def import_page(
    import_id: Id,
    request: Request,
    caller: Manager,
    service: TheService,
    show: Part = "",
    start: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """What an import would change, and the button that does it; then what was done."""
    return _import(import_id, request, caller, service, show=show, start=start)


@router.post("/imports/{import_id}/apply")
def apply(
    import_id: Id,
    form: Annotated[ApplyForm, Sent()],
    request: Request,
    caller: Manager,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Have it done as it was planned."""
    try:
        with service.database.transaction() as session:
            request_applying(session, caller=caller, transfer_id=import_id, policy=form.on_conflict)
    except (ImportBlocked, TransferNotReady) as error:
        key = "exchange_blocked" if isinstance(error, ImportBlocked) else "exchange_not_now"
        problem = translate(key, language, **error.data)
        return _import(import_id, request, caller, service, problem=problem, status=status_of(error))
    return RedirectResponse(f"/desk/exchange/imports/{import_id}", status_code=303)


def _import(
    import_id: str,
    request: Request,
    caller: Caller,
    service: Service,
    *,
    show: str = "",
    start: int = 0,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    language = language_of(request)
    with service.database.reading() as session:
        transfer = get_transfer(session, caller=caller, kind=TransferKind.IMPORT, transfer_id=import_id)
        progress = progress_of(session, transfer, language)
    return desk_page(
        request,
        "desk/import.html",
        service=service,
        caller=caller,
        section="exchange",
        status=status,
        transfer=transfer,
        progress=progress,
        report=report_of(transfer.report, language, show=show, start=start),
        show=show,
        is_first=start == 0,
        policies=[one.value for one in ConflictPolicy if one is not ConflictPolicy.FAIL],
        problem=problem,
    )


def _forms(
    request: Request,
    caller: Caller,
    service: Service,
    *,
    problem: KbError | str = "",
    exporting: ExportForm | None = None,
    importing: ImportForm | None = None,
) -> Response:
    """Both forms, with what was typed and why it was refused: an error, or the key of a sentence."""
    with service.database.reading() as session:
        transfers = list_transfers(session, caller=caller, limit=_LISTED)
    return desk_page(
        request,
        "desk/exchange.html",
        service=service,
        caller=caller,
        section="exchange",
        status=status_of(problem) if isinstance(problem, KbError) else (422 if problem else 200),
        transfers=transfers,
        audiences=[one.value for one in Audience],
        states=[one.value for one in ArticleState],
        export_formats=[one.value for one in ExportFormat],
        import_formats=[one.value for one in ImportFormat],
        may_add_people=caller.has_role(Role.ADMIN),
        limit_mib=service.settings.upload_limit_mib,
        hours=service.settings.exchange_hours,
        problem=_words(problem, language_of(request)),
        exporting=exporting or ExportForm(),
        importing=importing or ImportForm(),
    )


def _words(problem: KbError | str, language: MessageLanguage) -> str:
    if isinstance(problem, TransferNotReady):
        problem = "exchange_many_wait"
    if isinstance(problem, str):
        return translate(problem, language) if problem else ""
    return problem_words(problem, language)


def _kept(service: Service) -> timedelta:
    return timedelta(hours=service.settings.exchange_hours)
