"""Flags: raised by whoever reads, seen to at the desk."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Body, Cursor, Id, IdValue, Limit, PageOf, ShortText, Shown
from api.flagging import fix_path, raise_from
from api.links import base_url, page_path
from api.once import Created, OnceOnly
from api.permissions import DESK, FLAGGING
from api.service import Service
from kb.flag import Flag, FlagQueue, close_flag, get_flag, list_flags, reopen_flag, take_flag
from kb.title import find_titles
from kb.visibility import Caller
from kb.vocabulary import FlagReason, FlagState, OriginKind

router = APIRouter(prefix="/v1/flags", tags=["flags"])
Reader = Annotated[Caller, Depends(Admitted(FLAGGING))]
Desk = Annotated[Caller, Depends(Admitted(DESK))]


class NewFlag(Body):
    """That something is not right."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "origin_kind": "article",
                    "origin_id": "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22",
                    "reason": "stale",
                    "text": "این شماره دیگر پاسخ نمی‌دهد.",
                },
                {"origin_kind": "source", "origin_id": "0199f2c4-7c1e", "reason": "unclear"},
            ]
        }
    )

    origin_kind: OriginKind
    origin_id: IdValue
    reason: FlagReason
    text: ShortText = Field(default="", description="What is not right; needed where the reason is `other`")
    query: ShortText = Field(default="", description="What was asked / آنچه پرسیده شده بود")


class Closing(Body):
    """What came of a flag."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"state": "fixed", "outcome": "شماره اصلاح شد."},
                {"state": "dismissed", "outcome": "The number is right; it answers from 8 to 22."},
            ]
        }
    )

    state: FlagState = Field(description="`fixed` or `dismissed`")
    outcome: ShortText = Field(default="", description="For who raised it; needed to dismiss")


class FlagRaised(Shown):
    """What whoever raised it gets back."""

    id: str
    state: FlagState
    fix_url: str | None = Field(description="Where the caller can put it right at once, if licensed to")


class FlagShown(Shown):
    """A flag as the desk sees it."""

    id: str
    origin_kind: OriginKind
    origin_id: str
    title: str
    url: str
    revision_id: str | None = Field(description="Of an article: what was read")
    reason: FlagReason
    text: str = Field(description="Personal data masked")
    query: str
    state: FlagState
    raised_by: str
    raised_at: datetime
    taken_by: str | None
    taken_at: datetime | None
    closed_by: str | None
    closed_at: datetime | None
    outcome: str
    fix_url: str | None


@router.post(
    "",
    status_code=201,
    operation_id="raiseFlag",
    response_model=FlagRaised,
    summary="This is not right / این درست نیست",
    responses={
        404: {"description": "What is flagged is absent, or not visible to this caller / یافت نشد"},
        429: {"description": "Visitors may raise a few an hour / گزارش‌های زیاد از یک جا"},
    },
)
def new(new: NewFlag, request: Request, caller: Reader, service: TheService, once: OnceOnly) -> Response:
    """Flag what is wrong, unclear, stale or incomplete; visitors may, too, a few times an hour."""

    def effect(session: Session) -> Created:
        flag = raise_from(session, request, service, caller=caller, **dict(new))
        path = fix_path(session, caller, origin_kind=new.origin_kind, origin_id=new.origin_id)
        url = base_url(request, service) + path if path else None
        return Created(FlagRaised(id=flag.id, state=flag.state, fix_url=url))

    return once.answer(service, new.model_dump(mode="json"), effect)


@router.get("", operation_id="listFlags", summary="What readers flagged / گزارش‌های خوانندگان")
def list_(
    request: Request,
    caller: Desk,
    service: TheService,
    state: FlagState | None = FlagState.OPEN,
    reason: FlagReason | None = None,
    origin_id: IdValue | None = None,
    mine: Annotated[bool, Query(description="Only on what I, or my teams, own")] = False,
    raised_by_me: bool = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[FlagShown]:
    """Flags on what the caller may see, raised last first."""
    wanted = FlagQueue(
        state=state,
        reason=reason,
        origin_id=origin_id,
        owner=caller if mine else None,
        raised_by=(caller.person_id or "-") if raised_by_me else None,
    )
    with service.database.reading() as session:
        page = list_flags(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            wanted=wanted,
            cursor=cursor,
            limit=limit,
        )
        items = _shown(session, page.items, request, caller, service)
    return PageOf[FlagShown](items=items, next_cursor=page.next_cursor)


@router.get("/{flag_id}", operation_id="readFlag", summary="One flag / یک گزارش")
def read(flag_id: Id, request: Request, caller: Desk, service: TheService) -> FlagShown:
    """A flag with what came of it."""
    with service.database.reading() as session:
        visibility = visibility_for(caller, service)
        flag = get_flag(session, caller=caller, caller_visibility=visibility, flag_id=flag_id)
        return _shown(session, (flag,), request, caller, service)[0]


@router.post("/{flag_id}/take", operation_id="takeFlag", summary="I see to it / رسیدگی با من")
def take(flag_id: Id, request: Request, caller: Desk, service: TheService) -> FlagShown:
    """Say that the caller sees to it."""
    with service.database.transaction() as session:
        visibility = visibility_for(caller, service)
        flag = take_flag(session, caller=caller, caller_visibility=visibility, flag_id=flag_id)
        return _shown(session, (flag,), request, caller, service)[0]


@router.post("/{flag_id}/close", operation_id="closeFlag", summary="What came of it / نتیجهٔ رسیدگی")
def close(flag_id: Id, closing: Closing, request: Request, caller: Desk, service: TheService) -> FlagShown:
    """Close a flag as fixed or dismissed; who raised it is told."""
    with service.database.transaction() as session:
        flag = close_flag(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            flag_id=flag_id,
            state=closing.state,
            outcome=closing.outcome,
        )
        return _shown(session, (flag,), request, caller, service)[0]


@router.post("/{flag_id}/reopen", operation_id="reopenFlag", summary="Open it again / بازگشایی")
def reopen(flag_id: Id, request: Request, caller: Desk, service: TheService) -> FlagShown:
    """Take the closing back."""
    with service.database.transaction() as session:
        visibility = visibility_for(caller, service)
        flag = reopen_flag(session, caller=caller, caller_visibility=visibility, flag_id=flag_id)
        return _shown(session, (flag,), request, caller, service)[0]


def _shown(
    session: Session, flags: tuple[Flag, ...], request: Request, caller: Caller, service: Service
) -> list[FlagShown]:
    titles = find_titles(session, {(flag.origin_kind, flag.origin_id) for flag in flags})
    base = base_url(request, service)
    shown = []
    for flag in flags:
        path = fix_path(session, caller, origin_kind=flag.origin_kind, origin_id=flag.origin_id)
        shown.append(
            FlagShown(
                id=flag.id,
                origin_kind=flag.origin_kind,
                origin_id=flag.origin_id,
                title=titles.get((flag.origin_kind, flag.origin_id), ""),
                url=base + page_path(flag.origin_kind, flag.origin_id),
                revision_id=flag.revision_id,
                reason=flag.reason,
                text=flag.text,
                query=flag.query,
                state=flag.state,
                raised_by=flag.raised_by,
                raised_at=flag.raised_at,
                taken_by=flag.taken_by,
                taken_at=flag.taken_at,
                closed_by=flag.closed_by,
                closed_at=flag.closed_at,
                outcome=flag.outcome,
                fix_url=base + path if path else None,
            )
        )
    return shown
