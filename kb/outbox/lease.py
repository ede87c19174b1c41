"""What workers do with jobs: lease, renew, report, finish, fail.

While a job's lease lives nobody else gets it, nor another job of the same name and subject. A worker that
lost its lease learns so from every verb here (False, None), and must roll its transaction back.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, aliased

from kb.audit import WORKER, record_audit
from kb.canonical import plain
from kb.clock import utc_now
from kb.database import serialise
from kb.errors import JobGaveUp, KbError
from kb.outbox.job import Job
from kb.outbox.promise import make_wait
from kb.text import storable
from kb.vocabulary import JobName, JobState

ATTEMPT_LIMIT = 5


def claim_jobs(
    session: Session,
    *,
    worker: str,
    limit: int,
    lease_seconds: float,
    now: datetime | None = None,
    only: Collection[JobName] | None = None,
    attempt_limit: int = ATTEMPT_LIMIT,
) -> list[Job]:
    """Lease due jobs to `worker`: waiting ones and those whose lease ran out, oldest due first.

    Args:
        worker: unique to one run of one worker process.
        only: names of the jobs wanted; all unless given.
        attempt_limit: a job that lost this many workers is failed (`job_gave_up`), not given out.
    """
    now = now or utc_now()
    started: list[Job] = []
    for job in _due_jobs(session, limit, now, only):
        if _is_fit(session, job, now, attempt_limit):
            _start(job, worker, lease_seconds, now)
            started.append(job)
    session.flush()
    return started


def take_job(
    session: Session,
    *,
    job_id: str,
    worker: str,
    lease_seconds: float,
    now: datetime | None = None,
    attempt_limit: int = ATTEMPT_LIMIT,
) -> Job | None:
    """Lease the job that a broker's message names, whether a relay holds it or not.

    Returns:
        None when it is done, runs elsewhere, waits for its twin, or was given up.
    """
    now = now or utc_now()
    serialise(session, "lease jobs")
    can_start = or_(Job.state == JobState.PENDING, and_(Job.state == JobState.RUNNING, _has_run_out(now)))
    job = session.scalar(_locked(select(Job).where(Job.id == job_id, can_start, _has_no_twin_running(now))))
    if job is None or not _is_fit(session, job, now, attempt_limit):
        return None
    _start(job, worker, lease_seconds, now)
    session.flush()
    return job


def hold_jobs(
    session: Session,
    *,
    holder: str,
    limit: int,
    hold_seconds: float,
    now: datetime | None = None,
    only: Collection[JobName] | None = None,
    attempt_limit: int = ATTEMPT_LIMIT,
) -> list[Job]:
    """Keep due jobs for messages on a broker, so that a relay sends each once per `hold_seconds`.

    They wait until a worker takes them (`take_job`); a message that got lost is sent again when the hold
    has run out. Jobs whose worker died come back here, too.
    """
    now = now or utc_now()
    held: list[Job] = []
    for job in _due_jobs(session, limit, now, only):
        if not _is_fit(session, job, now, attempt_limit):
            continue
        if job.state is JobState.PENDING or make_wait(session, job, due_at=now):
            job.leased_by = holder
            job.lease_until = now + timedelta(seconds=hold_seconds)
            held.append(job)
    session.flush()
    return held


def renew_lease(
    session: Session, *, job_id: str, worker: str, lease_seconds: float, now: datetime | None = None
) -> bool:
    """Hold the job for `lease_seconds` from now; False when it was lost."""
    until = (now or utc_now()) + timedelta(seconds=lease_seconds)
    return _update_own(session, job_id, worker, lease_until=until)


def report_progress(session: Session, *, job_id: str, worker: str, done: int, total: int) -> bool:
    """Tell how far the job is; False when it was lost."""
    return _update_own(session, job_id, worker, progress_done=done, progress_total=total)


def finish_job(session: Session, *, job_id: str, worker: str, now: datetime | None = None) -> bool:
    """The job is done; False when it was lost.

    Called in the transaction that stores the work, it makes sure that only the lease's holder stores it.
    """
    return _update_own(
        session,
        job_id,
        worker,
        state=JobState.DONE,
        finished_at=now or utc_now(),
        leased_by=None,
        lease_until=None,
    )


def fail_job(
    session: Session,
    *,
    job_id: str,
    worker: str,
    error: KbError,
    retry_at: datetime | None = None,
    now: datetime | None = None,
) -> bool:
    """The job failed, for good or until `retry_at`; False when it was lost."""
    job = session.scalar(_locked(select(Job).where(Job.id == job_id, *_is_own(worker))))
    if job is None:
        return False
    _set_error(job, error)
    if retry_at is None:
        _end_failed(session, job, now or utc_now())
    else:
        make_wait(session, job, due_at=retry_at)
    return True


def release_leases(
    session: Session, *, worker_prefix: str = "", lost: bool = False, now: datetime | None = None
) -> int:
    """Give back the leases of workers that are known to be gone, so that nobody waits for them to run out.

    Args:
        worker_prefix: of the workers' names; all unless given (start of the only worker).
        lost: whether the worker died by itself: counts toward giving the job up.
    Returns:
        How many leases were given back.
    """
    now = now or utc_now()
    theirs = Job.leased_by.startswith(worker_prefix, autoescape=True)
    jobs = session.scalars(_locked(select(Job).where(theirs))).all()
    for job in jobs:
        if job.state is JobState.PENDING:
            job.leased_by = job.lease_until = None
        else:
            job.losses += int(lost)
            # To the end of the queue: what may have killed its worker lets the others go first.
            make_wait(session, job, due_at=now)
    session.flush()
    return len(jobs)


def _due_jobs(session: Session, limit: int, now: datetime, only: Collection[JobName] | None) -> list[Job]:
    # One claim at a time: two at once could each start one of two jobs of the same subject.
    serialise(session, "lease jobs")
    # Asked for one state after the other, each is read off the index in due order, however many wait.
    jobs: list[Job] = []
    for state in (JobState.PENDING, JobState.RUNNING):
        statement = select(Job).where(
            Job.state == state, Job.due_at <= now, _has_run_out(now), _has_no_twin_running(now)
        )
        if only is not None:
            statement = statement.where(Job.name.in_(only))
        statement = statement.order_by(Job.due_at, Job.id).limit(limit)
        jobs += session.scalars(_locked(statement, skip_locked=True))
    jobs.sort(key=lambda job: (job.due_at, job.id))
    # A job whose lease ran out may have a waiting successor: one of them at a time.
    first_of_subject = {(job.name, job.subject_id): job for job in reversed(jobs)}
    return sorted(first_of_subject.values(), key=jobs.index)[:limit]


def _locked(statement: Select[Job], *, skip_locked: bool = False) -> Select[Job]:
    return statement.with_for_update(of=Job, skip_locked=skip_locked).execution_options(
        populate_existing=True
    )


def _has_run_out(now: datetime) -> ColumnElement[bool]:
    return or_(Job.lease_until.is_(None), Job.lease_until <= now)


def _has_no_twin_running(now: datetime) -> ColumnElement[bool]:
    twin = aliased(Job)
    running = select(twin.id).where(
        twin.name == Job.name,
        twin.subject_id == Job.subject_id,
        twin.id != Job.id,
        twin.state == JobState.RUNNING,
        twin.lease_until > now,
    )
    return ~running.exists()


def _is_own(worker: str) -> tuple[ColumnElement[bool], ...]:
    return Job.state == JobState.RUNNING, Job.leased_by == worker


def _update_own(session: Session, job_id: str, worker: str, **values: object) -> bool:
    result = session.execute(update(Job).where(Job.id == job_id, *_is_own(worker)).values(**values))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def _is_fit(session: Session, job: Job, now: datetime, attempt_limit: int) -> bool:
    """Counts the loss of a worker whose lease ran out; gives up a job that lost too many."""
    if job.state is JobState.RUNNING:
        job.losses += 1
    if job.losses < attempt_limit:
        return True
    error = JobGaveUp(losses=job.losses)
    _set_error(job, error)
    _end_failed(session, job, now)
    if job.name is JobName.INGEST_SOURCE:
        # Imported here: sources enqueue jobs, and only this looks the other way.
        from kb.source import mark_source_given_up

        mark_source_given_up(session, source_id=job.subject_id, error=error)
    elif job.name is JobName.MOVE_ARTICLE:
        from kb.article import leave_unkept

        leave_unkept(session, article_id=job.subject_id, error=error)
    return False


def _start(job: Job, worker: str, lease_seconds: float, now: datetime) -> None:
    job.state = JobState.RUNNING
    job.attempts += 1
    job.leased_by, job.lease_until = worker, now + timedelta(seconds=lease_seconds)
    job.started_at, job.finished_at = now, None
    job.error_code = job.error_message = job.error_data = None
    job.progress_done = job.progress_total = 0


def _set_error(job: Job, error: KbError) -> None:
    job.error_code = error.code
    job.error_message = storable(error.message("en"))
    job.error_data = plain(error.data)


def _end_failed(session: Session, job: Job, now: datetime) -> None:
    job.state, job.finished_at = JobState.FAILED, now
    job.leased_by = job.lease_until = None
    record_audit(
        session,
        caller=WORKER,
        verb="fail_job",
        object_kind="job",
        object_id=job.id,
        data={"name": job.name, "subject_id": job.subject_id, "error_code": job.error_code},
    )
    session.flush()
