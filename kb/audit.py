"""The audit log: one row per state-changing verb, in its transaction, each chained to the one before.

Verbs say what they did at any point of a transaction; the rows are chained and written when it commits.
So the head of the chain, which all writers share, is locked last and briefly, and never while somebody
waits for another row.
"""

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, event, select
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from kb.canonical import plain, sha256_of
from kb.clock import utc_now
from kb.database import Base, insert_new
from kb.errors import BrokenRecord
from kb.paging import Page, checked_limit, cut, number_before
from kb.rights import require
from kb.visibility import Caller
from kb.vocabulary import Role, Scope

GENESIS_HASH = "0" * 64
WORKER = "worker"

#: the request that is being served, kept with every row it causes
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

_PENDING = "kb_audit_pending"
_HEAD_ID = 1


class AuditEntry(Base):
    __tablename__ = "audit_entry"

    #: 1, 2, 3 ... without gaps
    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column()
    #: "person:<id>", "key:<id>", "operator" (command line), "worker", "system"
    actor: Mapped[str] = mapped_column()
    verb: Mapped[str] = mapped_column()
    object_kind: Mapped[str] = mapped_column()
    object_id: Mapped[str] = mapped_column(index=True)
    data: Mapped[dict[str, Any]] = mapped_column()
    request_id: Mapped[str | None] = mapped_column()
    #: hash of entry `number - 1`; 64 zeros before the first
    previous_hash: Mapped[str] = mapped_column()
    #: SHA-256 over the canonical JSON of all the fields above
    entry_hash: Mapped[str] = mapped_column()


class AuditHead(Base):
    """The last entry, kept apart: without it a truncated tail would look whole. Its row orders writers."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    entry_hash: Mapped[str] = mapped_column()


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What `verify_audit` found; no problems means that nothing was edited, removed or inserted."""

    count: int
    head_hash: str
    problems: tuple[str, ...]


def record_audit(
    session: Session,
    *,
    caller: Caller | str,
    verb: str,
    object_kind: str,
    object_id: str,
    data: dict[str, Any] | None = None,
) -> None:
    """Note that `caller` did `verb`; the row is written with the rest of the transaction.

    Args:
        caller: a caller, or the name of a part of the installation ("worker", "system").
        data: what changed; made plain JSON. Never secrets, never whole texts.
    """
    entry = AuditEntry(
        at=utc_now(),
        actor=caller.actor if isinstance(caller, Caller) else caller,
        verb=verb,
        object_kind=object_kind,
        object_id=object_id,
        data=plain(data or {}),
        request_id=request_id.get(),
    )
    if session.in_nested_transaction():
        # Belongs to the savepoint: undone together with it.
        _chain(session, [entry])
    else:
        session.info.setdefault(_PENDING, []).append(entry)


def verify_audit(session: Session) -> AuditReport:
    """Recompute the whole chain and compare it with the head.

    Returns:
        The number of entries, the hash of the last one, and a sentence for each contradiction, oldest
        first. Replacing the whole chain together with its head shows only against a head hash that was
        written down elsewhere.
    """
    _seal(session)
    problems: list[str] = []
    count, previous_hash, expected = 0, GENESIS_HASH, 1
    for entry in _all_entries(session):
        if entry.number != expected:
            problems.append(f"entries {expected} to {entry.number - 1} are missing")
        elif entry.previous_hash != previous_hash:
            problems.append(f"entry {entry.number} does not follow from the one before it")
        if entry.entry_hash != _hash_of(entry):
            problems.append(f"entry {entry.number} was changed after it was written")
        count, previous_hash, expected = count + 1, entry.entry_hash, entry.number + 1
    head = session.get(AuditHead, _HEAD_ID, populate_existing=True)
    if head is None:
        if count:
            problems.append("the head of the chain is missing")
    elif head.number >= expected:
        problems.append(f"entries {expected} to {head.number} are missing at the end")
    elif head.number < expected - 1:
        problems.append(f"entries after {head.number} were added past the head")
    elif head.entry_hash != previous_hash:
        problems.append("the last entry is not the one the head names")
    return AuditReport(count, previous_hash, tuple(problems))


def list_audit(
    session: Session,
    *,
    caller: Caller,
    object_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[AuditEntry]:
    """Entries, newest first; for administrators.

    Raises:
        NotSignedIn, Forbidden.
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    require(caller, role=Role.ADMIN, scope=Scope.ADMIN)
    _seal(session)
    statement = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(checked_limit(limit) + 1)
    if object_id is not None:
        statement = statement.where(AuditEntry.object_id == object_id)
    if cursor is not None:
        statement = statement.where(AuditEntry.number < number_before(cursor))
    return cut(session.scalars(statement).all(), limit, lambda entry: (entry.number, ""))


def _all_entries(session: Session) -> Iterator[AuditEntry]:
    statement = (
        select(AuditEntry)
        .order_by(AuditEntry.number)
        .execution_options(yield_per=1000, populate_existing=True)
    )
    yield from session.scalars(statement)


def _hash_of(entry: AuditEntry) -> str:
    return sha256_of(
        {
            "number": entry.number,
            "at": entry.at,
            "actor": entry.actor,
            "verb": entry.verb,
            "object_kind": entry.object_kind,
            "object_id": entry.object_id,
            "data": entry.data,
            "request_id": entry.request_id,
            "previous_hash": entry.previous_hash,
        }
    )


def _chain(session: Session, entries: list[AuditEntry]) -> None:
    head = _locked_head(session)
    for entry in entries:
        entry.number = head.number + 1
        entry.previous_hash = head.entry_hash
        entry.entry_hash = _hash_of(entry)
        session.add(entry)
        head.number, head.entry_hash = entry.number, entry.entry_hash
    session.flush()


def _locked_head(session: Session) -> AuditHead:
    head = session.get(AuditHead, _HEAD_ID, with_for_update=True, populate_existing=True)
    if head is not None:
        return head
    if session.scalar(select(AuditEntry.number).limit(1)) is not None:
        raise BrokenRecord(reason="the head of the audit chain is missing")
    insert_new(session, AuditHead, [{"id": _HEAD_ID, "number": 0, "entry_hash": GENESIS_HASH}])
    return session.get_one(AuditHead, _HEAD_ID, with_for_update=True, populate_existing=True)


def _seal(session: Session) -> None:
    entries = session.info.pop(_PENDING, None)
    if entries:
        _chain(session, entries)


@event.listens_for(Session, "before_commit")
def _seal_at_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        session.flush()
        _seal(session)


@event.listens_for(Session, "after_soft_rollback")
def _forget_at_rollback(session: Session, previous: SessionTransaction) -> None:
    if not previous.nested:
        session.info.pop(_PENDING, None)
