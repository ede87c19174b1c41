"""What readers flagged: the queue, and what came of each."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.error_responses import status_of
from api.fields import Cursor, Id
from api.flagging import fix_path
from api.links import page_path
from api.permissions import AT_DESK
from api.service import Service
from api.web.desk.forms import Form, Typed
from api.web.desk.layout import desk_page
from api.web.desk.problems import problem_words
from kb.article.editing import is_owned
from kb.article.model import Article
from kb.errors import KbError, MessageLanguage
from kb.flag import Flag, FlagQueue, close_flag, list_flags, reopen_flag, take_flag
from kb.paging import Page
from kb.people import person_names
from kb.title import find_titles
from kb.visibility import Caller
from kb.vocabulary import FlagState, OriginKind, Role

router = APIRouter(prefix="/desk/flags", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]
_ROWS = 20


class FlagTab(StrEnum):
    OPEN = "open"
    #: on what the person or a team of theirs owns
    OWN = "own"
    RAISED = "raised"
    CLOSED = "closed"


class ClosingForm(Form):
    state: FlagState
    outcome: Typed = ""


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A flag with everything that its row shows."""

    flag: Flag
    title: str
    href: str
    fix: str | None
    #: None: a visitor, or a program
    by: str | None
    taken_by: str | None
    may_decide: bool


@router.get("")
def flags_page(
    request: Request,
    caller: Person,
    service: TheService,
    show: FlagTab = FlagTab.OPEN,
    cursor: Cursor = None,
) -> Response:
    """The queue, raised last first."""
    return _queue(request, caller, service, show, cursor)


@router.post("/{flag_id}/take")
def take(
    flag_id: Id, request: Request, caller: Person, service: TheService, language: ReaderLanguage
) -> Response:
    """The person sees to it."""
    try:
        with service.database.transaction() as session:
            visibility = visibility_for(caller, service)
            take_flag(session, caller=caller, caller_visibility=visibility, flag_id=flag_id)
    except KbError as error:
        return _refused(error, request, caller, service, language)
    return RedirectResponse(f"/desk/flags?done=taken#flag-{flag_id}", status_code=303)


@router.post("/{flag_id}/close")
def close(
    flag_id: Id,
    form: Annotated[ClosingForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Fixed, or nothing was wrong; an outcome that is refused stays typed."""
    try:
        with service.database.transaction() as session:
            close_flag(
                session,
                caller=caller,
                caller_visibility=visibility_for(caller, service),
                flag_id=flag_id,
                state=form.state,
                outcome=form.outcome,
            )
    except KbError as error:
        return _refused(error, request, caller, service, language, typed={flag_id: form.outcome})
    return RedirectResponse("/desk/flags?done=closed", status_code=303)


@router.post("/{flag_id}/reopen")
def reopen(
    flag_id: Id, request: Request, caller: Person, service: TheService, language: ReaderLanguage
) -> Response:
    """Take the closing back."""
    try:
        with service.database.transaction() as session:
            visibility = visibility_for(caller, service)
            reopen_flag(session, caller=caller, caller_visibility=visibility, flag_id=flag_id)
    except KbError as error:
        return _refused(error, request, caller, service, language)
    return RedirectResponse(f"/desk/flags?done=reopened#flag-{flag_id}", status_code=303)


def _refused(
    error: KbError,
    request: Request,
    caller: Caller,
    service: Service,
    language: MessageLanguage,
    *,
    typed: dict[str, str] | None = None,
) -> Response:
    problem = problem_words(error, language)
    return _queue(
        request, caller, service, FlagTab.OPEN, None, problem=problem, typed=typed, status=status_of(error)
    )


def _queue(
    request: Request,
    caller: Caller,
    service: Service,
    show: FlagTab,
    cursor: str | None,
    *,
    problem: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    with service.database.reading() as session:
        page = list_flags(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            wanted=_wanted(show, caller),
            cursor=cursor,
            limit=_ROWS,
        )
        rows = _rows(session, page, caller)
    return desk_page(
        request,
        "desk/flags.html",
        service=service,
        caller=caller,
        section="flags",
        status=status,
        rows=rows,
        show=show.value,
        tabs=[tab.value for tab in FlagTab],
        next_address=f"?show={show}&cursor={page.next_cursor}" if page.next_cursor else None,
        is_first=cursor is None,
        problem=problem,
        typed=typed or {},
    )


def _wanted(show: FlagTab, caller: Caller) -> FlagQueue:
    match show:
        case FlagTab.OPEN:
            return FlagQueue()
        case FlagTab.OWN:
            return FlagQueue(owner=caller)
        case FlagTab.RAISED:
            return FlagQueue(state=None, raised_by=caller.person_id)
        case FlagTab.CLOSED:
            return FlagQueue(is_closed=True, state=None)


def _rows(session: Session, page: Page[Flag], caller: Caller) -> list[FlagRow]:
    titles = find_titles(session, {(flag.origin_kind, flag.origin_id) for flag in page.items})
    names = person_names(session, (id for flag in page.items for id in (flag.person_id, flag.taken_by)))
    return [
        FlagRow(
            flag=flag,
            title=titles.get((flag.origin_kind, flag.origin_id), ""),
            href=page_path(flag.origin_kind, flag.origin_id),
            fix=fix_path(session, caller, origin_kind=flag.origin_kind, origin_id=flag.origin_id),
            by=names.get(flag.person_id or ""),
            taken_by=names.get(flag.taken_by or ""),
            may_decide=caller.has_role(Role.CONTRIBUTOR) or _owns(session, flag, caller),
        )
        for flag in page.items
    ]


def _owns(session: Session, flag: Flag, caller: Caller) -> bool:
    if flag.origin_kind is not OriginKind.ARTICLE:
        return False
    article = session.get(Article, flag.origin_id)
    return article is not None and is_owned(article, caller)
