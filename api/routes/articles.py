"""Articles: write, read, revise, change, compare; every edit names the version it was made from."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api.conditional import IF_MATCH, etag
from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Cursor, Id, IdValue, Limit, PageOf, Part, Tag
from api.once import Created, OnceOnly
from api.permissions import DESK, READING, WRITING
from api.routes.article_answers import answer_article, edit_article, shown_to, view_of
from api.routes.article_schemas import (
    ArticleChange,
    ArticleShown,
    Diff,
    History,
    NewArticle,
    NewRevision,
    Reversion,
    shown_line,
    shown_revision,
)
from kb.article import (
    Narrowing,
    article_history,
    article_translations,
    change_article,
    create_article,
    diff_revisions,
    get_article,
    list_articles,
    merged_into,
    revert_article,
    revise_article,
)
from kb.article.verification import Standing
from kb.errors import NotFound
from kb.visibility import Caller
from kb.vocabulary import ArticleState, Language

router = APIRouter(prefix="/v1/articles", tags=["articles"])
Reader = Annotated[Caller, Depends(Admitted(READING))]
Writer = Annotated[Caller, Depends(Admitted(WRITING))]
Desk = Annotated[Caller, Depends(Admitted(DESK))]


@dataclass(frozen=True, slots=True)
class _Narrowing:
    """What those who work on articles narrow a list by."""

    owner_id: Annotated[IdValue | None, Query(description="The desk only, as all up to `unkept`")] = None
    owner_team_id: IdValue | None = None
    segment: Tag | None = None
    standing: Annotated[Standing | None, Query(description="Whether somebody vouches for it")] = None
    reviewer_id: Annotated[IdValue | None, Query(description="Waits for this person's review")] = None
    used: Annotated[bool | None, Query(description="Whether it ever solved a case")] = None
    behind: Annotated[
        bool | None, Query(description="Whether its original was released anew since it was translated")
    ] = None
    scheduled: Annotated[bool | None, Query(description="Whether it moves at a set time")] = None
    unkept: Annotated[
        bool | None, Query(description="Whether a set time was not kept, or will not be as it stands")
    ] = None

    def wanted(self) -> Narrowing:
        return Narrowing(
            self.owner_id,
            self.owner_team_id,
            self.segment,
            self.standing,
            self.reviewer_id,
            self.used,
            self.behind,
            self.scheduled,
            self.unkept,
        )


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
        shown = shown_to(caller, view_of(session, article.id, caller, service), request, service)
        return Created(shown, headers={"ETag": etag(shown.version), "Location": f"/v1/articles/{shown.id}"})

    return once.answer(service, new.model_dump(mode="json"), effect)


@router.get("", operation_id="listArticles", summary="List articles / فهرست مقاله‌ها")
def list_(
    request: Request,
    caller: Reader,
    service: TheService,
    narrowing: Annotated[_Narrowing, Depends(_Narrowing)],
    state: ArticleState | None = None,
    language: Language | None = None,
    tag: Tag | None = None,
    product: Tag | None = None,
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
            product=product,
            text=text,
            narrowing=narrowing.wanted(),
            cursor=cursor,
            limit=limit,
        )
        items = [shown_to(caller, view, request, service) for view in page.items]
    return PageOf[ArticleShown](items=items, next_cursor=page.next_cursor)


@router.get(
    "/{article_id}",
    operation_id="readArticle",
    response_model=ArticleShown,
    summary="Read an article / خواندن مقاله",
    responses={301: {"description": "Merged into another, which is there / در مقاله‌ای دیگر ادغام شده است"}},
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
    sight = visibility_for(caller, service)
    with service.database.reading() as session:
        try:
            view = get_article(
                session,
                caller_visibility=sight,
                caller=caller,
                article_id=article_id,
                revision_number=revision,
            )
        except NotFound:
            into_id = merged_into(session, article_id=article_id, caller_visibility=sight)
            if into_id is None or revision is not None:
                raise
            return RedirectResponse(f"/v1/articles/{into_id}", status_code=301)
        shown = shown_to(caller, view, request, service)
    return answer_article(request, shown)


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
    return edit_article(
        revise_article, article_id, request, caller, service, status=201, text_limit=limit, **dict(new)
    )


@router.post(
    "/{article_id}/revisions/{number}/revert",
    status_code=201,
    operation_id="revertArticle",
    response_model=ArticleShown,
    summary="Bring a revision's words back / بازگشت به ویرایش پیشین",
    openapi_extra=IF_MATCH,
)
def revert(
    article_id: Id,
    number: Annotated[int, Path(ge=1, le=1_000_000)],
    request: Request,
    caller: Writer,
    service: TheService,
    reversion: Reversion | None = None,
) -> Response:
    """Write the words of an earlier revision anew as the working one; the history stays as it is."""
    comment = reversion.comment if reversion else ""
    return edit_article(
        revert_article, article_id, request, caller, service, status=201, number=number, comment=comment
    )


@router.get(
    "/{article_id}/translations",
    operation_id="articleTranslations",
    summary="Its translations / ترجمه‌ها",
)
def translations(
    article_id: Id, request: Request, caller: Reader, service: TheService
) -> PageOf[ArticleShown]:
    """Served articles of the same translation group, each with whether it has fallen behind."""
    with service.database.reading() as session:
        view = view_of(session, article_id, caller, service)
        found = article_translations(
            session, caller_visibility=visibility_for(caller, service), article=view.article
        )
    return PageOf[ArticleShown](items=[shown_to(caller, one, request, service) for one in found])


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
    return edit_article(change_article, article_id, request, caller, service, **given)


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
        lines=[shown_line(line) for line in lines],
    )
