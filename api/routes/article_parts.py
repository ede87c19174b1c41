"""What stands beside an article's words: files, related articles; and how its words will look."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, File, Request, UploadFile
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.conditional import is_unchanged, not_modified
from api.dependencies import Admitted, TheService, visibility_for
from api.downloads import download
from api.fields import Body, Id, PageOf, Shown, Text
from api.links import base_url, page_path
from api.once import Created, OnceOnly, digest
from api.permissions import DESK, READING, WRITING
from api.related import related_articles
from api.routes.article_answers import view_of
from api.uploads import read_upload
from api.web.markdown import render_markdown
from kb.article import (
    Attachment,
    attach_file,
    attachment_bytes,
    detach_file,
    get_attachment,
    list_attachments,
)
from kb.article.composed import revision_text
from kb.errors import TextTooLong
from kb.visibility import Caller
from kb.vocabulary import Language, OriginKind

router = APIRouter(prefix="/v1/articles", tags=["articles"])
Reader = Annotated[Caller, Depends(Admitted(READING))]
Writer = Annotated[Caller, Depends(Admitted(WRITING))]
Desk = Annotated[Caller, Depends(Admitted(DESK))]


class AttachmentShown(Shown):
    """A file that belongs to an article."""

    id: str
    filename: str
    media_type: str = Field(description="As its bytes show it, not as it was declared")
    size_bytes: int
    sha256: str
    url: str = Field(description="Where its bytes are, for links and pictures in the article")
    created_at: datetime


class Draft(Body):
    """Words as they are being written."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"language": "fa", "resolution": "تا **۷ روز** پس از تحویل."},
                {"language": "en", "resolution": "Within **7 days** of delivery."},
            ]
        }
    )

    language: Language
    resolution: Text = Field(default="", description="Markdown")
    cause: Text = ""
    environment: Text = ""


class Preview(Shown):
    """How the words will look."""

    html: str = Field(description="Clean: no scripts, no styles, no frames")


class RelatedShown(Shown):
    """A served article beside this one."""

    id: str
    title: str
    language: Language
    url: str
    reason: str = Field(description="linked: the article leads to it; alike: it is about the same")


@router.post("/preview", operation_id="previewArticle", summary="How it will look / پیش‌نمایش")
def preview(draft: Draft, _caller: Desk, service: TheService) -> Preview:
    """The words as the article's page will show them; nothing is kept."""
    limit = service.settings.text_limit_chars
    for field in ("resolution", "cause", "environment"):
        length = len(getattr(draft, field))
        if length > limit:
            raise TextTooLong(field=field, length=length, limit=limit)
    return Preview(html=render_markdown(revision_text(draft, draft.language)))


@router.get(
    "/{article_id}/related", operation_id="relatedArticles", summary="Related articles / مقاله‌های مرتبط"
)
def related(article_id: Id, request: Request, caller: Reader, service: TheService) -> PageOf[RelatedShown]:
    """What the article leads to, then what is about the same; at most six."""
    with service.database.reading() as session:
        view = view_of(session, article_id, caller, service)
    found = related_articles(service, view, visibility=visibility_for(caller, service))
    base = base_url(request, service)
    items = [
        RelatedShown(
            id=one.view.article.id,
            title=one.view.revision.title,
            language=one.view.article.language,
            url=base + page_path(OriginKind.ARTICLE, one.view.article.id),
            reason=one.reason,
        )
        for one in found
    ]
    return PageOf[RelatedShown](items=items)


@router.post(
    "/{article_id}/attachments",
    status_code=201,
    operation_id="attachFile",
    response_model=AttachmentShown,
    summary="Attach a file / پیوست کردن پرونده",
)
def attach(
    article_id: Id,
    caller: Writer,
    service: TheService,
    once: OnceOnly,
    file: Annotated[UploadFile, File(description="One file / یک پرونده")],
) -> Response:
    """Put a file beside the article: whoever sees the article sees it at once."""
    data = read_upload(file, service)

    def effect(session: Session) -> Created:
        attachment = attach_file(
            session, caller=caller, article_id=article_id, filename=file.filename or "", data=data
        )
        shown = _shown(attachment)
        return Created(shown, headers={"Location": shown.url})

    values = {"article_id": article_id, "filename": file.filename, "sha256": digest(data)}
    return once.answer(service, values, effect)


@router.get("/{article_id}/attachments", operation_id="listAttachments", summary="Its files / پیوست‌ها")
def attachments(article_id: Id, caller: Reader, service: TheService) -> PageOf[AttachmentShown]:
    """The article's files, oldest first."""
    with service.database.reading() as session:
        found = list_attachments(
            session,
            caller_visibility=visibility_for(caller, service),
            caller=caller,
            article_id=article_id,
        )
    return PageOf[AttachmentShown](items=[_shown(one) for one in found])


@router.get(
    "/{article_id}/attachments/{attachment_id}",
    operation_id="downloadAttachment",
    summary="Download a file / دریافت پیوست",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "Its bytes"}},
)
def attached(
    article_id: Id, attachment_id: Id, request: Request, caller: Reader, service: TheService
) -> Response:
    """The bytes as received; a browser shows pictures and saves everything else."""
    with service.database.reading() as session:
        attachment = get_attachment(
            session,
            caller_visibility=visibility_for(caller, service),
            caller=caller,
            article_id=article_id,
            attachment_id=attachment_id,
        )
        tag = f'"{attachment.sha256}"'
        if is_unchanged(request, tag):
            return not_modified(tag)
        data = attachment_bytes(session, sha256=attachment.sha256)
    return download(data, filename=attachment.filename, media_type=attachment.media_type, tag=tag)


@router.delete(
    "/{article_id}/attachments/{attachment_id}",
    status_code=204,
    operation_id="detachFile",
    summary="Remove a file / حذف پیوست",
)
def detach(article_id: Id, attachment_id: Id, caller: Writer, service: TheService) -> Response:
    """Take the file away; its bytes go where nothing else has them."""
    with service.database.transaction() as session:
        detach_file(session, caller=caller, article_id=article_id, attachment_id=attachment_id)
    return Response(status_code=204)


def _shown(attachment: Attachment) -> AttachmentShown:
    return AttachmentShown(
        id=attachment.id,
        filename=attachment.filename,
        media_type=attachment.media_type,
        size_bytes=attachment.size_bytes,
        sha256=attachment.sha256,
        url=f"/v1/articles/{attachment.article_id}/attachments/{attachment.id}",
        created_at=attachment.created_at,
    )
