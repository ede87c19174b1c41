"""Sources: documents are uploaded here, followed, downloaded as received, and deleted."""

import re
from dataclasses import asdict, dataclass
from pathlib import PureWindowsPath
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.conditional import is_unchanged, not_modified
from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.fields import Cursor, Id, Limit, PageOf, ShortText, Tag, Title
from api.links import base_url, page_path
from api.once import Created, OnceOnly, digest
from api.permissions import INSPECTING, UPLOADING
from api.routes.source_schemas import SourceShown, Uploaded, Uploads, shown_source
from api.service import Service
from kb.errors import FileTooLarge, InvalidInput, MessageLanguage
from kb.outbox import list_jobs
from kb.source import (
    Source,
    delete_source,
    get_source,
    list_sources,
    source_bytes,
    store_source,
)
from kb.visibility import Caller
from kb.vocabulary import Audience, Language, OriginKind, SourceStatus

router = APIRouter(prefix="/v1/sources", tags=["sources"])
Uploader = Annotated[Caller, Depends(Admitted(UPLOADING))]
Inspector = Annotated[Caller, Depends(Admitted(INSPECTING))]

MAX_FILES = 50
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_OTHER_MEDIA_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Particulars:
    """The form's fields beside the files; `title` and `locator` go with one file only."""

    audience: Annotated[Audience, Form()]
    language: Annotated[Language | None, Form()] = None
    tags: Annotated[list[Tag] | None, Form(max_length=50)] = None
    products: Annotated[list[Tag] | None, Form(max_length=20)] = None
    segments: Annotated[
        list[Tag] | None, Form(max_length=20, description="Customer segments that it is for; none: all")
    ] = None
    title: Annotated[Title | None, Form(description="With one file only")] = None
    locator: Annotated[
        ShortText | None,
        Form(description="Where one file came from; the same one replaces. Else the file's name"),
    ] = None


@router.post(
    "",
    status_code=202,
    operation_id="uploadSources",
    response_model=Uploads,
    summary="Upload documents / بارگذاری سند",
    responses={200: {"model": Uploads, "description": "Everything was there already"}},
)
def upload(
    request: Request,
    caller: Uploader,
    service: TheService,
    once: OnceOnly,
    language: ReaderLanguage,
    file: Annotated[list[UploadFile], File(description="One or several files / یک یا چند پرونده")],
    given: Annotated[_Particulars, Depends(_Particulars)],
) -> Response:
    """Keep files as received; workers convert and index them afterwards."""
    _refuse_ambiguous(len(file), given)
    files = [_read(one, service) for one in file]
    base = base_url(request, service)

    def effect(session: Session) -> Created:
        items = [
            Uploaded(source=_shown(source, base, language), outcome=outcome, job_id=job_id)
            for source, outcome, job_id in (_store(session, caller, one, given) for one in files)
        ]
        is_work_left = any(item.outcome != "unchanged" for item in items)
        return Created(Uploads(items=items), status=202 if is_work_left else 200)

    values = asdict(given) | {"files": [[one.name, digest(one.data)] for one in files]}
    return once.answer(service, values, effect)


def _refuse_ambiguous(count: int, given: _Particulars) -> None:
    if count > MAX_FILES:
        raise InvalidInput(field="file", reason=f"at most {MAX_FILES} files at once")
    for name in ("title", "locator"):
        if count > 1 and getattr(given, name) is not None:
            raise InvalidInput(field=name, reason="only with one file")


def _store(
    session: Session, caller: Caller, file: _File, given: _Particulars
) -> tuple[Source, str, str | None]:
    """The source, what became of it, and the id of the job that ingests it, where there is one."""
    stored = store_source(
        session,
        caller=caller,
        locator=f"upload:{given.locator or file.name}",
        filename=file.name,
        data=file.data,
        media_type=file.media_type,
        audience=given.audience,
        language=given.language,
        tags=given.tags or (),
        products=given.products or (),
        segments=given.segments or (),
        title=given.title,
    )
    if stored.outcome == "unchanged":
        return stored.source, stored.outcome, None
    jobs = list_jobs(session, subject_id=stored.source.id, limit=1).items
    return stored.source, stored.outcome, jobs[0].id if jobs else None


@router.get("", operation_id="listSources", summary="List documents / فهرست سندها")
def list_(
    request: Request,
    caller: Inspector,
    service: TheService,
    language: ReaderLanguage,
    status: SourceStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[SourceShown]:
    """Documents the caller may see, newest first, with what went wrong."""
    with service.database.reading() as session:
        page = list_sources(
            session,
            caller_visibility=visibility_for(caller, service),
            status=status,
            cursor=cursor,
            limit=limit,
        )
    base = base_url(request, service)
    items = [_shown(source, base, language) for source in page.items]
    return PageOf[SourceShown](items=items, next_cursor=page.next_cursor)


@router.get("/{source_id}", operation_id="readSource", summary="Status of a document / وضعیت سند")
def read(
    source_id: Id, request: Request, caller: Inspector, service: TheService, language: ReaderLanguage
) -> SourceShown:
    """A document's particulars and how far it is."""
    with service.database.reading() as session:
        source = get_source(session, source_id=source_id, caller_visibility=visibility_for(caller, service))
    return _shown(source, base_url(request, service), language)


@router.get(
    "/{source_id}/original",
    operation_id="downloadSource",
    summary="Download as received / دریافت پروندهٔ اصلی",
    response_class=Response,
    responses={200: {"content": {_OTHER_MEDIA_TYPE: {}}, "description": "The bytes as received"}},
)
def original(source_id: Id, request: Request, caller: Inspector, service: TheService) -> Response:
    """The bytes as they were received; never shown by the browser itself."""
    with service.database.reading() as session:
        source = get_source(session, source_id=source_id, caller_visibility=visibility_for(caller, service))
        tag = f'"{source.sha256}"'
        if is_unchanged(request, tag):
            return not_modified(tag)
        data = source_bytes(session, sha256=source.sha256)
    media_type = source.media_type if _MEDIA_TYPE.fullmatch(source.media_type) else _OTHER_MEDIA_TYPE
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f"attachment; filename=\"source\"; filename*=UTF-8''{quote(source.filename)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(data, media_type=media_type, headers=headers)


@router.delete(
    "/{source_id}", status_code=204, operation_id="deleteSource", summary="Delete a document / حذف سند"
)
def delete(source_id: Id, caller: Uploader, service: TheService) -> Response:
    """Remove a document, its bytes, and what searchers see of it, at once."""
    with service.database.transaction() as session:
        delete_source(session, caller=caller, source_id=source_id)
    return Response(status_code=204)


def _read(upload: UploadFile, service: Service) -> _File:
    name = PureWindowsPath(upload.filename or "").name or "unnamed"
    limit = service.settings.upload_limit_bytes
    data = upload.file.read(limit + 1)
    if len(data) > limit:
        raise FileTooLarge(filename=name, limit_mib=service.settings.upload_limit_mib)
    declared = (upload.content_type or "").split(";")[0].strip().lower()
    media_type = declared if _MEDIA_TYPE.fullmatch(declared) else _OTHER_MEDIA_TYPE
    return _File(name, media_type, data)


def _shown(source: Source, base: str, language: MessageLanguage) -> SourceShown:
    return shown_source(source, url=base + page_path(OriginKind.SOURCE, source.id), language=language)
