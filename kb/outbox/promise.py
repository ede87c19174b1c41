"""Promising work, looking at it, and asking for another try."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kb.audit import record_audit
from kb.canonical import plain
from kb.clock import new_id, utc_now
from kb.database import insert_new
from kb.errors import ImpossibleMove, NotFound
from kb.outbox.job import Job
from kb.paging import Page, checked_limit, cut, older_than
from kb.rights import require
from kb.visibility import Caller
from kb.vocabulary import JobName, JobState, Role, Scope


def enqueue(
    session: Session,
    *,
    name: JobName,
    subject_id: str,
    payload: dict[str, Any] | None = None,
    due_at: datetime | None = None,
) -> Job:
    """Promise background work with this transaction.

    A job of the same name and subject that has not started is reused: it cannot start before this
    transaction commits, so it will see its changes. One that already runs gets a successor.

    Args:
        due_at: not before this time; now unless given. A reused job keeps the earlier time.
    """
    now = utc_now()
    fresh = {"payload": plain(payload or {}), "due_at": due_at or now, "created_at": now}
    while True:
        waiting = find_waiting(session, name=name, subject_id=subject_id)
        if waiting is not None:
            waiting.due_at = min(waiting.due_at, fresh["due_at"])
            waiting.payload = fresh["payload"]
            session.flush()
            return waiting
        row = _new_row(name, subject_id) | fresh
        # Inserts nothing where another transaction was faster; then that one's job is reused.
        insert_new(session, Job, [row])
        inserted = session.get(Job, row["id"])
        if inserted is not None:
            return inserted


def find_waiting(session: Session, *, name: JobName, subject_id: str) -> Job | None:
    """The job of this name and subject that has not started, locked so that it cannot start yet."""
    return session.scalar(
        select(Job)
        .where(Job.name == name, Job.subject_id == subject_id, Job.state == JobState.PENDING)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def make_wait(session: Session, job: Job, *, due_at: datetime) -> bool:
    """Put a started job back; done instead where a successor already waits, which then does its work as soon.

    Returns:
        Whether it waits.
    """
    job.leased_by = job.lease_until = None
    try:
        with session.begin_nested():
            job.state, job.due_at = JobState.PENDING, due_at
            session.flush()
    except IntegrityError:  # at most one waits per name and subject
        job.state, job.finished_at = JobState.DONE, utc_now()
        job.leased_by = job.lease_until = None
        job.payload = job.payload | {"superseded": True}
        _bring_forward(session, job, due_at)
        session.flush()
        return False
    return True


def retry_job(session: Session, *, caller: Caller, job_id: str) -> Job:
    """Let a failed job run again, now.

    Returns:
        The job, or the one that already waits to do the same.
    Raises:
        NotFound, NotSignedIn, Forbidden.
        ImpossibleMove: it has not failed.
    """
    require(caller, role=Role.CONTRIBUTOR, scope=Scope.WRITE)
    job = session.get(Job, job_id, with_for_update=True, populate_existing=True)
    if job is None:
        raise NotFound(what="job", id=job_id)
    if job.state is not JobState.FAILED:
        raise ImpossibleMove(what="job", state=job.state.value, verb="retry")
    record_audit(session, caller=caller, verb="retry_job", object_kind="job", object_id=job_id)
    _subject_waits_again(session, job)
    waiting = find_waiting(session, name=job.name, subject_id=job.subject_id)
    if waiting is not None:
        waiting.due_at = min(waiting.due_at, utc_now())
        session.flush()
        return waiting
    job.attempts = job.losses = job.progress_done = job.progress_total = 0
    job.error_code = job.error_message = job.error_data = None
    job.started_at = job.finished_at = None
    make_wait(session, job, due_at=utc_now())
    return job


def rebuild_index(session: Session, *, caller: Caller) -> Job:
    """Queue a job that brings every origin up to the current embedder and analyzer; search goes on.

    Raises:
        NotSignedIn, Forbidden.
    """
    require(caller, role=Role.ADMIN, scope=Scope.ADMIN)
    job = enqueue(session, name=JobName.REINDEX, subject_id="")
    record_audit(session, caller=caller, verb="rebuild_index", object_kind="job", object_id=job.id)
    return job


def get_job(session: Session, *, job_id: str) -> Job:
    """One job.

    Raises:
        NotFound: there is none.
    """
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound(what="job", id=job_id)
    return job


def list_jobs(
    session: Session,
    *,
    state: JobState | None = None,
    name: JobName | None = None,
    subject_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Job]:
    """Jobs, newest first.

    Raises:
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    statement = select(Job).order_by(Job.created_at.desc(), Job.id.desc()).limit(checked_limit(limit) + 1)
    if state is not None:
        statement = statement.where(Job.state == state)
    if name is not None:
        statement = statement.where(Job.name == name)
    if subject_id is not None:
        statement = statement.where(Job.subject_id == subject_id)
    if cursor is not None:
        statement = statement.where(older_than(cursor, Job.created_at, Job.id))
    return cut(session.scalars(statement).all(), limit, lambda job: (job.created_at, job.id))


def is_under_way(now: datetime) -> ColumnElement[bool]:
    """The open jobs that somebody may wait for: those that run, are due, or are tried again.

    What is only set for later, such as tonight's recurrences, is not among them.
    """
    begun = or_(Job.due_at <= now, Job.attempts > 0)
    return or_(Job.state == JobState.RUNNING, (Job.state == JobState.PENDING) & begun)


def is_any_due(session: Session, *, names: Collection[JobName]) -> bool:
    """Whether a job of one of these names could start now and has not."""
    waiting = select(Job.id).where(
        Job.name.in_(names), Job.state == JobState.PENDING, Job.due_at <= utc_now()
    )
    return session.scalar(select(waiting.exists())) or False


def count_jobs(session: Session) -> dict[JobState, int]:
    """How many jobs are in each state; every state is there. What is set for later does not count."""
    ended = Job.state.in_((JobState.DONE, JobState.FAILED))
    counted_ones = or_(ended, is_under_way(utc_now()))
    rows = session.execute(select(Job.state, func.count()).where(counted_ones).group_by(Job.state))
    counted = {state: count for state, count in rows}  # noqa: C416 - rows are not plain tuples
    return {state: counted.get(state, 0) for state in JobState}


def _bring_forward(session: Session, job: Job, due_at: datetime) -> None:
    """Let the successor of a lost job do what it did not, not only when its own time comes.

    One that is locked is just being promised: waiting for that could go round in a circle.
    """
    successor = session.scalar(
        select(Job)
        .where(Job.name == job.name, Job.subject_id == job.subject_id, Job.state == JobState.PENDING)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if successor is not None:
        successor.due_at = min(successor.due_at, due_at)


def _new_row(name: JobName, subject_id: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "name": name,
        "subject_id": subject_id,
        "state": JobState.PENDING,
        "attempts": 0,
        "losses": 0,
        "progress_done": 0,
        "progress_total": 0,
    }


def _subject_waits_again(session: Session, job: Job) -> None:
    if job.name is JobName.INGEST_SOURCE:
        # Imported here: sources enqueue jobs, and only this looks the other way.
        from kb.source import mark_source_received

        mark_source_received(session, source_id=job.subject_id)
    elif job.name is JobName.MOVE_ARTICLE:
        from kb.article import keep_after_all

        keep_after_all(session, article_id=job.subject_id)
