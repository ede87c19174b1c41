"""Jobs: what workers still have to do, how far they are, and another try for what failed."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, Query
from pydantic import Field
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.fields import Cursor, Id, Limit, PageOf, Shown
from api.permissions import INSPECTING, UPLOADING
from api.routes.source_schemas import Complaint
from api.service import Service
from api.stored_errors import stored_message
from kb.errors import AudienceTooNarrow, MessageLanguage
from kb.outbox import Job, get_job, list_jobs, retry_job
from kb.visibility import Caller
from kb.vocabulary import Audience, JobName, JobState

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])
Inspector = Annotated[Caller, Depends(Admitted(INSPECTING))]
Retrier = Annotated[Caller, Depends(Admitted(UPLOADING))]

#: how often a followed job is looked at
_LOOK_SECONDS = 0.5
_FINAL = frozenset({JobState.DONE, JobState.FAILED})


class JobShown(Shown):
    """A piece of background work."""

    id: str
    name: JobName
    subject_id: str = Field(description="The source, article, note or conversation it is about")
    state: JobState
    attempts: int
    progress_done: int
    progress_total: int
    error: Complaint | None
    due_at: datetime
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@router.get("", operation_id="listJobs", summary="List jobs / فهرست کارها")
def list_(
    caller: Inspector,
    service: TheService,
    language: ReaderLanguage,
    state: JobState | None = None,
    name: JobName | None = None,
    subject: Annotated[
        str | None, Query(pattern=r"^[0-9A-Za-z_-]{1,64}$", description="Of one source, article, ...")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[JobShown]:
    """Background work, newest first."""
    _require_full_sight(caller, service)
    with service.database.reading() as session:
        page = list_jobs(session, state=state, name=name, subject_id=subject, cursor=cursor, limit=limit)
    items = [shown_job(job, language, in_full=True) for job in page.items]
    return PageOf[JobShown](items=items, next_cursor=page.next_cursor)


@router.get("/{job_id}", operation_id="readJob", summary="Read a job / وضعیت کار")
def read(job_id: Id, caller: Inspector, service: TheService, language: ReaderLanguage) -> JobShown:
    """How far a job is. Its id is known to who caused it, so a narrow key may follow its own."""
    return _load(job_id, caller, service, language)


@router.get(
    "/{job_id}/events",
    operation_id="followJob",
    summary="Follow a job / دنبال کردن کار",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "`job` events until it has ended"}},
)
async def follow(
    job_id: Id, caller: Inspector, service: TheService, language: ReaderLanguage
) -> EventSourceResponse:
    """Server-sent events named `job`, one at each change, the last one with its final state."""
    first = await run_in_threadpool(_load, job_id, caller, service, language)

    async def events() -> AsyncIterator[ServerSentEvent]:
        shown, last = first, None
        while True:
            if shown != last:
                data = json.dumps(shown.model_dump(mode="json"), ensure_ascii=False)
                yield ServerSentEvent(data=data, event="job")
            if shown.state in _FINAL:
                return
            last = shown
            await anyio.sleep(_LOOK_SECONDS)
            shown = await run_in_threadpool(_load, job_id, caller, service, language)

    return EventSourceResponse(events())


@router.post("/{job_id}/retry", operation_id="retryJob", summary="Try a failed job again / تلاش دوباره")
def retry(job_id: Id, caller: Retrier, service: TheService, language: ReaderLanguage) -> JobShown:
    """Let a failed job run again, now."""
    with service.database.transaction() as session:
        job = retry_job(session, caller=caller, job_id=job_id)
        return shown_job(job, language, in_full=_sees_all(caller, service))


def shown_job(job: Job, language: MessageLanguage, *, in_full: bool) -> JobShown:
    """`in_full`: with what the error names, which may be a file the caller may not see."""
    error = None
    if job.error_code is not None:
        data: dict[str, Any] = (job.error_data or {}) if in_full else {}
        message = stored_message(job.error_code, data, language)
        error = Complaint(code=job.error_code, message=message, data=data)
    return JobShown(
        id=job.id,
        name=job.name,
        subject_id=job.subject_id,
        state=job.state,
        attempts=job.attempts,
        progress_done=job.progress_done,
        progress_total=job.progress_total,
        error=error,
        due_at=job.due_at,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


def _load(job_id: str, caller: Caller, service: Service, language: MessageLanguage) -> JobShown:
    with service.database.reading() as session:
        return shown_job(get_job(session, job_id=job_id), language, in_full=_sees_all(caller, service))


def _sees_all(caller: Caller, service: Service) -> bool:
    return visibility_for(caller, service).is_whole


def _require_full_sight(caller: Caller, service: Service) -> None:
    if not _sees_all(caller, service):
        ceiling = caller.audience_ceiling or Audience.PUBLIC
        raise AudienceTooNarrow(audience=Audience.INTERNAL, ceiling=ceiling)
