"""What a source is."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, LargeBinary, Select, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from kb.clock import utc_now
from kb.database import Base
from kb.vocabulary import Audience, Language, SourceStatus


class Source(Base):
    __tablename__ = "source"
    __table_args__ = (Index("ix_source_created_at_id", "created_at", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    #: where it came from (`upload:<filename>`, a path); the same locator with other bytes is a new state
    #: of this source
    locator: Mapped[str] = mapped_column(Text, unique=True)
    filename: Mapped[str] = mapped_column(Text)
    #: from the metadata or the first heading once converted, else the file name
    title: Mapped[str] = mapped_column(Text)
    #: by whoever sent it: then the converter's does not replace it
    title_given: Mapped[bool] = mapped_column()
    #: as declared on receipt; as detected once converted
    media_type: Mapped[str] = mapped_column()
    #: None until detected by the converter, where the uploader did not say
    language: Mapped[Language | None] = mapped_column()
    audience: Mapped[Audience] = mapped_column()
    tags: Mapped[list[str]] = mapped_column()
    products: Mapped[list[str]] = mapped_column()
    #: customer segments that it is for; none: all
    segments: Mapped[list[str]] = mapped_column()
    sha256: Mapped[str] = mapped_column(ForeignKey("source_blob.sha256"), index=True)
    size_bytes: Mapped[int] = mapped_column()
    status: Mapped[SourceStatus] = mapped_column(index=True)
    error_code: Mapped[str | None] = mapped_column()
    #: the error's data, from which its message is made in the reader's language
    error_data: Mapped[dict[str, Any] | None] = mapped_column()
    #: what was readable only in part: [{"code", ...data}]
    warnings: Mapped[list[dict[str, Any]]] = mapped_column()
    #: when these bytes arrived
    received_at: Mapped[datetime] = mapped_column()
    uploaded_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column()


class SourceBlob(Base):
    """The bytes, once per content: in the record, so that every worker sees them and a backup holds them."""

    __tablename__ = "source_blob"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


def locked_source(*conditions: ColumnElement[bool]) -> Select[Source]:
    """The source that meets `conditions`, its row locked until the transaction ends."""
    return select(Source).where(*conditions).with_for_update().execution_options(populate_existing=True)


def set_status(source: Source, status: SourceStatus) -> None:
    """Move on, without the errors of before."""
    source.status = status
    source.error_code = source.error_data = None
    source.version += 1
    source.updated_at = utc_now()
