"""Attachments: files that belong to an article and are seen by whoever sees it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.database import Base

#: of one article
ATTACHMENT_LIMIT = 100


class Attachment(Base):
    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_article_id", "article_id", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"))
    filename: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column()
    sha256: Mapped[str] = mapped_column(ForeignKey("attachment_blob.sha256"), index=True)
    size_bytes: Mapped[int] = mapped_column()
    created_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column()
    #: the article whose file it is, where it is here only because that one was merged into this
    merged_from_id: Mapped[str | None] = mapped_column(ForeignKey("article.id"), index=True)


class AttachmentBlob(Base):
    """The bytes, once per content."""

    __tablename__ = "attachment_blob"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
