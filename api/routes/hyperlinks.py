"""Hyperlinks in what is served, as they were last tried."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Cursor, IdValue, Limit, PageOf, Shown
from api.links import base_url, page_path
from api.permissions import DESK
from kb.hyperlink import list_hyperlinks
from kb.title import find_titles
from kb.visibility import Caller
from kb.vocabulary import OriginKind

router = APIRouter(prefix="/v1/hyperlinks", tags=["upkeep"])
Desk = Annotated[Caller, Depends(Admitted(DESK))]


class HyperlinkShown(Shown):
    """An address in an article, and what came of trying it."""

    article_id: str
    title: str
    url: str = Field(description="The article's page")
    address: str
    is_broken: bool | None = Field(
        description="null: not known, such as an address elsewhere that is not tried"
    )
    outcome: str = Field(description="A code, such as `no_such_heading`, `404`, `no_answer`")
    tried_at: datetime | None


@router.get("", operation_id="listHyperlinks", summary="Broken links / پیوندهای شکسته")
def list_(
    request: Request,
    caller: Desk,
    service: TheService,
    broken: Annotated[bool | None, Query(description="Only broken, or only whole ones")] = None,
    article_id: IdValue | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[HyperlinkShown]:
    """Addresses in articles that the caller may see, by article; tried every night."""
    with service.database.reading() as session:
        page = list_hyperlinks(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            is_broken=broken,
            article_id=article_id,
            cursor=cursor,
            limit=limit,
        )
        titles = find_titles(session, {(OriginKind.ARTICLE, row.article_id) for row in page.items})
    base = base_url(request, service)
    items = [
        HyperlinkShown(
            article_id=row.article_id,
            title=titles.get((OriginKind.ARTICLE, row.article_id), ""),
            url=base + page_path(OriginKind.ARTICLE, row.article_id),
            address=row.address,
            is_broken=row.is_broken,
            outcome=row.outcome,
            tried_at=row.tried_at,
        )
        for row in page.items
    ]
    return PageOf[HyperlinkShown](items=items, next_cursor=page.next_cursor)
