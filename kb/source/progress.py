"""How far a source is on its way to searchers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from kb.audit import WORKER, record_audit
from kb.canonical import plain
from kb.errors import KbError
from kb.source.model import Source, locked_source, set_status
from kb.text import TITLE_LIMIT_CHARS, storable
from kb.vocabulary import Language, SourceStatus


def mark_source_staged(
    session: Session,
    *,
    source_id: str,
    sha256: str,
    title: str | None,
    media_type: str,
    language: Language,
    warnings: Sequence[dict[str, Any]] = (),
) -> bool:
    """Converted: keep what the converter found; called before `stage_edition`, in its transaction.

    Args:
        sha256: of the bytes that were converted.
        title: as the document names itself; one that the uploader gave stays.
    Returns:
        False when the source has other bytes by now or was deleted: then nothing is to be staged.
    """
    source = session.scalar(locked_source(Source.id == source_id, Source.sha256 == sha256))
    if source is None:
        return False
    if title and not source.title_given and (found := " ".join(storable(title).split())[:TITLE_LIMIT_CHARS]):
        source.title = found
    source.media_type, source.language = media_type, language
    source.warnings = [plain(warning) for warning in warnings]
    set_status(source, SourceStatus.STAGED)
    session.flush()
    return True


def mark_source_indexed(session: Session, *, source_id: str, sha256: str) -> bool:
    """What is live already is what these bytes give; False when the source has other bytes by now."""
    source = session.scalar(locked_source(Source.id == source_id, Source.sha256 == sha256))
    if source is None:
        return False
    set_status(source, SourceStatus.INDEXED)
    session.flush()
    return True


def mark_source_failed(session: Session, *, source_id: str, sha256: str, error: KbError) -> bool:
    """These bytes cannot be ingested, for `error`; False when the source has other bytes by now."""
    source = session.scalar(locked_source(Source.id == source_id, Source.sha256 == sha256))
    if source is None:
        return False
    _fail(session, source, error)
    return True


def mark_source_given_up(session: Session, *, source_id: str, error: KbError) -> None:
    """Its job was given up while it waited; one that got further is left as it is."""
    received = Source.status == SourceStatus.RECEIVED
    source = session.scalar(locked_source(Source.id == source_id, received))
    if source is not None:
        _fail(session, source, error)


def mark_source_received(session: Session, *, source_id: str) -> None:
    """A failed one waits for a worker again."""
    failed = Source.status == SourceStatus.FAILED
    source = session.scalar(locked_source(Source.id == source_id, failed))
    if source is not None:
        set_status(source, SourceStatus.RECEIVED)
        session.flush()


def mark_source_published(session: Session, *, source_id: str) -> None:
    """Its staged edition went live; bytes that arrived since are still to be ingested."""
    staged = Source.status == SourceStatus.STAGED
    source = session.scalar(locked_source(Source.id == source_id, staged))
    if source is not None:
        set_status(source, SourceStatus.INDEXED)
        session.flush()


def _fail(session: Session, source: Source, error: KbError) -> None:
    set_status(source, SourceStatus.FAILED)
    source.error_code, source.error_data = error.code, plain(error.data)
    session.flush()
    record_audit(
        session,
        caller=WORKER,
        verb="fail_source",
        object_kind="source",
        object_id=source.id,
        data={"sha256": source.sha256, "error_code": error.code},
    )
