"""One job, from taking its lease to its end; the same for a broker's message and the embedded worker."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kb.article import leave_unkept
from kb.article.release_check import fail_check
from kb.clock import utc_now
from kb.errors import KbError
from kb.exchange.transfer import fail_transfer
from kb.outbox import Job, fail_job, finish_job, release_leases, take_job
from kb.retry import decide
from kb.source import mark_source_given_up
from kb.vocabulary import JobName
from workers.errors import InternalError, Interrupted
from workers.lease import RECORD_AWAY, Lease, is_away
from workers.resources import Resources

log = logging.getLogger(__name__)

_TRANSFERS = frozenset({JobName.EXPORT_KNOWLEDGE, JobName.PLAN_IMPORT, JobName.APPLY_IMPORT})
#: between attempts to write into a record that cannot be written just now
_SETTLE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task computed: how to store it, in the transaction that ends the job.

    `error`: the job has failed, and `store` keeps what there is to keep about that.
    """

    store: Callable[[Session], None]
    error: KbError | None = None


NOTHING_TO_DO = Outcome(store=lambda _session: None)

#: Loads in short reading sessions, computes with no transaction open, and raises `Interrupted` or a KbError.
Task = Callable[[Resources, Job, Lease], Outcome]


def run_job(resources: Resources, tasks: Mapping[JobName, Task], *, job_id: str) -> bool:
    """Take, perform and end one job; False where there was nothing to do (done, held elsewhere, given up)."""
    with resources.database.transaction() as session:
        job = take_job(
            session,
            job_id=job_id,
            worker=resources.worker,
            lease_seconds=resources.settings.job_lease_seconds,
            attempt_limit=resources.settings.job_attempts,
        )
    if job is None:
        return False
    with Lease(resources, job.id) as lease:
        outcome = _perform(resources, tasks[job.name], job, lease)
        _settle(resources, job, outcome)
    return True


def _perform(resources: Resources, task: Task, job: Job, lease: Lease) -> Outcome | None:
    """What came of the task; None where the job is to be handed back."""
    try:
        return task(resources, job, lease)
    except Interrupted as reason:
        log.info("job %s (%s %s) is handed back: %s", job.id, job.name, job.subject_id, reason)
        return None
    except KbError as error:
        return _failure(job, error)
    except Exception as error:  # a fault of the program costs this job, not the worker and all that waits
        if isinstance(error, RECORD_AWAY) and is_away(error):
            log.warning("job %s (%s %s) lost the record: %s", job.id, job.name, job.subject_id, error)
            return None
        log.exception("job %s (%s %s) failed", job.id, job.name, job.subject_id)
        return _failure(job, InternalError(error=type(error).__name__))


def _failure(job: Job, error: KbError) -> Outcome:
    """The outcome of a task that raised: what waits for a job that is not tried again says why."""

    def store(session: Session) -> None:
        if decide(error.code, job.attempts, utc_now()).retry_at is not None:
            return
        if job.name is JobName.INGEST_SOURCE:
            mark_source_given_up(session, source_id=job.subject_id, error=error)
        elif job.name is JobName.PROPOSE_ARTICLE:
            fail_check(session, article_id=job.subject_id, error=error)
        elif job.name is JobName.MOVE_ARTICLE:
            leave_unkept(session, article_id=job.subject_id, error=error)
        elif job.name in _TRANSFERS:
            fail_transfer(session, transfer_id=job.subject_id, error=error)

    return Outcome(store, error)


def _settle(resources: Resources, job: Job, outcome: Outcome | None) -> None:
    """Write the end of the job, and wait while the record cannot be written.

    A process that ends meanwhile leaves the job to its lease.
    """
    while True:
        try:
            with resources.database.transaction() as session:
                _write(session, resources, job, outcome)
        except Interrupted as reason:
            log.info("job %s (%s %s) ended elsewhere: %s", job.id, job.name, job.subject_id, reason)
            return
        except RECORD_AWAY as error:
            if not is_away(error):
                raise
            log.error("the record cannot be written: %s", error)
            if resources.stopping.wait(_SETTLE_SECONDS):
                return
        else:
            return


def _write(session: Session, resources: Resources, job: Job, outcome: Outcome | None) -> None:
    """Raises: Interrupted, where another worker has the job by now: nothing of ours is stored."""
    worker = resources.worker
    if outcome is None:
        release_leases(session, worker_prefix=worker)
        return
    outcome.store(session)
    if outcome.error is None:
        held = finish_job(session, job_id=job.id, worker=worker)
    else:
        log.warning("job %s (%s %s): %s", job.id, job.name, job.subject_id, outcome.error)
        retry_at = decide(outcome.error.code, job.attempts, utc_now()).retry_at
        held = fail_job(session, job_id=job.id, worker=worker, error=outcome.error, retry_at=retry_at)
    if not held:
        raise Interrupted("its lease was lost")
