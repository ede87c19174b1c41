"""What is done again and again: each recurrence waits in the outbox as a job that is due at its next time.

Whoever hands out jobs (the relay, the embedded worker) looks after this once a minute. At most one job of a
kind waits, so any number of them may look; what was missed while nothing ran is done once, at the next
start; and the next is set when the last has ended, so nothing waits behind one whose worker was killed, or
that has to be tried again.
"""

import time as clock
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from kb.clock import utc_now
from kb.database import Database, serialise
from kb.outbox import Job, enqueue
from kb.passage import Edition
from kb.vocabulary import EditionState, JobName, JobState
from workers.conflicts import COMPARED

LOOK_SECONDS = 60.0
_OPEN = (JobState.PENDING, JobState.RUNNING)
#: so long nothing new was published before everything is compared again
QUIET = timedelta(minutes=5)
#: where there is never so long a pause
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A kind of job about the whole record, and when it is due every day, on the installation's clock."""

    name: JobName
    at: time


RECURRENCES = (
    Recurrence(JobName.FIND_CONFLICTS, time(2, 30)),
    Recurrence(JobName.CHECK_HYPERLINKS, time(3, 30)),
    Recurrence(JobName.REMIND, time(7, 30)),
    Recurrence(JobName.PURGE, time(4, 30)),
)
#: nobody waits for them: whatever else is due goes first
UNHURRIED = frozenset(recurrence.name for recurrence in RECURRENCES)


def next_time(at: time, *, after: datetime, zone: ZoneInfo) -> datetime:
    """The first moment later than `after` at which clocks in `zone` show `at`.

    On a day whose clocks skip it, the moment they would have shown it.
    """
    day = after.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, at, zone).astimezone(after.tzinfo)
        if moment > after:
            return moment
        day += timedelta(days=1)


def keep_schedule(session: Session, *, zone: ZoneInfo, now: datetime) -> None:
    """Let a job of every recurrence wait, and compare everything where something new was published."""
    serialise(session, "schedule")
    for recurrence in RECURRENCES:
        if session.scalar(_of(recurrence.name, func.count()).where(Job.state.in_(_OPEN))):
            continue
        # Another machine's clock may be ahead, and have done already what is due here only now.
        last = session.scalar(_of(recurrence.name, func.max(Job.due_at)))
        after = now if last is None else max(now, last)
        due_at = next_time(recurrence.at, after=after, zone=zone)
        enqueue(session, name=recurrence.name, subject_id="", due_at=due_at)
    if _is_sweep_wanted(session, now):
        enqueue(session, name=JobName.FIND_CONFLICTS, subject_id="", due_at=now)


@dataclass(slots=True)
class Keeper:
    """Looks after the schedule once a minute; for loops that come round more often."""

    database: Database
    zone: ZoneInfo
    _looked_at: float = field(default=-LOOK_SECONDS)

    def look(self) -> None:
        """Look if it is time to."""
        if clock.monotonic() - self._looked_at < LOOK_SECONDS:
            return
        with self.database.transaction() as session:
            keep_schedule(session, zone=self.zone, now=utc_now())
        self._looked_at = clock.monotonic()


def _is_sweep_wanted(session: Session, now: datetime) -> bool:
    """Whether something was published since everything was compared last, and publishing has paused."""
    began = session.scalar(_of(JobName.FIND_CONFLICTS, func.max(Job.started_at)))
    published = select(func.min(Edition.live_at), func.max(Edition.live_at)).where(
        Edition.state == EditionState.LIVE, Edition.origin_kind.in_(COMPARED)
    )
    if began is not None:
        published = published.where(Edition.live_at > began)
    first, latest = session.execute(published).one()
    if first is None or latest is None:
        return False
    return now - latest >= QUIET or now - first >= LONGEST_WAIT


def _of(name: JobName, wanted: ColumnElement[Any]) -> Select[Any]:
    return select(wanted).where(Job.subject_id == "", Job.name == name)
