"""Reviews: the queue of what waits for a look, asking for one, approving, asking for changes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.conditional import IF_MATCH
from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Cursor, Id, IdValue, Limit, PageOf
from api.permissions import DESK, RELEASING, WRITING
from api.routes.article_answers import edit_article, shown_to, view_of
from api.routes.article_schemas import ArticleShown
from api.routes.review_schemas import (
    Approval,
    ChangesWanted,
    Queued,
    ReviewRequest,
    ReviewShown,
    shown_review,
)
from kb.article import (
    approve_review,
    article_reviews,
    list_reviews,
    request_changes,
    request_review,
    withdraw_review,
)
from kb.visibility import Caller

router = APIRouter(prefix="/v1", tags=["articles"])
Writer = Annotated[Caller, Depends(Admitted(WRITING))]
Reviewer = Annotated[Caller, Depends(Admitted(RELEASING))]
Desk = Annotated[Caller, Depends(Admitted(DESK))]


@router.get("/reviews", operation_id="listReviews", summary="What waits for a review / صف بازبینی")
def queue(
    request: Request,
    caller: Desk,
    service: TheService,
    reviewer_id: Annotated[IdValue | None, Query(description="Only what this person should look at")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[Queued]:
    """Articles under review that the caller may see, asked for last first."""
    with service.database.reading() as session:
        page = list_reviews(
            session,
            caller_visibility=visibility_for(caller, service),
            reviewer_id=reviewer_id,
            cursor=cursor,
            limit=limit,
        )
    items = [
        Queued(
            review=shown_review(review, revision_number=view.revision.number),
            article=shown_to(caller, view, request, service),
        )
        for review, view in page.items
    ]
    return PageOf[Queued](items=items, next_cursor=page.next_cursor)


@router.get(
    "/articles/{article_id}/reviews", operation_id="articleReviews", summary="Its reviews / بازبینی‌ها"
)
def of_article(article_id: Id, caller: Desk, service: TheService) -> PageOf[ReviewShown]:
    """An article's reviews, newest first."""
    with service.database.reading() as session:
        view_of(session, article_id, caller, service)
        reviews = article_reviews(session, article_id=article_id)
    return PageOf[ReviewShown](
        items=[shown_review(review, revision_number=number) for review, number in reviews]
    )


@router.post(
    "/articles/{article_id}/review",
    operation_id="requestReview",
    response_model=ArticleShown,
    summary="Ask for a review / درخواست بازبینی",
    openapi_extra=IF_MATCH,
)
def ask(
    article_id: Id,
    request: Request,
    caller: Writer,
    service: TheService,
    wanted: ReviewRequest | None = None,
) -> Response:
    """Put the working revision into the queue; what is there already keeps its place."""
    reviewer_id = wanted.reviewer_id if wanted else None
    return edit_article(request_review, article_id, request, caller, service, reviewer_id=reviewer_id)


@router.delete(
    "/articles/{article_id}/review",
    operation_id="withdrawReview",
    response_model=ArticleShown,
    summary="Take it out of the queue / پس گرفتن درخواست",
    openapi_extra=IF_MATCH,
)
def withdraw(article_id: Id, request: Request, caller: Writer, service: TheService) -> Response:
    """Nobody is asked for a look any more; the article's state stays."""
    return edit_article(withdraw_review, article_id, request, caller, service)


@router.post(
    "/articles/{article_id}/review/approve",
    operation_id="approveReview",
    response_model=ArticleShown,
    summary="Approve / تأیید",
    openapi_extra=IF_MATCH,
)
def approve(
    article_id: Id,
    request: Request,
    caller: Reviewer,
    service: TheService,
    approval: Approval | None = None,
) -> Response:
    """Say that the revision under review is right; the article counts as validated."""
    comment = approval.comment if approval else ""
    return edit_article(approve_review, article_id, request, caller, service, comment=comment)


@router.post(
    "/articles/{article_id}/review/request-changes",
    operation_id="requestChanges",
    response_model=ArticleShown,
    summary="Ask for changes / درخواست اصلاح",
    openapi_extra=IF_MATCH,
)
def refuse(
    article_id: Id, wanted: ChangesWanted, request: Request, caller: Reviewer, service: TheService
) -> Response:
    """Send the revision under review back to its author, with what must change."""
    return edit_article(request_changes, article_id, request, caller, service, comment=wanted.comment)
