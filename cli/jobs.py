"""`kb jobs`: background work; what waits, runs, failed, and why."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.output import complain, print_json, print_table, say
from kb.vocabulary import JobName, JobState

if TYPE_CHECKING:
    from kb.outbox import Job

app = typer.Typer(help="Background work: list, show, retry, wait.", no_args_is_help=True)


@app.command("list")
def list_(
    state: Annotated[JobState | None, typer.Option(help="Only jobs in this state.")] = None,
    name: Annotated[JobName | None, typer.Option(help="Only this kind.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List jobs, newest first, and how many there are in each state."""
    from cli.opening import open_record
    from kb.outbox import count_jobs, list_jobs

    with open_record() as opened, opened.database.reading() as session:
        counts = {state.value: count for state, count in count_jobs(session).items()}
        rows = [_as_dict(job) for job in list_jobs(session, state=state, name=name, limit=limit).items]
    if as_json:
        print_json({"counts": counts, "jobs": rows})
        return
    print_table(
        ("id", "kind", "about", "state", "progress", "reason"),
        [(r["id"], r["name"], r["subject_id"], r["state"], r["progress"], r["error_message"]) for r in rows],
    )
    say(", ".join(f"{count} {name}" for name, count in counts.items()) + ".")


@app.command("show")
def show(
    job_id: Annotated[str, typer.Argument()], as_json: Annotated[bool, typer.Option("--json")] = False
) -> None:
    """Show one job."""
    from cli.opening import open_record
    from kb.outbox import get_job

    with open_record() as opened, opened.database.reading() as session:
        job = _as_dict(get_job(session, job_id=job_id))
    if as_json:
        print_json(job)
    else:
        print_table(("", ""), list(job.items()))


@app.command("retry")
def retry(
    job_id: Annotated[str | None, typer.Argument(help="The id, as `kb jobs list` shows it.")] = None,
    all_failed: Annotated[bool, typer.Option("--all", help="Every failed job.")] = False,
) -> None:
    """Let a failed job run again."""
    from sqlalchemy import select

    from cli.opening import open_record
    from kb.outbox import Job, retry_job
    from kb.visibility import OPERATOR

    if (job_id is None) == (not all_failed):
        raise typer.BadParameter("name one job, or say --all")
    with open_record() as opened, opened.database.transaction() as session:
        failed = select(Job.id).where(Job.state == JobState.FAILED).order_by(Job.created_at, Job.id)
        ids = list(session.scalars(failed)) if job_id is None else [job_id]
        for one in ids:
            retry_job(session, caller=OPERATOR, job_id=one)
    say(f"{len(ids)} jobs wait for a worker again.")


@app.command("wait")
def wait(
    job_ids: Annotated[list[str] | None, typer.Argument(help="These jobs; else all that are due.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Wait until jobs have ended and what they made is searchable; exit code 1 when one of them failed."""
    from sqlalchemy import select

    from cli.opening import open_record
    from cli.waiting import finish, progress_bar
    from kb.clock import utc_now
    from kb.outbox import Job, get_job, is_under_way
    from kb.passage import Edition
    from kb.vocabulary import EditionState

    with open_record(exclusive=True) as opened:
        with opened.database.reading() as session:
            open_jobs = select(Job.id).where(is_under_way(utc_now()))
            ids = job_ids or list(session.scalars(open_jobs))
            subjects = {get_job(session, job_id=one).subject_id for one in ids}
            if not job_ids:  # what ended a moment ago may still wait for the index
                staged = select(Edition.origin_id).where(Edition.state == EditionState.STAGED)
                subjects.update(session.scalars(staged))
        with progress_bar("Working", len(subjects), shown=not as_json) as move:
            finish(opened, subjects, move)
        with opened.database.reading() as session:
            ended = [_as_dict(get_job(session, job_id=one)) for one in ids]
    failed = [job for job in ended if job["state"] == JobState.FAILED.value]
    if as_json:
        print_json(ended)
    else:
        for job in failed:
            complain(f"{job['name']} {job['subject_id']}: {job['error_message']}")
        say(f"{len(ended) - len(failed)} done, {len(failed)} failed.")
    if failed:
        raise typer.Exit(1)


def _as_dict(job: "Job") -> dict[str, Any]:
    progress = f"{job.progress_done}/{job.progress_total}" if job.progress_total else ""
    return {
        "id": job.id,
        "name": job.name.value,
        "subject_id": job.subject_id,
        "state": job.state.value,
        "progress": progress,
        "attempts": job.attempts,
        "losses": job.losses,
        "error_code": job.error_code,
        "error_message": job.error_message,
        "created_at": job.created_at,
        "due_at": job.due_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "leased_by": job.leased_by,
    }
