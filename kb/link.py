"""Links: a person's statement that an article solved a case. Reuse is review."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from kb.database import Base

_NAMED = text("case_ref <> ''")


class Link(Base):
    __tablename__ = "link"
    __table_args__ = (
        Index(
            "uq_link_case",
            "article_id",
            "case_ref",
            unique=True,
            sqlite_where=_NAMED,
            postgresql_where=_NAMED,
        ),
        Index("ix_link_article_id_linked_at", "article_id", "linked_at", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"))
    #: what was served then
    revision_id: Mapped[str] = mapped_column(ForeignKey("article_revision.id"))
    #: how the audit log names who said so
    actor: Mapped[str] = mapped_column()
    person_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    #: the case's number where cases are kept; may be empty
    case_ref: Mapped[str] = mapped_column()
    #: what was asked, personal data already masked; may be empty
    query: Mapped[str] = mapped_column(Text)
    linked_at: Mapped[datetime] = mapped_column()
