"""Flags: "this is wrong, unclear, stale", raised from any surface, until somebody sees to it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.database import Base
from kb.vocabulary import FlagReason, FlagState, OriginKind


class Flag(Base):
    __tablename__ = "flag"
    __table_args__ = (
        Index("ix_flag_state_raised_at", "state", "raised_at", "id"),
        Index("ix_flag_origin", "origin_kind", "origin_id", "state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    origin_kind: Mapped[OriginKind] = mapped_column()
    origin_id: Mapped[str] = mapped_column()
    #: of an article: what was read
    revision_id: Mapped[str | None] = mapped_column(ForeignKey("article_revision.id"))
    reason: Mapped[FlagReason] = mapped_column()
    #: in the reader's words, personal data already masked; may be empty
    text: Mapped[str] = mapped_column(Text)
    #: what the reader had asked; may be empty
    query: Mapped[str] = mapped_column(Text)
    state: Mapped[FlagState] = mapped_column()
    #: how the audit log names who raised it
    raised_by: Mapped[str] = mapped_column()
    person_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    raised_at: Mapped[datetime] = mapped_column()
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None] = mapped_column()
    #: what came of it, for who raised it
    outcome: Mapped[str] = mapped_column(Text)
