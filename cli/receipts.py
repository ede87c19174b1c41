"""What became of each file of one `kb ingest`."""

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.opening import Opened
from cli.waiting import Backlog, failed_jobs
from kb.conversion import NOTICE_MESSAGES, Notice
from kb.database import Database, batches
from kb.edition import live_edition
from kb.errors import FileTooLarge, InvalidInput, KbError
from kb.outbox import Job
from kb.source import Source, StoredSource, store_source
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, Language, OriginKind, SourceStatus


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """One file; `status`: received, unchanged, indexed or failed."""

    path: Path
    status: str
    source_id: str | None = None
    passages: int = 0
    error_code: str | None = None
    error: str | None = None
    warnings: tuple[str, ...] = ()
    #: the file that was here before with the same bytes; its source stands for both
    same_as: str | None = None

    @property
    def shown_path(self) -> str:
        relative = os.path.relpath(self.path)
        return _name(self.path) if relative.startswith("..") else _name(relative)

    @property
    def remark(self) -> str:
        same = f"Same content as {self.same_as}. " if self.same_as else ""
        return same + (self.error or " ".join(self.warnings))

    def as_dict(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self), "path": _name(self.path), "warnings": list(self.warnings)}


def store_files(
    opened: Opened,
    files: Sequence[Path],
    *,
    audience: Audience,
    language: Language | None,
    tags: Sequence[str],
    products: Sequence[str],
    segments: Sequence[str],
    progress: Callable[[Backlog], None],
) -> list[FileReceipt]:
    """Put every file into the record, each in a transaction of its own: an interrupted run keeps what it had.

    Raises:
        StorageFull and whatever else is not about one file.
    """
    receipts: list[FileReceipt] = []
    for number, path in enumerate(files):
        try:
            data = _read(path, limit_mib=opened.settings.upload_limit_mib)
            with opened.database.transaction() as session:
                stored = store_source(
                    session,
                    caller=OPERATOR,
                    locator=_name(path),
                    filename=_name(path.name),
                    data=data,
                    audience=audience,
                    language=language,
                    tags=tags,
                    products=products,
                    segments=segments,
                )
                receipts.append(_received(path, stored))
        except InvalidInput as error:
            receipts.append(_failed(path, error))
        progress(Backlog(len(files) - number - 1))
    return receipts


def _name(path: Path | str) -> str:
    """A path as text: bytes that are no UTF-8 are spelt out (`\\xff`), so that no two files share a name."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _received(path: Path, stored: StoredSource) -> FileReceipt:
    status = "unchanged" if stored.outcome == "unchanged" else "received"
    same_as = stored.source.locator if stored.source.locator != _name(path) else None
    return FileReceipt(path, status, stored.source.id, same_as=same_as)


def look_up(database: Database, receipts: Sequence[FileReceipt]) -> list[FileReceipt]:
    """The same receipts with what became of their sources."""
    ids = sorted({receipt.source_id for receipt in receipts if receipt.source_id is not None})
    with database.reading() as session:
        sources: dict[str, Source] = {}
        for some in batches(ids):
            found = session.scalars(select(Source).where(Source.id.in_(some)))
            sources.update((source.id, source) for source in found)
        failures = failed_jobs(session, ids)
        passages = {id: _passages(session, id) for id in ids}
    return [
        _looked_up(receipt, sources.get(receipt.source_id), failures, passages[receipt.source_id])
        if receipt.source_id is not None
        else receipt
        for receipt in receipts
    ]


def _looked_up(
    receipt: FileReceipt, source: Source | None, failures: dict[str, Job], passages: int
) -> FileReceipt:
    if source is None:
        gone = InvalidInput(field="file", reason="it was deleted meanwhile")
        return dataclasses.replace(receipt, status="failed", error_code=gone.code, error=str(gone))
    warnings = tuple(_warning(warning) for warning in source.warnings)
    if source.status is SourceStatus.INDEXED:
        status = "unchanged" if receipt.status == "unchanged" else "indexed"
        return dataclasses.replace(receipt, status=status, passages=passages, warnings=warnings)
    job = failures.get(source.id)
    if source.status is SourceStatus.FAILED or job is not None:
        error = job.error_message if job is not None else source.error_code
        code = source.error_code or (job.error_code if job is not None else None)
        return dataclasses.replace(receipt, status="failed", error_code=code, error=error)
    return dataclasses.replace(receipt, status=source.status.value)


def _warning(warning: Mapping[str, Any]) -> str:
    """The sentence for what could be read only in part; a code from another version stands for itself."""
    code = str(warning["code"])
    data = {name: value for name, value in warning.items() if name != "code"}
    return Notice(code, data).message() if code in NOTICE_MESSAGES else code


def _passages(session: Session, source_id: str) -> int:
    live = live_edition(session, origin_kind=OriginKind.SOURCE, origin_id=source_id)
    return live.passage_count if live is not None else 0


def _read(path: Path, *, limit_mib: int) -> bytes:
    """Raises: FileTooLarge, InvalidInput (cannot be read)."""
    try:
        if path.stat().st_size > limit_mib * 1024 * 1024:
            raise FileTooLarge(filename=path.name, limit_mib=limit_mib)
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(field=path.name, reason=error.strerror or str(error)) from error


def _failed(path: Path, error: KbError) -> FileReceipt:
    return FileReceipt(path, "failed", error_code=error.code, error=error.message())
