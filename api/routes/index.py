"""The search index, which is a projection of the record."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.dependencies import Admitted, ReaderLanguage, TheService
from api.permissions import ADMINISTERING
from api.routes.jobs import JobShown, shown_job
from kb.outbox import rebuild_index
from kb.visibility import Caller

router = APIRouter(prefix="/v1/index", tags=["index"])
Admin = Annotated[Caller, Depends(Admitted(ADMINISTERING))]


@router.post(
    "/rebuild",
    status_code=202,
    operation_id="rebuildIndex",
    summary="Index everything again / نمایه‌سازی دوباره",
)
def rebuild(caller: Admin, service: TheService, language: ReaderLanguage) -> JobShown:
    """Queue a job that brings every origin up to the current embedder and analyzer; search goes on."""
    with service.database.transaction() as session:
        return shown_job(rebuild_index(session, caller=caller), language, in_full=True)
