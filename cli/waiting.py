"""Waiting until what was accepted is searchable, with a progress bar for people."""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cli.opening import Opened, at_work
from kb.clock import utc_now
from kb.database import Database, batches
from kb.outbox import Job, is_under_way
from kb.passage import Edition
from kb.vocabulary import EditionState, JobState

POLL_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is still to be done for some origins."""

    #: how many have a job that is due or runs, or an edition that waits for the index
    open_count: int
    passages_done: int = 0
    passages_total: int = 0


def backlog_of(session: Session, origin_ids: Collection[str]) -> Backlog:
    """How far the origins are; passages count those of the jobs that run now."""
    open_origins: set[str] = set()
    done = total = 0
    now = utc_now()
    for some in batches(sorted(origin_ids)):
        jobs = select(Job.subject_id, Job.state, Job.progress_done, Job.progress_total).where(
            Job.subject_id.in_(some), is_under_way(now)
        )
        for subject_id, state, job_done, job_total in session.execute(jobs):
            open_origins.add(subject_id)
            if state is JobState.RUNNING:
                done, total = done + job_done, total + job_total
        staged = select(Edition.origin_id).where(
            Edition.origin_id.in_(some), Edition.state == EditionState.STAGED
        )
        open_origins.update(session.scalars(staged))
    return Backlog(len(open_origins), done, total)


def wait_until_searchable(
    database: Database,
    origin_ids: Collection[str],
    *,
    progress: Callable[[Backlog], None] = lambda _backlog: None,
    stopping: threading.Event | None = None,
) -> None:
    """Return when nothing is left to be done for the origins, well or not, or when `stopping` is set."""
    stopping = stopping or threading.Event()
    while not stopping.is_set():
        with database.reading() as session:
            backlog = backlog_of(session, origin_ids)
        progress(backlog)
        if backlog.open_count == 0:
            return
        stopping.wait(POLL_SECONDS)


def finish(
    opened: Opened, origin_ids: Collection[str], progress: Callable[[Backlog], None] = lambda _backlog: None
) -> None:
    """Return when nothing is left to be done for the origins; nothing is started where that is so already."""
    with opened.database.reading() as session:
        if backlog_of(session, origin_ids).open_count == 0:
            return
    with at_work(opened):
        wait_until_searchable(opened.database, origin_ids, progress=progress)


def failed_jobs(session: Session, origin_ids: Collection[str]) -> dict[str, Job]:
    """The newest job of each origin where that one failed, by origin."""
    failed: dict[str, Job] = {}
    for some in batches(sorted(origin_ids)):
        newest = select(func.max(Job.id)).where(Job.subject_id.in_(some)).group_by(Job.subject_id)
        jobs = select(Job).where(Job.id.in_(newest), Job.state == JobState.FAILED)
        failed.update((job.subject_id, job) for job in session.scalars(jobs))
    return failed


@contextmanager
def progress_bar(label: str, total: int, *, shown: bool = True) -> Iterator[Callable[[Backlog], None]]:
    """A bar over origins on standard error; gives the function that moves it."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from cli.output import console

    bar: Progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[passages]}"),
        TimeElapsedColumn(),
        console=console(errors=True),
        disable=not shown,
        transient=True,
    )
    task = bar.add_task(label, total=total, passages="")

    def move(backlog: Backlog) -> None:
        embedding: Any = ""
        if backlog.passages_total > 1:
            embedding = f"{backlog.passages_done}/{backlog.passages_total} passages"
        bar.update(task, completed=total - backlog.open_count, passages=embedding)

    with bar:
        yield move
