"""One's own reminders, newest first."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService
from api.fields import Cursor, Id
from api.links import page_path
from api.permissions import AT_DESK
from api.web.desk.layout import desk_page
from kb.errors import MessageLanguage
from kb.reminder import KINDS, list_reminders, see_reminder
from kb.visibility import Caller

router = APIRouter(prefix="/desk/reminders", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]
_ROWS = 14
#: where what is told of is seen to
_PAGES = {
    "unkept": "/desk/articles?mark=unkept&owner=mine",
    "expired": "/desk/upkeep?queue=expired&mine=true",
    "unverified": "/desk/upkeep?queue=unverified&mine=true",
    "due": "/desk/upkeep?queue=due&mine=true",
    "flags": "/desk/flags?show=own",
    "reviews": "/desk/reviews",
    "outcomes": "/desk/flags?show=raised",
}


@router.get("")
def reminders_page(
    request: Request, caller: Person, service: TheService, language: ReaderLanguage, cursor: Cursor = None
) -> Response:
    """What was told, a day each."""
    with service.database.reading() as session:
        found = list_reminders(session, caller=caller, cursor=cursor, limit=_ROWS)
    rows = [
        (
            reminder,
            [
                (
                    kind,
                    _PAGES[kind],
                    reminder.data[kind]["count"],
                    _named(reminder.data[kind]["first"], language),
                )
                for kind in KINDS
                if kind in reminder.data
            ],
        )
        for reminder in found.items
    ]
    return desk_page(
        request,
        "desk/reminders.html",
        service=service,
        caller=caller,
        section="overview",
        rows=rows,
        next_address=f"?cursor={found.next_cursor}" if found.next_cursor else None,
        is_first=cursor is None,
    )


@router.post("/{reminder_id}/seen")
def see(reminder_id: Id, caller: Person, service: TheService) -> Response:
    """The person has seen it."""
    with service.database.transaction() as session:
        see_reminder(session, caller=caller, reminder_id=reminder_id)
    return RedirectResponse("/desk/reminders", status_code=303)


def _named(first: list[dict[str, Any]], language: MessageLanguage) -> list[tuple[str, str, str]]:
    """Title, address and, of a set time that was not kept, the reason."""
    return [
        (one["title"], page_path(one["kind"], one["id"]), one.get("why", {}).get(language, ""))
        for one in first
        if one["title"]
    ]
