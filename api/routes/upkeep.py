"""Upkeep: what has to be looked at again, and whose it is."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ConfigDict, Field

from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Body, Cursor, IdValue, Limit, PageOf, Shown
from api.links import base_url, page_path
from api.permissions import DESK, MANAGING
from kb.article import ArticleView
from kb.article.upkeep import (
    REASSIGN_LIMIT,
    UNUSED_DAYS,
    Queue,
    Upkeep,
    count_upkeep,
    list_upkeep,
    reassign_articles,
)
from kb.article.verification import Standing, verification
from kb.clock import utc_now
from kb.visibility import Caller
from kb.vocabulary import ArticleState, Audience, Language, OriginKind

router = APIRouter(prefix="/v1/upkeep", tags=["upkeep"])
Desk = Annotated[Caller, Depends(Admitted(DESK))]
Manager = Annotated[Caller, Depends(Admitted(MANAGING))]
_Days = Annotated[int, Query(ge=1, le=3650, description="How long an unused article has solved nothing")]


class UpkeepShown(Shown):
    """An article that waits to be looked at."""

    article_id: str
    title: str
    url: str
    language: Language
    audience: Audience
    state: ArticleState
    owner_id: str | None
    owner_team_id: str | None
    standing: Standing
    verified_at: datetime | None
    verify_due_at: datetime | None
    verify_every_days: int | None
    use_count: int
    last_used_at: datetime | None
    released_at: datetime | None
    version: int = Field(description="For If-Match, to verify it")


class UpkeepCounts(Shown):
    """How many wait in each queue."""

    unverified: int
    due: int
    expired: int
    unused: int


class Reassignment(Body):
    """Whose articles become whose."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"from_owner_id": "0199f2c4-7c1e", "to_owner_id": "0199f2c4-7c1f"},
                {"from_team_id": "0199f2c4-7c1e", "to_team_id": "0199f2c4-7c1f", "article_ids": []},
            ]
        }
    )

    from_owner_id: IdValue | None = None
    from_team_id: IdValue | None = None
    to_owner_id: IdValue | None = None
    to_team_id: IdValue | None = None
    article_ids: list[IdValue] | None = Field(
        default=None, max_length=REASSIGN_LIMIT, description="Only these of them; all unless given"
    )


class Reassigned(Shown):
    article_ids: list[str]
    is_complete: bool = Field(description="Whether nothing is left; otherwise repeat")


@router.get("", operation_id="listUpkeep", summary="What must be looked at again / نیازمند بازنگری")
def list_(
    request: Request,
    caller: Desk,
    service: TheService,
    queue: Queue,
    mine: Annotated[bool, Query(description="Only what I, or my teams, own")] = False,
    owner_id: IdValue | None = None,
    owner_team_id: IdValue | None = None,
    has_owner: bool | None = None,
    language: Language | None = None,
    audience: Audience | None = None,
    days: _Days = UNUSED_DAYS,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[UpkeepShown]:
    """Served articles that are due, expired, not vouched for, or never used; what waits longest first."""
    wanted = Upkeep(
        queue=queue,
        owner=caller if mine else None,
        owner_id=owner_id,
        owner_team_id=owner_team_id,
        has_owner=has_owner,
        language=language,
        audience=audience,
        unused_days=days,
    )
    now = utc_now()
    with service.database.reading() as session:
        page = list_upkeep(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            wanted=wanted,
            now=now,
            cursor=cursor,
            limit=limit,
        )
    base = base_url(request, service)
    items = [_shown(view, base, now) for view in page.items]
    return PageOf[UpkeepShown](items=items, next_cursor=page.next_cursor)


@router.get("/counts", operation_id="countUpkeep", summary="How many wait / شمار هر صف")
def counts(
    caller: Desk,
    service: TheService,
    mine: bool = False,
    days: _Days = UNUSED_DAYS,
) -> UpkeepCounts:
    """How many articles wait in each queue, of those the caller may see."""
    now, owner = utc_now(), caller if mine else None
    visibility = visibility_for(caller, service)
    with service.database.reading() as session:
        found = {
            queue.value: count_upkeep(
                session,
                caller_visibility=visibility,
                wanted=Upkeep(queue, owner=owner, unused_days=days),
                now=now,
            )
            for queue in Queue
        }
    return UpkeepCounts(**found)


@router.post(
    "/reassign", operation_id="reassignArticles", summary="Give articles to others / واگذاری مقاله‌ها"
)
def reassign(wanted: Reassignment, caller: Manager, service: TheService) -> Reassigned:
    """Give a leaving owner's articles to somebody else, who has to verify them."""
    with service.database.transaction() as session:
        moved = reassign_articles(session, caller=caller, **dict(wanted))
    return Reassigned(article_ids=moved, is_complete=len(moved) < REASSIGN_LIMIT)


def _shown(view: ArticleView, base: str, now: datetime) -> UpkeepShown:
    article = view.article
    standing = verification(
        verified_at=article.verified_at,
        due=article.verify_due_at,
        every_days=article.verify_every_days,
        now=now,
    ).standing
    return UpkeepShown(
        article_id=article.id,
        title=view.revision.title,
        url=base + page_path(OriginKind.ARTICLE, article.id),
        language=article.language,
        audience=article.audience,
        state=article.state,
        owner_id=article.owner_id,
        owner_team_id=article.owner_team_id,
        standing=standing,
        verified_at=article.verified_at,
        verify_due_at=article.verify_due_at,
        verify_every_days=article.verify_every_days,
        use_count=article.use_count,
        last_used_at=article.last_used_at,
        released_at=article.released_at,
        version=article.version,
    )
