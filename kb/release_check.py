"""Release checks: the queries that an article must answer, replayed before a revision of it is released."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.database import Base
from kb.vocabulary import CheckState


class ReleaseCheck(Base):
    __tablename__ = "release_check"
    __table_args__ = (Index("ix_release_check_article_id", "article_id", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"))
    #: the working revision that would be released
    revision_id: Mapped[str] = mapped_column(ForeignKey("article_revision.id"), index=True)
    state: Mapped[CheckState] = mapped_column()
    requested_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    requested_at: Mapped[datetime] = mapped_column()
    finished_at: Mapped[datetime | None] = mapped_column()
    #: newly answered, displaced and broken queries; None until it is done
    report: Mapped[dict[str, Any] | None] = mapped_column()
    #: queries that the article answered, and would not answer any more
    broken_count: Mapped[int] = mapped_column()
    error_code: Mapped[str | None] = mapped_column()
    error_data: Mapped[dict[str, Any] | None] = mapped_column()
    #: why it was released nevertheless; may be empty
    override_reason: Mapped[str] = mapped_column(Text)
    overridden_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
