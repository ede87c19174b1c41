"""The review queue."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Cursor
from api.permissions import AT_DESK
from api.web.desk.layout import desk_page
from kb.article import list_reviews
from kb.people import person_names
from kb.visibility import Caller

router = APIRouter(prefix="/desk/reviews", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]


class ReviewTab(StrEnum):
    ALL = "all"
    MINE = "mine"


@router.get("")
def reviews_page(
    request: Request,
    caller: Person,
    service: TheService,
    show: ReviewTab = ReviewTab.ALL,
    cursor: Cursor = None,
) -> Response:
    """What waits for somebody's look, asked for last first."""
    with service.database.reading() as session:
        found = list_reviews(
            session,
            caller_visibility=visibility_for(caller, service),
            reviewer_id=caller.id if show is ReviewTab.MINE else None,
            cursor=cursor,
            limit=30,
        )
        ids = [id for review, _ in found.items for id in (review.requested_by, review.reviewer_id)]
        names = person_names(session, ids)
    return desk_page(
        request,
        "desk/reviews.html",
        service=service,
        caller=caller,
        section="reviews",
        rows=found.items,
        names=names,
        show=show.value,
        tabs=[tab.value for tab in ReviewTab],
        next_address=f"?show={show}&cursor={found.next_cursor}" if found.next_cursor else None,
        is_first=cursor is None,
    )
