"""Upkeep: what must be looked at again, verified here, or given to somebody else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi import Form as Sent
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.error_responses import status_of
from api.fields import Cursor, Id, Part
from api.flagging import fix_path
from api.permissions import AT_DESK
from api.service import Service
from api.web.desk.forms import Form, Version
from api.web.desk.layout import desk_page
from api.web.desk.problems import problem_words
from kb.article import ArticleView, verify_article
from kb.article.editing import move
from kb.article.model import Article
from kb.article.upkeep import (
    REASSIGN_LIMIT,
    UNUSED_DAYS,
    Queue,
    Upkeep,
    count_upkeep,
    list_upkeep,
    reassign_articles,
)
from kb.clock import utc_now
from kb.errors import Conflict, Forbidden, KbError, NotSignedIn
from kb.lifecycle import ArticleVerb
from kb.people import person_names
from kb.team import list_teams
from kb.user import User
from kb.visibility import Caller
from kb.vocabulary import OriginKind, Role

router = APIRouter(prefix="/desk/upkeep", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]
_ROWS = 20
#: what the owner's choice says where nobody owns it
_NOBODY = "nobody"
_PERSON, _TEAM = "person:", "team:"


class VerifyForm(Form):
    version: Version = 0
    back: str = ""


class ReassignForm(Form):
    """`person:<id>` or `team:<id>`."""

    from_owner: str = ""
    to_owner: str = ""


@dataclass(frozen=True, slots=True)
class UpkeepRow:
    view: ArticleView
    owner: str
    is_overdue: bool
    may_verify: bool
    edit: str | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the page was asked for, as its links repeat it."""

    queue: Queue
    mine: bool
    owner: str
    days: int

    def address(self, **changed: object) -> str:
        """A link to the page with some of it changed."""
        values = {"queue": self.queue.value, "mine": self.mine, "owner": self.owner, "days": self.days}
        kept = {name: value for name, value in (values | changed).items() if value not in ("", None, False)}
        if kept.get("days") == UNUSED_DAYS:
            kept.pop("days")
        return "/desk/upkeep?" + urlencode({name: str(value).lower() for name, value in kept.items()})

    def wanted(self, queue: Queue, caller: Caller) -> Upkeep:
        return Upkeep(
            queue,
            owner=caller if self.mine else None,
            owner_id=_id_in(self.owner, _PERSON),
            owner_team_id=_id_in(self.owner, _TEAM),
            has_owner=False if self.owner == _NOBODY else None,
            unused_days=self.days,
        )


@router.get("")
def upkeep_page(
    request: Request,
    caller: Person,
    service: TheService,
    queue: Queue = Queue.EXPIRED,
    mine: bool = False,
    owner: Part = "",
    days: Annotated[int, Query(ge=1, le=3650)] = UNUSED_DAYS,
    cursor: Cursor = None,
) -> Response:
    """A queue, what waits longest first, and how many wait in the others."""
    return _page(request, caller, service, _Asked(queue, mine, owner, days), cursor)


@router.post("/{article_id}/verify")
def verify(
    article_id: Id,
    form: Annotated[VerifyForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Say that an article still holds as it was seen."""
    queue = Queue(form.back) if form.back in list(Queue) else Queue.EXPIRED
    try:
        with service.database.transaction() as session:
            verify_article(session, caller=caller, article_id=article_id, expected_version=form.version)
    except KbError as error:
        problem = problem_words(error, language)
        asked = _Asked(queue, mine=False, owner="", days=UNUSED_DAYS)
        return _page(request, caller, service, asked, None, problem=problem, status=status_of(error))
    return RedirectResponse(f"/desk/upkeep?queue={queue}&done=verified", status_code=303)


@router.post("/reassign")
def reassign(
    form: Annotated[ReassignForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Give everything of one owner to another."""
    try:
        with service.database.transaction() as session:
            moved = reassign_articles(
                session,
                caller=caller,
                from_owner_id=_id_in(form.from_owner, _PERSON),
                from_team_id=_id_in(form.from_owner, _TEAM),
                to_owner_id=_id_in(form.to_owner, _PERSON),
                to_team_id=_id_in(form.to_owner, _TEAM),
            )
    except KbError as error:
        asked = _Asked(Queue.UNVERIFIED, mine=False, owner="", days=UNUSED_DAYS)
        return _page(
            request,
            caller,
            service,
            asked,
            None,
            problem=problem_words(error, language),
            status=status_of(error),
        )
    done = "reassigned" if len(moved) < REASSIGN_LIMIT else "reassigned_some"
    return RedirectResponse(f"/desk/upkeep?queue=unverified&done={done}", status_code=303)


def _page(
    request: Request,
    caller: Caller,
    service: Service,
    asked: _Asked,
    cursor: str | None,
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    visibility, now = visibility_for(caller, service), utc_now()
    with service.database.reading() as session:
        found = list_upkeep(
            session,
            caller=caller,
            caller_visibility=visibility,
            wanted=asked.wanted(asked.queue, caller),
            now=now,
            cursor=cursor,
            limit=_ROWS,
        )
        counts = {
            queue.value: count_upkeep(
                session, caller_visibility=visibility, wanted=asked.wanted(queue, caller), now=now
            )
            for queue in (Queue.EXPIRED, Queue.DUE, Queue.UNVERIFIED, Queue.UNUSED)
        }
        names = person_names(session, (view.article.owner_id for view in found.items))
        teams = {team.id: team.name for team in list_teams(session)}
        rows = [_row(session, view, caller, names, teams, now) for view in found.items]
        people = _people(session)
    return desk_page(
        request,
        "desk/upkeep.html",
        service=service,
        caller=caller,
        section="upkeep",
        status=status,
        rows=rows,
        asked=asked,
        counts=counts,
        people=[(f"{_PERSON}{id}", name) for id, name, is_active in people if is_active],
        leaving=[(f"{_PERSON}{id}", name) for id, name, _ in people],
        teams=[(f"{_TEAM}{id}", name) for id, name in teams.items()],
        may_reassign=caller.has_role(Role.MANAGER),
        next_address=asked.address(cursor=found.next_cursor) if found.next_cursor else None,
        is_first=cursor is None,
        problem=problem,
    )


def _row(
    session: Session,
    view: ArticleView,
    caller: Caller,
    names: dict[str, str],
    teams: dict[str, str],
    now: datetime,
) -> UpkeepRow:
    article = view.article
    due = article.verify_due_at
    owners = [names.get(article.owner_id or ""), teams.get(article.owner_team_id or "")]
    return UpkeepRow(
        view=view,
        owner="، ".join(owner for owner in owners if owner),
        is_overdue=due is not None and due <= now,
        may_verify=_may(ArticleVerb.VERIFY, article, caller),
        edit=fix_path(session, caller, origin_kind=OriginKind.ARTICLE, origin_id=article.id),
    )


def _may(verb: ArticleVerb, article: Article, caller: Caller) -> bool:
    try:
        move(verb, article, caller)
    except (Forbidden, NotSignedIn, Conflict):
        return False
    return True


def _people(session: Session) -> list[tuple[str, str, bool]]:
    """Everybody by name: id, name, whether they are still here."""
    rows = session.execute(select(User.id, User.name, User.active).order_by(User.name, User.id))
    return [(id, name, active) for id, name, active in rows]


def _id_in(choice: str, prefix: str) -> str | None:
    return choice.removeprefix(prefix) if choice.startswith(prefix) else None
