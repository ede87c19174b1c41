"""Findings: near-duplicates and contradictions that were found by comparing, until a person has decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.database import Base
from kb.vocabulary import FindingKind, FindingState, OriginKind


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
