"""Exports to download and imports to look at before they are done; both worked on in the background."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import PureWindowsPath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.dependencies import Admitted, ReaderLanguage, TheService
from api.downloads import download
from api.fields import Body, Id, Segments, ShortText, Shown
from api.once import Created, OnceOnly, digest
from api.permissions import MANAGING
from api.routes.source_schemas import Complaint
from api.service import Service
from api.stored_errors import stored_message, stored_reason
from kb.errors import FileTooLarge, MessageLanguage
from kb.exchange.errors import TransferNotReady
from kb.exchange.transfer import (
    Transfer,
    get_transfer,
    request_applying,
    request_export,
    request_import,
    transfer_bytes,
)
from kb.outbox import list_jobs
from kb.visibility import Caller
from kb.vocabulary import (
    ArticleState,
    Audience,
    ConflictPolicy,
    ExportFormat,
    ImportFormat,
    Language,
    TransferKind,
    TransferState,
)

router = APIRouter(prefix="/v1", tags=["exchange"])
Manager = Annotated[Caller, Depends(Admitted(MANAGING))]

_MEDIA_TYPES = {"zip": "application/zip", "csv": "text/csv", "json": "application/json"}


class NewExport(Body):
    """What is to be exported; everything that the caller sees, unless it says less."""

    audience: Audience | None = Field(default=None, description="Only what readers of this audience see")
    segments: Segments = Field(
        default=[], description="With an audience: what is for these customer segments, too"
    )
    states: list[ArticleState] = Field(default=[], max_length=len(ArticleState))
    format: ExportFormat = Field(default=ExportFormat.MARKDOWN, description="markdown: a ZIP archive")


class TransferShown(Shown):
    """An export or an import and how far it is."""

    id: str
    state: TransferState
    filename: str
    size_bytes: int
    job_id: str | None = Field(description="The job that works on it; follow it at /v1/jobs")
    error: Complaint | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime = Field(description="Forgotten then / پس از آن نگه داشته نمی‌شود")


class FieldChangeShown(Shown):
    """One field of something that is here already."""

    field: str
    before: Any
    after: Any


class PlannedFile(Shown):
    """What would become, or became, of one file or record."""

    file: str
    result: str = Field(
        description="Planned: new, changed, unchanged, conflict, skipped, failed; done: created, changed, ..."
    )
    id: str | None
    title: str
    reason: str
    error: Complaint | None
    changes: list[FieldChangeShown]


class ImportShown(TransferShown):
    """An import with its plan, or with what was done; unchanged files are only counted."""

    counts: dict[str, int]
    items: list[PlannedFile] = Field(description="At most 2000")


class Applying(Body):
    """How an import is to be done."""

    on_conflict: ConflictPolicy = Field(
        default=ConflictPolicy.FAIL,
        description="Where both sides were edited: theirs: the file counts; ours: what is here counts; "
        "new: the file becomes an article of its own",
    )


@dataclass(frozen=True, slots=True)
class _Particulars:
    """The form's fields beside the file."""

    format: Annotated[ImportFormat, Form()] = ImportFormat.AUTO
    audience: Annotated[
        Audience | None, Form(description="Of everything new from other programs; internal unless they say")
    ] = None
    language: Annotated[Language | None, Form()] = None
    owner: Annotated[
        ShortText | None, Form(description="Login of who owns what people who are not here owned")
    ] = None
    people: Annotated[bool, Form(description="Add people who are not here; for administrators")] = False


@router.post(
    "/exports",
    status_code=202,
    operation_id="createExport",
    response_model=TransferShown,
    summary="Export the knowledge base / برون‌بری پایگاه دانش",
)
def create_export(
    body: NewExport, caller: Manager, service: TheService, once: OnceOnly, language: ReaderLanguage
) -> Response:
    """Have an export made; download it when it is done."""

    def effect(session: Session) -> Created:
        transfer = request_export(
            session,
            caller=caller,
            kept=_kept(service),
            audience=body.audience,
            segments=body.segments,
            states=body.states,
            to=body.format,
        )
        return Created(_shown(session, transfer, language), status=202)

    return once.answer(service, body.model_dump(mode="json"), effect)


@router.get("/exports/{export_id}", operation_id="readExport", summary="How far an export is / وضعیت برون‌بری")
def read_export(
    export_id: Id, caller: Manager, service: TheService, language: ReaderLanguage
) -> TransferShown:
    """An export of the caller's own."""
    with service.database.reading() as session:
        transfer = get_transfer(session, caller=caller, kind=TransferKind.EXPORT, transfer_id=export_id)
        return _shown(session, transfer, language)


@router.get(
    "/exports/{export_id}/file",
    operation_id="downloadExport",
    summary="Download an export / دریافت برون‌بری",
    response_class=Response,
    responses={
        200: {
            "content": {"application/zip": {}},
            "description": "The archive, or the file of another format",
        },
        409: {"description": "It is not done yet / هنوز آماده نیست"},
    },
)
def download_export(export_id: Id, caller: Manager, service: TheService) -> Response:
    """What was exported."""
    with service.database.reading() as session:
        transfer = get_transfer(session, caller=caller, kind=TransferKind.EXPORT, transfer_id=export_id)
        if transfer.state is not TransferState.DONE:
            raise TransferNotReady(id=export_id, state=transfer.state.value)
        data = transfer_bytes(session, transfer_id=export_id)
    media_type = _MEDIA_TYPES[transfer.filename.rpartition(".")[2]]
    return download(data, filename=transfer.filename, media_type=media_type, tag=f'"{transfer.id}"')


@router.post(
    "/imports",
    status_code=202,
    operation_id="createImport",
    response_model=ImportShown,
    summary="Plan an import / برنامهٔ درون‌ریزی",
)
def create_import(
    caller: Manager,
    service: TheService,
    once: OnceOnly,
    language: ReaderLanguage,
    file: Annotated[UploadFile, File(description="A ZIP archive of an export, JSON or CSV")],
    given: Annotated[_Particulars, Depends(_Particulars)],
) -> Response:
    """Keep a file and say what it would change; nothing changes before it is applied."""
    name = PureWindowsPath(file.filename or "").name or "unnamed"
    limit = service.settings.upload_limit_bytes
    data = file.file.read(limit + 1)
    if len(data) > limit:
        raise FileTooLarge(filename=name, limit_mib=service.settings.upload_limit_mib)

    def effect(session: Session) -> Created:
        transfer = request_import(
            session,
            caller=caller,
            kept=_kept(service),
            filename=name,
            data=data,
            source=given.format,
            audience=given.audience,
            language=given.language,
            owner=given.owner,
            people=given.people,
        )
        return Created(_shown_import(session, transfer, language), status=202)

    return once.answer(service, asdict(given) | {"file": [name, digest(data)]}, effect)


@router.get(
    "/imports/{import_id}", operation_id="readImport", summary="What an import would change / برنامهٔ درون‌ریزی"
)
def read_import(import_id: Id, caller: Manager, service: TheService, language: ReaderLanguage) -> ImportShown:
    """An import of the caller's own: its plan once it is planned, then what was done."""
    with service.database.reading() as session:
        transfer = get_transfer(session, caller=caller, kind=TransferKind.IMPORT, transfer_id=import_id)
        return _shown_import(session, transfer, language)


@router.post(
    "/imports/{import_id}/apply",
    status_code=202,
    operation_id="applyImport",
    summary="Do what was planned / اجرای درون‌ریزی",
)
def apply_import(
    import_id: Id, body: Applying, caller: Manager, service: TheService, language: ReaderLanguage
) -> ImportShown:
    """Have a planned import done; each file wholly or not at all."""
    with service.database.transaction() as session:
        transfer = request_applying(session, caller=caller, transfer_id=import_id, policy=body.on_conflict)
        return _shown_import(session, transfer, language)


def _kept(service: Service) -> timedelta:
    return timedelta(hours=service.settings.exchange_hours)


def _shown(session: Session, transfer: Transfer, language: MessageLanguage) -> TransferShown:
    return TransferShown(**_common(session, transfer, language))


def _shown_import(session: Session, transfer: Transfer, language: MessageLanguage) -> ImportShown:
    report = transfer.report or {"counts": {}, "items": []}
    items = [_planned(row, language) for row in report["items"]]
    return ImportShown(**_common(session, transfer, language), counts=report["counts"], items=items)


def _common(session: Session, transfer: Transfer, language: MessageLanguage) -> dict[str, Any]:
    jobs = list_jobs(session, subject_id=transfer.id, limit=1).items
    return {
        "id": transfer.id,
        "state": transfer.state,
        "filename": transfer.filename,
        "size_bytes": transfer.size_bytes,
        "job_id": jobs[0].id if jobs else None,
        "error": _complaint(transfer.error_code, transfer.error_data, language),
        "created_at": transfer.created_at,
        "finished_at": transfer.finished_at,
        "expires_at": transfer.expires_at,
    }


def _planned(row: dict[str, Any], language: MessageLanguage) -> PlannedFile:
    error = _complaint(row["error_code"], row["error_data"], language)
    known = {name: row[name] for name in ("file", "result", "id", "title")}
    reason = stored_reason(row["reason"], language)
    changes = [FieldChangeShown(**change) for change in row["changes"]]
    return PlannedFile(**known, reason=reason, error=error, changes=changes)


def _complaint(code: str | None, data: dict[str, Any] | None, language: MessageLanguage) -> Complaint | None:
    if code is None:
        return None
    return Complaint(code=code, message=stored_message(code, data or {}, language), data=data or {})
