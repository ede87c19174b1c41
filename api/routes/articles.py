"""Articles: write, read, revise, release, archive; every edit names the version it was made from."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.conditional import IF_MATCH, etag, expected_version, is_unchanged, not_modified
from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Cursor, Id, Limit, PageOf, Part, Tag
from api.links import base_url, page_path
from api.once import Created, OnceOnly
from api.permissions import ARCHIVING, DESK, READING, RELEASING, WRITING, works_on_articles
from api.release_checks import ensure_checked
from api.routes.article_schemas import (
    ArticleChange,
    ArticleShown,
    Diff,
    DiffLineShown,
    History,
    NewArticle,
    NewRevision,
    Override,
    shown_article,
    shown_revision,
)
from api.service import Service
from kb.article import (
    Article,
    ArticleView,
    archive_article,
    article_history,
    change_article,
    create_article,
    diff_revisions,
    get_article,
    list_articles,
    release_article,
    restore_article,
    revise_article,
    verify_article,
)
from kb.errors import NotFound
from kb.visibility import Caller
from kb.vocabulary import ArticleState, Language, OriginKind

router = APIRouter(prefix="/v1/articles", tags=["articles"])
Reader = Annotated[Caller, Depends(Admitted(READING))]
Writer = Annotated[Caller, Depends(Admitted(WRITING))]
Releaser = Annotated[Caller, Depends(Admitted(RELEASING))]
Archivist = Annotated[Caller, Depends(Admitted(ARCHIVING))]
Desk = Annotated[Caller, Depends(Admitted(DESK))]


@router.post(
    "",
    status_code=201,
    operation_id="createArticle",
    response_model=ArticleShown,
    summary="Write an article / نوشتن مقاله",
)
def create(
    new: NewArticle, request: Request, caller: Writer, service: TheService, once: OnceOnly
) -> Response:
    """Keep a new article as work in progress."""

    def effect(session: Session) -> Created:
        article = create_article(
            session, caller=caller, text_limit=service.settings.text_limit_chars, **dict(new)
        )
        shown = _shown(_view(session, article.id, caller, service), request, caller, service)
        return Created(shown, headers={"ETag": etag(shown.version), "Location": f"/v1/articles/{shown.id}"})

    return once.answer(service, new.model_dump(mode="json"), effect)


@router.get("", operation_id="listArticles", summary="List articles / فهرست مقاله‌ها")
def list_(
    request: Request,
    caller: Reader,
    service: TheService,
    state: ArticleState | None = None,
    language: Language | None = None,
    tag: Tag | None = None,
    text: Annotated[Part | None, Query(description="Part of the title")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[ArticleShown]:
    """Articles the caller may see, most recently changed first."""
    with service.database.reading() as session:
        page = list_articles(
            session,
            caller_visibility=visibility_for(caller, service),
            caller=caller,
            state=state,
            language=language,
            tag=tag,
            text=text,
            cursor=cursor,
            limit=limit,
        )
        items = [_shown(view, request, caller, service) for view in page.items]
    return PageOf[ArticleShown](items=items, next_cursor=page.next_cursor)


@router.get(
    "/{article_id}",
    operation_id="readArticle",
    response_model=ArticleShown,
    summary="Read an article / خواندن مقاله",
)
def read(
    article_id: Id,
    request: Request,
    caller: Reader,
    service: TheService,
    revision: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="Its number; the desk only")
    ] = None,
) -> Response:
    """The released revision; for those who write, the newest one unless a number is given."""
    with service.database.reading() as session:
        view = get_article(
            session,
            caller_visibility=visibility_for(caller, service),
            caller=caller,
            article_id=article_id,
            revision_number=revision,
        )
        shown = _shown(view, request, caller, service)
    return _answer(request, shown)


@router.post(
    "/{article_id}/revisions",
    status_code=201,
    operation_id="reviseArticle",
    response_model=ArticleShown,
    summary="Write a new revision / ویرایش مقاله",
    openapi_extra=IF_MATCH,
)
def revise(
    article_id: Id, new: NewRevision, request: Request, caller: Writer, service: TheService
) -> Response:
    """Keep new words as the working revision; what is served stays until a release."""
    limit = service.settings.text_limit_chars
    return _edit(
        revise_article, article_id, request, caller, service, status=201, text_limit=limit, **dict(new)
    )


@router.patch(
    "/{article_id}",
    operation_id="changeArticle",
    response_model=ArticleShown,
    summary="Change metadata / تغییر مشخصات",
    openapi_extra=IF_MATCH,
)
def change(
    article_id: Id, change: ArticleChange, request: Request, caller: Writer, service: TheService
) -> Response:
    """Change audience, tags, products, owner, state or translation group; add requester's words."""
    given = {name: value for name, value in dict(change).items() if name in change.model_fields_set}
    return _edit(change_article, article_id, request, caller, service, **given)


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
    return _edit(release_article, article_id, request, caller, service, override_reason=reason)


@router.post(
    "/{article_id}/verify",
    operation_id="verifyArticle",
    response_model=ArticleShown,
    summary="Say that it still holds / تأیید درستی",
    openapi_extra=IF_MATCH,
)
def verify(article_id: Id, request: Request, caller: Releaser, service: TheService) -> Response:
    """Vouch for a validated article as it is written; searches prefer what was verified lately."""
    return _edit(verify_article, article_id, request, caller, service)


@router.post(
    "/{article_id}/archive",
    operation_id="archiveArticle",
    response_model=ArticleShown,
    summary="Archive / بایگانی",
    openapi_extra=IF_MATCH,
)
def archive(article_id: Id, request: Request, caller: Archivist, service: TheService) -> Response:
    """Take an article from readers at once; its history stays."""
    return _edit(archive_article, article_id, request, caller, service)


@router.post(
    "/{article_id}/restore",
    operation_id="restoreArticle",
    response_model=ArticleShown,
    summary="Restore from the archive / بازگرداندن",
    openapi_extra=IF_MATCH,
)
def restore(article_id: Id, request: Request, caller: Archivist, service: TheService) -> Response:
    """Bring an archived article back."""
    return _edit(restore_article, article_id, request, caller, service)


@router.get("/{article_id}/history", operation_id="articleHistory", summary="Its revisions / تاریخچه")
def history(article_id: Id, caller: Desk, service: TheService) -> History:
    """Every revision, newest first."""
    with service.database.reading() as session:
        revisions = article_history(
            session,
            caller_visibility=visibility_for(caller, service),
            caller=caller,
            article_id=article_id,
        )
        return History(items=[shown_revision(revision, on_desk=True) for revision in revisions])


@router.get("/{article_id}/diff", operation_id="diffArticle", summary="Compare revisions / مقایسه")
def diff(
    article_id: Id,
    caller: Desk,
    service: TheService,
    old: Annotated[int, Query(ge=1, le=1_000_000, description="Number of the older revision")],
    new: Annotated[int, Query(ge=1, le=1_000_000, description="Number of the newer revision")],
) -> Diff:
    """What changed between two revisions, line by line."""
    with service.database.reading() as session:
        revisions = article_history(
            session,
            caller_visibility=visibility_for(caller, service),
            caller=caller,
            article_id=article_id,
        )
    numbered = {revision.number: revision for revision in revisions}
    for number in (old, new):
        if number not in numbered:
            raise NotFound(what="revision", id=str(number))
    lines = diff_revisions(numbered[old], numbered[new])
    return Diff(
        old_number=old,
        new_number=new,
        lines=[DiffLineShown(kind=line.kind, field=line.field, text=line.text) for line in lines],
    )


def _edit(
    verb: Callable[..., Article],
    article_id: str,
    request: Request,
    caller: Caller,
    service: Service,
    *,
    status: int = 200,
    **given: Any,
) -> Response:
    """Run `verb` on the version that the caller has read, and answer with what became of the article."""
    version = expected_version(request, caller)
    with service.database.transaction() as session:
        verb(session, caller=caller, article_id=article_id, expected_version=version, **given)
        shown = _shown(_view(session, article_id, caller, service), request, caller, service)
    return _answer(request, shown, status=status)


def _view(session: Session, article_id: str, caller: Caller, service: Service) -> ArticleView:
    return get_article(
        session,
        caller_visibility=visibility_for(caller, service),
        caller=caller,
        article_id=article_id,
    )


def _shown(view: ArticleView, request: Request, caller: Caller, service: Service) -> ArticleShown:
    url = base_url(request, service) + page_path(OriginKind.ARTICLE, view.article.id)
    return shown_article(view.article, view.revision, url=url, on_desk=works_on_articles(caller))


def _answer(request: Request, shown: ArticleShown, *, status: int = 200) -> Response:
    """The article with its ETag; 304 where the reader has it already."""
    tag = etag(shown.version)
    if request.method == "GET" and is_unchanged(request, tag):
        return not_modified(tag)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    return JSONResponse(shown.model_dump(mode="json"), status_code=status, headers=headers)
