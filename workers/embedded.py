"""The worker without a broker: takes due jobs from the outbox and calls their Celery tasks itself."""

import logging
import time
from collections.abc import Collection

from sqlalchemy import and_, or_, select

from kb.clock import utc_now
from kb.database import Database
from kb.outbox import Job, hold_jobs, release_leases
from kb.vocabulary import JobName, JobState
from workers.celery_app import CELERY_TASKS
from workers.lease import RECORD_AWAY, is_away
from workers.resources import Resources
from workers.schedule import UNHURRIED, Keeper

log = logging.getLogger(__name__)

#: how long an idle worker waits before it looks again: one indexed read
IDLE_SECONDS = 0.2
#: before it looks again after the record could not be read or written
AWAY_SECONDS = 2.0
#: between holding a job and taking it; a worker killed in between costs this much time
HOLD_SECONDS = 2.0


def work(resources: Resources) -> None:
    """Perform jobs, oldest due first, one at a time, until `resources.stopping` is set."""
    keeper = Keeper(resources.database, resources.settings.zone)
    while not resources.stopping.is_set():
        try:
            keeper.look()
            worked = work_once(resources)
        except RECORD_AWAY as error:
            if not is_away(error):
                raise
            log.error("the record is not available: %s", error)
            resources.stopping.wait(AWAY_SECONDS)
            continue
        if not worked:
            resources.stopping.wait(IDLE_SECONDS)


def work_once(resources: Resources) -> bool:
    """Perform one job; False when none is due. What nobody waits for comes last."""
    hurried = CELERY_TASKS.keys() - UNHURRIED
    due = next((names for names in (hurried, UNHURRIED) if _is_anything_due(resources.database, names)), None)
    if due is None:
        return False
    with resources.database.transaction() as session:
        held = hold_jobs(
            session,
            holder=resources.worker,
            limit=1,
            hold_seconds=HOLD_SECONDS,
            only=due,
            attempt_limit=resources.settings.job_attempts,
        )
    if not held:
        return False
    job = held[0]
    started = time.monotonic()
    CELERY_TASKS[job.name](job.id)
    log.debug("job %s (%s %s): %.2f s", job.id, job.name, job.subject_id, time.monotonic() - started)
    return True


def hand_back(resources: Resources) -> None:
    """Give up what this process still holds, as far as the record can be written."""
    try:
        with resources.database.transaction() as session:
            release_leases(session, worker_prefix=resources.worker)
    except RECORD_AWAY as error:
        log.error("the job at hand waits for its lease to run out: %s", error)


def _is_anything_due(database: Database, names: Collection[JobName]) -> bool:
    """A look without a lock, so that an idle worker stands in nobody's way."""
    now = utc_now()
    free = or_(Job.lease_until.is_(None), Job.lease_until <= now)
    pending = and_(Job.state == JobState.PENDING, Job.due_at <= now)
    statement = select(Job.id).where(or_(pending, Job.state == JobState.RUNNING), free, Job.name.in_(names))
    with database.reading() as session:
        return session.scalar(statement.limit(1)) is not None
