"""Findings: near-duplicates and contradictions that were found by comparing, until a person has decided."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, Text, and_, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from kb.audit import record_audit
from kb.canonical import sha256_of
from kb.clock import new_id, utc_now
from kb.database import Base
from kb.errors import ImpossibleMove, NotFound
from kb.paging import Page, checked_limit, cut, older_than
from kb.passage import Edition
from kb.rights import require
from kb.sight import visible
from kb.text import LINE_LIMIT_CHARS, clean_text
from kb.visibility import Caller, Visibility
from kb.vocabulary import EditionState, FindingKind, FindingState, OriginKind, Role, Scope

#: names in a finding's data that change places with its sides
_OTHER_SIDE = {"left": "right", "right": "left"}


class Finding(Base):
    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_state_kind", "state", "kind", "found_at", "id"),
        Index("ix_finding_left", "left_kind", "left_id"),
        Index("ix_finding_right", "right_kind", "right_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[FindingKind] = mapped_column()
    state: Mapped[FindingState] = mapped_column()
    #: the two sides, in the order of (kind, id)
    left_kind: Mapped[OriginKind] = mapped_column()
    left_id: Mapped[str] = mapped_column()
    right_kind: Mapped[OriginKind] = mapped_column()
    right_id: Mapped[str] = mapped_column()
    #: SHA-256 of what was compared and found: the same again is no news
    fingerprint: Mapped[str] = mapped_column(unique=True)
    #: 0 to 1
    score: Mapped[float] = mapped_column()
    #: sentences and facts of both sides, as `codify` found them
    data: Mapped[dict[str, Any]] = mapped_column()
    found_at: Mapped[datetime] = mapped_column()
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None] = mapped_column()
    #: why both may stand
    comment: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """What a comparison found, before it is kept; `left` and `right` are (kind, id)."""

    kind: FindingKind
    left: tuple[OriginKind, str]
    right: tuple[OriginKind, str]
    score: float
    data: dict[str, Any]

    def ordered(self) -> "FindingDraft":
        """With its sides in the order of (kind, id); sides and data are swapped together."""
        if self.left <= self.right:
            return self
        swapped = {_OTHER_SIDE.get(name, name): value for name, value in self.data.items()}
        return replace(self, left=self.right, right=self.left, data=swapped)

    @property
    def fingerprint(self) -> str:
        return sha256_of([self.kind.value, *self.left, *self.right, self.data])


def keep_findings(session: Session, *, found: Iterable[FindingDraft], now: datetime) -> int:
    """Bring the findings in line with a comparison of everything; how many are new.

    What was found before stays as a person left it; what is not found any more is gone, and what comes back
    is open again unless it was dismissed.
    """
    current = {draft.fingerprint: draft for draft in (one.ordered() for one in found)}
    known = {row.fingerprint: row for row in session.scalars(select(Finding))}
    for fingerprint, row in known.items():
        if fingerprint not in current and row.state is FindingState.OPEN:
            row.state = FindingState.GONE
        elif fingerprint in current and row.state is FindingState.GONE:
            row.state, row.found_at = FindingState.OPEN, now
    new = [draft for fingerprint, draft in current.items() if fingerprint not in known]
    for draft in new:
        session.add(
            Finding(
                id=new_id(),
                kind=draft.kind,
                state=FindingState.OPEN,
                left_kind=draft.left[0],
                left_id=draft.left[1],
                right_kind=draft.right[0],
                right_id=draft.right[1],
                fingerprint=draft.fingerprint,
                score=draft.score,
                data=draft.data,
                found_at=now,
                closed_by=None,
                closed_at=None,
                comment="",
            )
        )
    session.flush()
    return len(new)


def dismiss_finding(
    session: Session, *, caller: Caller, caller_visibility: Visibility, finding_id: str, comment: str
) -> Finding:
    """Say that both sides may stand, and why; the same finding does not come up again.

    Raises:
        NotFound, NotSignedIn, Forbidden, TextTooLong, EmptyText.
        ImpossibleMove: it is not open.
    """
    finding = _locked(session, caller, caller_visibility, finding_id)
    if finding.state is not FindingState.OPEN:
        raise ImpossibleMove(what="finding", state=finding.state.value, verb="dismiss")
    finding.comment = clean_text("comment", comment, LINE_LIMIT_CHARS)
    finding.state, finding.closed_by, finding.closed_at = FindingState.DISMISSED, caller.person_id, utc_now()
    session.flush()
    _record(session, caller, "dismiss_finding", finding)
    return finding


def reopen_finding(
    session: Session, *, caller: Caller, caller_visibility: Visibility, finding_id: str
) -> Finding:
    """Take a dismissal back.

    Raises:
        NotFound, NotSignedIn, Forbidden.
        ImpossibleMove: it is not dismissed.
    """
    finding = _locked(session, caller, caller_visibility, finding_id)
    if finding.state is not FindingState.DISMISSED:
        raise ImpossibleMove(what="finding", state=finding.state.value, verb="reopen")
    finding.state, finding.closed_by, finding.closed_at = FindingState.OPEN, None, None
    finding.comment = ""
    session.flush()
    _record(session, caller, "reopen_finding", finding)
    return finding


def list_findings(
    session: Session,
    *,
    caller: Caller,
    caller_visibility: Visibility,
    kind: FindingKind | None = None,
    state: FindingState = FindingState.OPEN,
    origin_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Finding]:
    """Findings both of whose sides the caller may see, found last first.

    Args:
        origin_id: only those with this on one side.
    Raises:
        NotSignedIn, Forbidden.
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    require(caller, role=Role.AGENT, scope=Scope.WRITE)
    statement = both_visible(session, caller_visibility).where(Finding.state == state)
    if kind is not None:
        statement = statement.where(Finding.kind == kind)
    if origin_id is not None:
        statement = statement.where(or_(Finding.left_id == origin_id, Finding.right_id == origin_id))
    if cursor is not None:
        statement = statement.where(older_than(cursor, Finding.found_at, Finding.id))
    statement = statement.order_by(Finding.found_at.desc(), Finding.id.desc()).limit(checked_limit(limit) + 1)
    return cut(session.scalars(statement).all(), limit, lambda finding: (finding.found_at, finding.id))


def both_visible(session: Session, visibility: Visibility) -> Select[Finding]:
    """Both sides are served, and their editions say who may see them."""
    left, right = aliased(Edition), aliased(Edition)
    return (
        select(Finding)
        .join(left, and_(left.origin_kind == Finding.left_kind, left.origin_id == Finding.left_id))
        .join(right, and_(right.origin_kind == Finding.right_kind, right.origin_id == Finding.right_id))
        .where(
            left.state == EditionState.LIVE,
            right.state == EditionState.LIVE,
            visible(session, left, visibility),
            visible(session, right, visibility),
        )
    )


def _locked(session: Session, caller: Caller, visibility: Visibility, finding_id: str) -> Finding:
    require(caller, role=Role.CONTRIBUTOR, scope=Scope.WRITE)
    finding = session.scalar(both_visible(session, visibility).where(Finding.id == finding_id))
    if finding is None:
        raise NotFound(what="finding", id=finding_id)
    return session.get_one(Finding, finding_id, with_for_update=True, populate_existing=True)


def _record(session: Session, caller: Caller, verb: str, finding: Finding) -> None:
    record_audit(
        session,
        caller=caller,
        verb=verb,
        object_kind="finding",
        object_id=finding.id,
        data={"kind": finding.kind, "left": finding.left_id, "right": finding.right_id},
    )
