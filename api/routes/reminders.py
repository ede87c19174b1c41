"""Reminders: what waits for whoever asks, as it was told them, a day at a time."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from api.dependencies import Admitted, ReaderLanguage, TheService
from api.fields import Cursor, Id, Limit, PageOf, Shown
from api.links import page_path
from api.permissions import AT_DESK
from kb.errors import MessageLanguage
from kb.reminder import Reminder, list_reminders, see_reminder
from kb.visibility import Caller
from kb.vocabulary import OriginKind

router = APIRouter(prefix="/v1/reminders", tags=["upkeep"])
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]


class Named(Shown):
    kind: OriginKind
    id: str
    title: str
    url: str
    why: str = Field(default="", description="Of a set time that was not kept: in the reader's language")


class Told(Shown):
    """How many of a kind wait, and the first of them."""

    count: int
    first: list[Named]


class ReminderShown(Shown):
    """What waited for a person on a day; kinds of which nothing waited are left out."""

    id: str
    day: date
    waiting: dict[str, Told]
    created_at: datetime
    seen_at: datetime | None
    mailed_at: datetime | None


@router.get("", operation_id="listReminders", summary="My reminders / یادآوری‌های من")
def list_(
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[ReminderShown]:
    """One's own reminders, newest first; at most one a day."""
    with service.database.reading() as session:
        page = list_reminders(session, caller=caller, cursor=cursor, limit=limit)
    return PageOf[ReminderShown](
        items=[_shown(one, language) for one in page.items], next_cursor=page.next_cursor
    )


@router.post("/{reminder_id}/seen", operation_id="seeReminder", summary="I have seen it / دیدم")
def see(reminder_id: Id, caller: Person, service: TheService, language: ReaderLanguage) -> ReminderShown:
    """Say that one has seen one's own reminder."""
    with service.database.transaction() as session:
        return _shown(see_reminder(session, caller=caller, reminder_id=reminder_id), language)


def _named(one: dict[str, Any], language: MessageLanguage) -> Named:
    why = one.get("why", {}).get(language, "")
    return Named(
        kind=one["kind"], id=one["id"], title=one["title"], url=page_path(one["kind"], one["id"]), why=why
    )


def _shown(reminder: Reminder, language: MessageLanguage) -> ReminderShown:
    waiting = {
        kind: Told(
            count=told["count"],
            first=[_named(one, language) for one in told["first"]],
        )
        for kind, told in reminder.data.items()
    }
    return ReminderShown(
        id=reminder.id,
        day=reminder.day,
        waiting=waiting,
        created_at=reminder.created_at,
        seen_at=reminder.seen_at,
        mailed_at=reminder.mailed_at,
    )
