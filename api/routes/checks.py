"""Checks before a release: which questions would lose their answer, or get one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.conditional import IF_MATCH, expected_version
from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Id, PageOf, Shown
from api.permissions import DESK, WRITING
from api.release_checks import look_at
from api.service import Service
from kb.article import get_article
from kb.article.release_check import ReleaseCheck, article_checks, request_check
from kb.edition import origins_in_sight
from kb.visibility import Caller
from kb.vocabulary import CheckState

router = APIRouter(prefix="/v1/articles/{article_id}/checks", tags=["articles"])
Writer = Annotated[Caller, Depends(Admitted(WRITING))]
Desk = Annotated[Caller, Depends(Admitted(DESK))]


_FIRST = ("first_before", "first_after")
_NAMES_ORIGINS = ("article_id", *_FIRST)


class CheckedQuery(Shown):
    """A question whose answer changes; ranks count from 1, null is none of the first ten."""

    text: str
    article_id: str = Field(description="The article that must answer it")
    origin: str = Field(description="issue, learnt or link")
    own: bool = Field(description="Whether that is the article being released")
    outcome: str = Field(description="newly_answered, displaced, broken or unanswered")
    before: int | None
    after: int | None
    first_before: str | None
    first_after: str | None


class CheckShown(Shown):
    """One check of one revision."""

    id: str
    article_id: str
    revision_id: str
    state: CheckState
    requested_at: datetime
    finished_at: datetime | None
    broken_count: int
    counts: dict[str, int] = Field(description="Questions by outcome, those kept as they were included")
    queries: list[CheckedQuery]
    error_code: str | None
    override_reason: str


@router.post(
    "",
    status_code=202,
    operation_id="checkArticle",
    response_model=CheckShown,
    summary="Check before a release / بررسی پیش از انتشار",
    openapi_extra=IF_MATCH,
)
def request(article_id: Id, request: Request, caller: Writer, service: TheService) -> Response:
    """Have the working revision checked; read the check until its state is `done`."""
    version = expected_version(request, caller)
    with service.database.transaction() as session:
        check = request_check(session, caller=caller, article_id=article_id, expected_version=version)
        shown = _shown(session, check, caller, service)
    headers = {"Location": f"/v1/articles/{article_id}/checks/{shown.id}"}
    return JSONResponse(shown.model_dump(mode="json"), status_code=202, headers=headers)


@router.get("", operation_id="listChecks", summary="Its checks / بررسی‌ها")
def list_(article_id: Id, caller: Desk, service: TheService) -> PageOf[CheckShown]:
    """Checks of an article, newest first."""
    _require_sight(service, caller, article_id)
    with service.database.reading() as session:
        checks = article_checks(session, article_id=article_id)
        return PageOf[CheckShown](items=[_shown(session, check, caller, service) for check in checks])


@router.get("/{check_id}", operation_id="readCheck", summary="One check / یک بررسی")
def read(article_id: Id, check_id: Id, caller: Desk, service: TheService) -> CheckShown:
    """How a check stands, or what it found."""
    _require_sight(service, caller, article_id)
    check = look_at(service, article_id=article_id, check_id=check_id)
    with service.database.reading() as session:
        return _shown(session, check, caller, service)


def _require_sight(service: Service, caller: Caller, article_id: str) -> None:
    with service.database.reading() as session:
        get_article(
            session,
            caller_visibility=visibility_for(caller, service),
            caller=caller,
            article_id=article_id,
        )


def _shown(session: Session, check: ReleaseCheck, caller: Caller, service: Service) -> CheckShown:
    report: dict[str, Any] = check.report or {"counts": {}, "queries": []}
    return CheckShown(
        id=check.id,
        article_id=check.article_id,
        revision_id=check.revision_id,
        state=check.state,
        requested_at=check.requested_at,
        finished_at=check.finished_at,
        broken_count=check.broken_count,
        counts=report["counts"],
        queries=_queries_in_sight(session, check.article_id, report["queries"], caller, service),
        error_code=check.error_code,
        override_reason=check.override_reason,
    )


def _queries_in_sight(
    session: Session, article_id: str, rows: Sequence[dict[str, Any]], caller: Caller, service: Service
) -> list[CheckedQuery]:
    """What was replayed is what the article's readers ask; the caller may see fewer of its neighbours."""
    ids = {row[name] for row in rows for name in _NAMES_ORIGINS if row[name] is not None}
    seen = origins_in_sight(session, origin_ids=ids, visibility=visibility_for(caller, service)) | {
        article_id
    }
    return [
        CheckedQuery(**row | {name: row[name] if row[name] in seen else None for name in _FIRST})
        for row in rows
        if row["article_id"] in seen
    ]
