"""The audit log: listed and verified."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.dependencies import Admitted, TheService
from api.fields import Cursor, Limit, PageOf, Shown
from api.permissions import ADMINISTERING
from kb.audit import AuditEntry, list_audit, verify_audit
from kb.visibility import Caller

router = APIRouter(prefix="/v1/audit", tags=["audit"])
Admin = Annotated[Caller, Depends(Admitted(ADMINISTERING))]


class AuditEntryShown(Shown):
    """Who did what; each entry's hash covers the one before."""

    number: int
    at: datetime
    actor: str
    verb: str
    object_kind: str
    object_id: str
    data: dict[str, Any]
    request_id: str | None
    entry_hash: str


class AuditVerified(Shown):
    count: int
    head_hash: str = Field(description="Write it down elsewhere, and even a rewritten chain shows")
    problems: list[str]


@router.get("", operation_id="listAudit", summary="Who did what / چه کسی چه کرد")
def list_(
    caller: Admin,
    service: TheService,
    object_id: Annotated[str | None, Query(pattern=r"^[0-9A-Za-z_-]{1,64}$")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[AuditEntryShown]:
    """Entries, newest first."""
    with service.database.reading() as session:
        page = list_audit(session, caller=caller, object_id=object_id, cursor=cursor, limit=limit)
    items = [_shown(entry) for entry in page.items]
    return PageOf[AuditEntryShown](items=items, next_cursor=page.next_cursor)


@router.get(
    "/verify",
    operation_id="verifyAudit",
    summary="Verify the chain / راستی‌آزمایی زنجیره",
    dependencies=[Depends(Admitted(ADMINISTERING))],
)
def verify(service: TheService) -> AuditVerified:
    """Recompute every hash; `problems` is empty when nothing was edited, removed or inserted."""
    with service.database.reading() as session:
        report = verify_audit(session)
    return AuditVerified(count=report.count, head_hash=report.head_hash, problems=list(report.problems))


def _shown(entry: AuditEntry) -> AuditEntryShown:
    return AuditEntryShown(
        number=entry.number,
        at=entry.at,
        actor=entry.actor,
        verb=entry.verb,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        data=entry.data,
        request_id=entry.request_id,
        entry_hash=entry.entry_hash,
    )
