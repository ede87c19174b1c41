"""Reviews: somebody asks for a look at a revision, somebody else approves it or says what must change."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from kb.database import Base
from kb.vocabulary import ReviewState

_REQUESTED = text(f"state = '{ReviewState.REQUESTED.value}'")


class Review(Base):
    __tablename__ = "review"
    __table_args__ = (
        Index(
            "uq_review_requested",
            "article_id",
            unique=True,
            sqlite_where=_REQUESTED,
            postgresql_where=_REQUESTED,
        ),
        Index("ix_review_state_requested_at", "state", "requested_at", "id"),
        Index("ix_review_article_id", "article_id", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"))
    revision_id: Mapped[str] = mapped_column(ForeignKey("article_revision.id"))
    state: Mapped[ReviewState] = mapped_column()
    #: None: a key or the operator
    requested_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    requested_at: Mapped[datetime] = mapped_column()
    #: who should look; None: whoever may
    reviewer_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column()
    #: what the reviewer says to the author
    comment: Mapped[str] = mapped_column(Text)
