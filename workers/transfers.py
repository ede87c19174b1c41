"""Exports and imports as jobs: what was asked for over HTTP, with the rights that whoever asked has now."""

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ingest.exchange.foreign import Defaults
from ingest.exchange.formats import package_of, read_import
from ingest.exchange.layout import read_people
from ingest.exchange.package import Package
from kb.clock import utc_now
from kb.errors import KbError
from kb.exchange.errors import ExportTooLarge, ImportBlocked
from kb.exchange.plan import Plan, PlanItem, PlanStatus
from kb.exchange.read import ExportScope, export_scope
from kb.exchange.transfer import (
    Transfer,
    caller_of_transfer,
    fail_transfer,
    finish_transfer,
    transfer_bytes,
)
from kb.outbox import Job
from kb.visibility import Caller
from kb.vocabulary import (
    ArticleState,
    Audience,
    ConflictPolicy,
    ExportFormat,
    ImportFormat,
    Language,
    TransferState,
)
from workers.exporting import export_articles, export_files
from workers.importing import NOBODY, Applied, apply_plan, attachments_of, plan_import
from workers.lease import Lease
from workers.resources import Resources
from workers.run import NOTHING_TO_DO, Outcome

#: what is kept in the record for a download
EXPORT_LIMIT_BYTES = 512 * 1024 * 1024
#: what an uploaded archive may unpack to, for each byte that an upload may have
_UNPACKED_RATIO = 20
#: of a report; the counts are of all
_ITEM_LIMIT = 2000
_SHOWN_CHARS = 2000
#: the same bytes for the same files
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def export_knowledge(resources: Resources, job: Job, lease: Lease) -> Outcome:
    """Make an export and keep it for its download."""
    with resources.database.reading() as session:
        transfer = session.get(Transfer, job.subject_id)
        if transfer is None or transfer.state is not TransferState.WAITING:
            return NOTHING_TO_DO
        try:
            options = transfer.options
            audience, states = options["audience"], options["states"]
            scope = export_scope(
                caller_of_transfer(session, transfer),
                audience=None if audience is None else Audience(audience),
                segments=options["segments"],
                states=[ArticleState(state) for state in states],
            )
            data = _exported(session, scope, ExportFormat(options["to"]), lease)
        except KbError as error:
            return _failed(job, error)
    return Outcome(
        lambda session: finish_transfer(
            session, transfer_id=job.subject_id, state=TransferState.DONE, data=data
        )
    )


def plan_uploaded(resources: Resources, job: Job, lease: Lease) -> Outcome:
    """Say what an uploaded import would change."""
    try:
        reading = _read(resources, job, TransferState.WAITING)
        if reading is None:
            return NOTHING_TO_DO
        lease.check()
        plan = reading.plan()
    except KbError as error:
        return _failed(job, error)
    report = {"counts": plan.counts, "items": _listed(plan, _planned)}
    return Outcome(
        lambda session: finish_transfer(
            session, transfer_id=job.subject_id, state=TransferState.PLANNED, report=report
        )
    )


def apply_uploaded(resources: Resources, job: Job, lease: Lease) -> Outcome:
    """Do what was planned; what a lost worker did already is found unchanged."""
    try:
        reading = _read(resources, job, TransferState.APPLYING)
        if reading is None:
            return NOTHING_TO_DO
        plan = reading.plan()
        if plan.blocks(reading.policy):
            counts = plan.counts
            raise ImportBlocked(failed=counts["failed"], conflicts=counts["conflict"])
        applied = apply_plan(
            resources.database,
            plan,
            bytes_of=attachments_of(reading.package, limit_bytes=resources.settings.upload_limit_bytes),
            policy=reading.policy,
            text_limit=resources.settings.text_limit_chars,
            progress=lease.report,
            **reading.common,
        )
    except KbError as error:
        return _failed(job, error)
    report = {
        "counts": _counts(applied),
        "items": [_done(one) for one in applied if _is_told(one)][:_ITEM_LIMIT],
    }
    return Outcome(
        lambda session: finish_transfer(
            session, transfer_id=job.subject_id, state=TransferState.DONE, report=report
        )
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """An uploaded import, read for its planning or its applying."""

    resources: Resources
    package: Package
    caller: Caller
    options: dict[str, Any]

    @property
    def policy(self) -> ConflictPolicy:
        return ConflictPolicy(self.options.get("policy", ConflictPolicy.FAIL))

    @property
    def common(self) -> dict[str, Any]:
        coming = read_people(self.package) if self.options["people"] else NOBODY
        return {"caller": self.caller, "stand_in": self.options["owner"], "coming": coming}

    def plan(self) -> Plan:
        audience, language = self.options["audience"], self.options["language"]
        defaults = Defaults(
            None if audience is None else Audience(audience),
            None if language is None else Language(language),
            self.options["owner"],
        )
        wanted = ImportFormat(self.options["source"])
        files = read_import(self.package, wanted, defaults, now=utc_now())
        return plan_import(self.resources.database, files=files, **self.common)


def _read(resources: Resources, job: Job, state: TransferState) -> _Reading | None:
    with resources.database.reading() as session:
        transfer = session.get(Transfer, job.subject_id)
        if transfer is None or transfer.state is not state:
            return None
        caller = caller_of_transfer(session, transfer)
        data = transfer_bytes(session, transfer_id=transfer.id)
    limit = resources.settings.upload_limit_bytes * _UNPACKED_RATIO
    package = package_of(transfer.filename, data, unpacked_limit_bytes=limit)
    return _Reading(resources, package, caller, transfer.options)


def _exported(session: Session, scope: ExportScope, to: ExportFormat, lease: Lease) -> bytes:
    if to is not ExportFormat.MARKDOWN:
        return export_articles(session, scope, to)
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
            for name, data in export_files(session, scope, progress=_reporting(lease)):
                info = zipfile.ZipInfo(name, _ZIP_TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                zipped.writestr(info, data)
                if file.tell() > EXPORT_LIMIT_BYTES:
                    raise ExportTooLarge(limit_mib=EXPORT_LIMIT_BYTES // 1024**2)
        file.seek(0)
        return file.read()


def _reporting(lease: Lease) -> Callable[[int, int], None]:
    def report(done: int, total: int) -> None:
        # Reports are writes of their own; a hundred of them are enough for anybody who watches.
        if done % max(total // 100, 1) == 0 or done == total:
            lease.report(done, total)

    return report


def _failed(job: Job, error: KbError) -> Outcome:
    return Outcome(lambda session: fail_transfer(session, transfer_id=job.subject_id, error=error), error)


def _listed(plan: Plan, row: Callable[[PlanItem], dict[str, Any]]) -> list[dict[str, Any]]:
    told = [item for item in plan.items if item.status is not PlanStatus.UNCHANGED]
    return [row(item) for item in told[:_ITEM_LIMIT]]


def _planned(item: PlanItem) -> dict[str, Any]:
    changes = [
        {"field": change.field, "before": _plain(change.before), "after": _plain(change.after)}
        for change in item.changes
    ]
    return {
        "file": item.filename,
        "result": item.status.value,
        "id": item.current_id,
        "title": item.title[:300],
        "reason": item.reason,
        "changes": changes,
        **_error(item.error),
    }


def _done(one: Applied) -> dict[str, Any]:
    told = _planned(one.item) | {"result": one.outcome, "id": one.id or one.item.current_id, "changes": []}
    return told | _error(one.error or one.item.error)


def _is_told(one: Applied) -> bool:
    return one.outcome != "unchanged"


def _counts(applied: list[Applied]) -> dict[str, int]:
    counts = dict.fromkeys(("created", "changed", "unchanged", "skipped", "failed"), 0)
    for one in applied:
        counts[one.outcome] += 1
    return counts


def _error(error: KbError | None) -> dict[str, Any]:
    if error is None:
        return {"error_code": None, "error_data": None}
    return {"error_code": error.code, "error_data": error.data}


def _plain(value: Any) -> Any:
    match value:
        case str():
            return value if len(value) <= _SHOWN_CHARS else value[: _SHOWN_CHARS - 1] + "…"
        case datetime():
            return value.isoformat()
        case tuple():
            return [_plain(one) for one in value[:200]]
        case _:
            return value
