"""Transfers: exports that are made and imports that are worked on in the background, kept for a while.

Whoever asked for one, and nobody else, reads it: what it holds was chosen by what that caller may see.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.api_key import caller_of_key_id
from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.database import Base
from kb.errors import Forbidden, KbError, NotFound
from kb.exchange.errors import ImportBlocked, TransferNotReady
from kb.exchange.read import export_scope
from kb.outbox import enqueue
from kb.rights import require
from kb.text import clean_line
from kb.user import User, caller_of_user
from kb.visibility import OPERATOR, Caller, CallerKind
from kb.vocabulary import (
    ArticleState,
    Audience,
    ConflictPolicy,
    ExportFormat,
    ImportFormat,
    JobName,
    Language,
    Role,
    Scope,
    TransferKind,
    TransferState,
)

#: of one caller, at once
_WAITING_LIMIT = 5


class Transfer(Base):
    __tablename__ = "transfer"
    __table_args__ = (Index("ix_transfer_actor", "actor", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[TransferKind] = mapped_column()
    state: Mapped[TransferState] = mapped_column()
    #: how the audit log names who asked, and whose rights count
    actor: Mapped[str] = mapped_column()
    #: of what is downloaded, or was uploaded
    filename: Mapped[str] = mapped_column(Text)
    #: what was asked for, as plain JSON
    options: Mapped[dict[str, Any]] = mapped_column()
    size_bytes: Mapped[int] = mapped_column()
    #: of an import: counts and items of its plan, then of what was done
    report: Mapped[dict[str, Any] | None] = mapped_column()
    error_code: Mapped[str | None] = mapped_column()
    error_data: Mapped[dict[str, Any] | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    finished_at: Mapped[datetime | None] = mapped_column()
    #: forgotten then, its bytes too
    expires_at: Mapped[datetime] = mapped_column(index=True)


class TransferBlob(Base):
    """The bytes, apart, so that looking at a transfer does not load them."""

    __tablename__ = "transfer_blob"

    transfer_id: Mapped[str] = mapped_column(ForeignKey("transfer.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


def request_export(
    session: Session,
    *,
    caller: Caller,
    kept: timedelta,
    audience: Audience | None = None,
    segments: Sequence[str] = (),
    states: Sequence[ArticleState] = (),
    to: ExportFormat = ExportFormat.MARKDOWN,
) -> Transfer:
    """Have what the caller may see exported, up to a ceiling; see `kb.exchange.read.export_scope`.

    Raises:
        NotSignedIn, Forbidden: it is for managers, and keys that administer.
        TransferNotReady: five of the caller's are still waiting.
    """
    export_scope(caller, audience=audience, segments=segments, states=states)
    endings = {ExportFormat.MARKDOWN: "zip", ExportFormat.ZENDESK_CSV: "csv"}
    options = {"audience": audience, "segments": list(segments), "states": list(states), "to": to}
    filename = f"nagofte-{utc_now():%Y-%m-%d}.{endings.get(to, 'json')}"
    transfer = _new(session, caller, TransferKind.EXPORT, filename, options, kept)
    enqueue(session, name=JobName.EXPORT_KNOWLEDGE, subject_id=transfer.id)
    _record(session, caller, "request_export", transfer, options)
    return transfer


def request_import(
    session: Session,
    *,
    caller: Caller,
    kept: timedelta,
    filename: str,
    data: bytes,
    source: ImportFormat = ImportFormat.AUTO,
    audience: Audience | None = None,
    language: Language | None = None,
    owner: str | None = None,
    people: bool = False,
) -> Transfer:
    """Keep uploaded files and have planned what they would change; nothing is changed yet.

    Args:
        owner: login of who owns what people who are not here owned.
        people: whether people who are not here are added; for administrators.
    Raises:
        NotSignedIn, Forbidden: it is for managers, and keys that administer.
        TransferNotReady: five of the caller's are still waiting. EmptyText, TextTooLong.
    """
    require(caller, role=Role.ADMIN if people else Role.MANAGER, scope=Scope.ADMIN)
    options: dict[str, Any] = {
        "source": source,
        "audience": audience,
        "language": language,
        "owner": owner,
        "people": people,
    }
    name = clean_line("filename", filename, 255)
    transfer = _new(session, caller, TransferKind.IMPORT, name, options, kept)
    session.add(TransferBlob(transfer_id=transfer.id, data=data))
    transfer.size_bytes = len(data)
    session.flush()
    enqueue(session, name=JobName.PLAN_IMPORT, subject_id=transfer.id)
    _record(session, caller, "request_import", transfer, options | {"size_bytes": len(data)})
    return transfer


def request_applying(
    session: Session, *, caller: Caller, transfer_id: str, policy: ConflictPolicy = ConflictPolicy.FAIL
) -> Transfer:
    """Have an import done as it was planned.

    Raises:
        NotFound, NotSignedIn, Forbidden.
        TransferNotReady: it is not planned yet, or done already.
        ImportBlocked: broken files, or conflicts that `policy` does not decide.
    """
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    transfer = get_transfer(
        session, caller=caller, kind=TransferKind.IMPORT, transfer_id=transfer_id, lock=True
    )
    if transfer.state is not TransferState.PLANNED:
        raise TransferNotReady(id=transfer_id, state=transfer.state.value)
    counts = (transfer.report or {}).get("counts", {})
    failed, conflicts = counts.get("failed", 0), counts.get("conflict", 0)
    if failed or (conflicts and policy is ConflictPolicy.FAIL):
        raise ImportBlocked(failed=failed, conflicts=conflicts)
    transfer.state = TransferState.APPLYING
    transfer.options = transfer.options | {"policy": policy.value}
    session.flush()
    enqueue(session, name=JobName.APPLY_IMPORT, subject_id=transfer.id)
    _record(session, caller, "request_applying", transfer, {"policy": policy})
    return transfer


def get_transfer(
    session: Session, *, caller: Caller, kind: TransferKind, transfer_id: str, lock: bool = False
) -> Transfer:
    """A transfer of the caller's own.

    Raises:
        NotFound: there is none (any more), or it is somebody else's.
    """
    transfer = session.get(Transfer, transfer_id, with_for_update=lock, populate_existing=lock)
    is_own = transfer is not None and transfer.actor == caller.actor and transfer.kind is kind
    if transfer is None or not is_own or transfer.expires_at <= utc_now():
        raise NotFound(what=kind.value, id=transfer_id)
    return transfer


def list_transfers(session: Session, *, caller: Caller, limit: int) -> list[Transfer]:
    """The caller's own that are still kept, asked for last first.

    Raises:
        NotSignedIn, Forbidden: exports and imports are for managers, and keys that administer.
    """
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    own = select(Transfer).where(Transfer.actor == caller.actor, Transfer.expires_at > utc_now())
    return list(session.scalars(own.order_by(Transfer.id.desc()).limit(limit)))


def transfer_bytes(session: Session, *, transfer_id: str) -> bytes:
    """What was uploaded, or is downloaded.

    Raises:
        NotFound: nothing is kept (any more).
    """
    data = session.scalar(select(TransferBlob.data).where(TransferBlob.transfer_id == transfer_id))
    if data is None:
        raise NotFound(what="transfer", id=transfer_id)
    return data


def caller_of_transfer(session: Session, transfer: Transfer) -> Caller:
    """Who asked, with the rights that they have now.

    Raises:
        Forbidden: no longer active. NotSignedIn: the key was revoked or has expired.
    """
    kind, _, id = transfer.actor.partition(":")
    if kind == CallerKind.OPERATOR:
        return OPERATOR
    if kind == CallerKind.KEY:
        return caller_of_key_id(session, key_id=id, now=utc_now())
    user = session.get(User, id)
    if user is None or not user.active:
        raise Forbidden(needs="an active account of whoever asked for it")
    return caller_of_user(session, user)


def finish_transfer(
    session: Session,
    *,
    transfer_id: str,
    state: TransferState,
    report: Mapping[str, Any] | None = None,
    data: bytes | None = None,
) -> None:
    """Keep what came of a transfer; nothing where it was forgotten meanwhile."""
    transfer = session.get(Transfer, transfer_id, with_for_update=True, populate_existing=True)
    if transfer is None:
        return
    transfer.state = state
    transfer.finished_at = None if state is TransferState.PLANNED else utc_now()
    if report is not None:
        transfer.report = dict(report)
    if data is not None:
        session.execute(delete(TransferBlob).where(TransferBlob.transfer_id == transfer_id))
        session.add(TransferBlob(transfer_id=transfer_id, data=data))
        transfer.size_bytes = len(data)
    session.flush()


def fail_transfer(session: Session, *, transfer_id: str, error: KbError) -> None:
    """Say why nothing (more) comes of a transfer."""
    transfer = session.get(Transfer, transfer_id, with_for_update=True, populate_existing=True)
    if transfer is not None:
        transfer.state, transfer.finished_at = TransferState.FAILED, utc_now()
        transfer.error_code, transfer.error_data = error.code, error.data
        session.flush()


def _new(
    session: Session,
    caller: Caller,
    kind: TransferKind,
    filename: str,
    options: dict[str, Any],
    kept: timedelta,
) -> Transfer:
    open_states = (TransferState.WAITING, TransferState.APPLYING)
    own = select(Transfer.id).where(Transfer.actor == caller.actor, Transfer.state.in_(open_states))
    waiting = session.scalars(own.limit(_WAITING_LIMIT)).all()
    if len(waiting) == _WAITING_LIMIT:
        raise TransferNotReady(id=waiting[0], state=TransferState.WAITING.value)
    now = utc_now()
    transfer = Transfer(
        id=new_id(),
        kind=kind,
        state=TransferState.WAITING,
        actor=caller.actor,
        filename=filename,
        options=options,
        size_bytes=0,
        report=None,
        error_code=None,
        error_data=None,
        created_at=now,
        finished_at=None,
        expires_at=now + kept,
    )
    session.add(transfer)
    session.flush()
    return transfer


def _record(session: Session, caller: Caller, verb: str, transfer: Transfer, data: Mapping[str, Any]) -> None:
    record_audit(
        session,
        caller=caller,
        verb=verb,
        object_kind=transfer.kind.value,
        object_id=transfer.id,
        data=dict(data),
    )
