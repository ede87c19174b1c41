"""What the source routes answer."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.fields import Shown
from api.stored_errors import notice_message, stored_message
from kb.errors import MessageLanguage
from kb.source import Source
from kb.vocabulary import Audience, Language, SourceStatus


class Complaint(Shown):
    """Why something was not read, or only in part."""

    code: str
    message: str = Field(description="In the reader's language / به زبان خواننده")
    data: dict[str, Any]


class SourceShown(Shown):
    """A document as received, and how far it is on its way to searchers."""

    id: str
    version: int
    url: str
    title: str
    filename: str
    locator: str
    media_type: str
    language: Language | None
    audience: Audience
    tags: list[str]
    products: list[str]
    segments: list[str]
    sha256: str
    size_bytes: int
    status: SourceStatus
    error: Complaint | None
    warnings: list[Complaint]
    created_at: datetime
    updated_at: datetime


class Uploaded(Shown):
    """One received file; `job_id` follows it until it is searchable."""

    source: SourceShown
    outcome: str = Field(description="created, changed, or unchanged (nothing is done again)")
    job_id: str | None


class Uploads(Shown):
    items: list[Uploaded]


def shown_source(source: Source, *, url: str, language: MessageLanguage) -> SourceShown:
    error = None
    if source.error_code is not None:
        data = source.error_data or {}
        message = stored_message(source.error_code, data, language)
        error = Complaint(code=source.error_code, message=message, data=data)
    return SourceShown(
        id=source.id,
        version=source.version,
        url=url,
        title=source.title,
        filename=source.filename,
        locator=source.locator,
        media_type=source.media_type,
        language=source.language,
        audience=source.audience,
        tags=source.tags,
        products=source.products,
        segments=source.segments,
        sha256=source.sha256,
        size_bytes=source.size_bytes,
        status=source.status,
        error=error,
        warnings=[_shown_warning(warning, language) for warning in source.warnings],
        created_at=source.created_at,
        updated_at=source.updated_at,
    )


def _shown_warning(warning: dict[str, Any], language: MessageLanguage) -> Complaint:
    data = {name: value for name, value in warning.items() if name != "code"}
    code = str(warning.get("code", ""))
    return Complaint(code=code, message=notice_message(code, data, language), data=data)
