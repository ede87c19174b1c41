"""The moves of an article at the desk: each the verb of the record, and its page again."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, TheService
from api.fields import Id
from api.permissions import AT_DESK
from api.release_checks import ensure_checked
from api.service import Service
from api.web.dates import typed_moment
from api.web.desk.article_page import show_refusal
from api.web.desk.forms import Form, Typed, Version
from kb.article import (
    Article,
    approve_review,
    archive_article,
    change_article,
    release_article,
    request_changes,
    request_review,
    restore_article,
    schedule_article,
    verify_article,
    withdraw_review,
)
from kb.errors import KbError
from kb.lifecycle import STATE_VERBS
from kb.visibility import Caller

router = APIRouter(prefix="/desk/articles/{article_id}", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]

Move = Literal[
    "request_review",
    "withdraw_review",
    "approve",
    "request_changes",
    "release",
    "verify",
    "submit",
    "validate",
    "rework",
    "archive",
    "restore",
]
_VERBS: dict[str, Callable[..., Article]] = {
    "request_review": request_review,
    "withdraw_review": withdraw_review,
    "approve": approve_review,
    "request_changes": request_changes,
    "release": release_article,
    "verify": verify_article,
    "archive": archive_article,
    "restore": restore_article,
}
_STATES = {verb.value: state for state, verb in STATE_VERBS.items()}


class MoveForm(Form):
    """What a move may come with; each takes what is its own."""

    version: Version = 0
    comment: Typed = ""
    reviewer_id: Typed = ""
    override: Typed = ""


class ScheduleForm(Form):
    """Day and time as people write them; empty: not at a set time."""

    version: Version = 0
    release_at: Typed = ""
    archive_at: Typed = ""
    override: Typed = ""
    #: the names of those that the form offered: an empty field looks like one that is not there
    times: list[Literal["release_at", "archive_at"]] = Field(default=[], max_length=2)


@router.post("/moves/{move}")
def make_move(
    article_id: Id,
    move: Move,
    form: Annotated[MoveForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
) -> Response:
    """Make a move; where it is refused the page says why and keeps what was typed."""
    try:
        if move == "release":
            ensure_checked(service, caller=caller, article_id=article_id, expected_version=form.version)
        verb, given = _verb_of(move, form)
        with service.database.transaction() as session:
            verb(session, caller=caller, article_id=article_id, expected_version=form.version, **given)
    except KbError as error:
        return show_refusal(
            error,
            article_id,
            request,
            caller,
            service,
            typed={"comment": form.comment, "override": form.override},
        )
    return _back(article_id, f"move_{move}")


@router.post("/check")
def check(
    article_id: Id,
    form: Annotated[MoveForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
) -> Response:
    """Have the working revision checked, and show the report."""
    try:
        ensure_checked(service, caller=caller, article_id=article_id, expected_version=form.version)
    except KbError as error:
        return show_refusal(error, article_id, request, caller, service)
    return RedirectResponse(f"/desk/articles/{article_id}#check", status_code=303)


@router.post("/schedule")
def schedule(
    article_id: Id,
    form: Annotated[ScheduleForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
) -> Response:
    """Set, change or take back when it is released and when it is archived."""
    try:
        _schedule(article_id, form, caller, service)
    except KbError as error:
        return show_refusal(
            error,
            article_id,
            request,
            caller,
            service,
            typed=form.model_dump(include={"release_at", "archive_at", "override"}),
        )
    return _back(article_id, "scheduled")


def _schedule(article_id: str, form: ScheduleForm, caller: Caller, service: Service) -> None:
    given: dict[str, Any] = {}
    for name in form.times:
        given[name] = typed_moment(getattr(form, name), field=name)
    if given.get("release_at") is not None:
        ensure_checked(service, caller=caller, article_id=article_id, expected_version=form.version)
    with service.database.transaction() as session:
        schedule_article(
            session,
            caller=caller,
            article_id=article_id,
            expected_version=form.version,
            override_reason=form.override,
            **given,
        )


def _verb_of(move: Move, form: MoveForm) -> tuple[Callable[..., Article], dict[str, Any]]:
    """The verb and what it takes of the form."""
    if move in _STATES and move not in _VERBS:
        return change_article, {"state": _STATES[move]}
    match move:
        case "request_review":
            given: dict[str, Any] = {"reviewer_id": form.reviewer_id or None}
        case "approve" | "request_changes":
            given = {"comment": form.comment}
        case "release":
            given = {"override_reason": form.override}
        case _:
            given = {}
    return _VERBS[move], given


def _back(article_id: str, done: str) -> Response:
    return RedirectResponse(f"/desk/articles/{article_id}?done={done}", status_code=303)
