"""Moving articles: released, verified, archived, restored, at once or at a set time; merged."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.conditional import IF_MATCH, expected_version
from api.dependencies import Admitted, TheService
from api.fields import Id, IdValue
from api.permissions import ARCHIVING, RELEASING
from api.release_checks import ensure_checked
from api.routes.article_answers import edit_article
from api.routes.article_schemas import ArticleShown, Override
from api.routes.review_schemas import Merge, MergePreview, Schedule, shown_plan
from kb.article import (
    archive_article,
    merge_article,
    preview_merge,
    release_article,
    restore_article,
    schedule_article,
    verify_article,
)
from kb.visibility import Caller

router = APIRouter(prefix="/v1/articles", tags=["articles"])
Releaser = Annotated[Caller, Depends(Admitted(RELEASING))]
Archivist = Annotated[Caller, Depends(Admitted(ARCHIVING))]


@router.post(
    "/{article_id}/release",
    operation_id="releaseArticle",
    response_model=ArticleShown,
    summary="Release the working revision / انتشار",
    openapi_extra=IF_MATCH,
)
def release(
    article_id: Id,
    request: Request,
    caller: Releaser,
    service: TheService,
    override: Override | None = None,
) -> Response:
    """Serve the working revision from now on, if every question that was answered still is.

    The article's issue lines, what people said it answered, and the same of its neighbours are replayed;
    where an answer would be lost it is refused (409, `release_breaks`) until a publisher gives a reason.
    """
    version = expected_version(request, caller)
    ensure_checked(service, caller=caller, article_id=article_id, expected_version=version)
    reason = override.override if override else ""
    return edit_article(release_article, article_id, request, caller, service, override_reason=reason)


@router.post(
    "/{article_id}/verify",
    operation_id="verifyArticle",
    response_model=ArticleShown,
    summary="Say that it still holds / تأیید درستی",
    openapi_extra=IF_MATCH,
)
def verify(article_id: Id, request: Request, caller: Releaser, service: TheService) -> Response:
    """Vouch for a validated article as it is written; searches prefer what was verified lately."""
    return edit_article(verify_article, article_id, request, caller, service)


@router.post(
    "/{article_id}/archive",
    operation_id="archiveArticle",
    response_model=ArticleShown,
    summary="Archive / بایگانی",
    openapi_extra=IF_MATCH,
)
def archive(article_id: Id, request: Request, caller: Archivist, service: TheService) -> Response:
    """Take an article from readers at once; its history stays."""
    return edit_article(archive_article, article_id, request, caller, service)


@router.post(
    "/{article_id}/restore",
    operation_id="restoreArticle",
    response_model=ArticleShown,
    summary="Restore from the archive / بازگرداندن",
    openapi_extra=IF_MATCH,
)
def restore(article_id: Id, request: Request, caller: Archivist, service: TheService) -> Response:
    """Bring an archived or merged article back."""
    return edit_article(restore_article, article_id, request, caller, service)


@router.patch(
    "/{article_id}/schedule",
    operation_id="scheduleArticle",
    response_model=ArticleShown,
    summary="Release or archive at a set time / انتشار و بایگانی زمان‌دار",
    openapi_extra=IF_MATCH,
)
def schedule(
    article_id: Id, times: Schedule, request: Request, caller: Releaser, service: TheService
) -> Response:
    """Set, change or take back (null) when the working revision is released and the article archived.

    It is done with the rights that whoever set the time has by then. A release is checked now.
    """
    given = {name: getattr(times, name) for name in times.model_fields_set - {"override"}}
    if given.get("release_at") is not None:
        version = expected_version(request, caller)
        ensure_checked(service, caller=caller, article_id=article_id, expected_version=version)
    reason = times.override
    return edit_article(
        schedule_article, article_id, request, caller, service, override_reason=reason, **given
    )


@router.get(
    "/{article_id}/merge",
    operation_id="previewMerge",
    summary="What merging would do / پیش‌نمایش ادغام",
    responses={409: {"description": "It cannot be merged there / ادغام شدنی نیست"}},
)
def preview(
    article_id: Id,
    caller: Archivist,
    service: TheService,
    into_id: Annotated[IdValue, Query(description="Where its readers would be led")],
) -> MergePreview:
    """What the other article would take over; refused where merging would be."""
    with service.database.reading() as session:
        return shown_plan(preview_merge(session, caller=caller, article_id=article_id, into_id=into_id))


@router.post(
    "/{article_id}/merge",
    operation_id="mergeArticle",
    response_model=ArticleShown,
    summary="Merge into another / ادغام",
    openapi_extra=IF_MATCH,
)
def merge(article_id: Id, merge: Merge, request: Request, caller: Archivist, service: TheService) -> Response:
    """Archive it and lead its readers to another, which takes over words, files, queries and links.

    Its old address answers 301 to readers, those of its files answer as before. Restoring it undoes that.
    """
    return edit_article(merge_article, article_id, request, caller, service, into_id=merge.into_id)
