"""What an article and its revisions are."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column

from kb.database import Base
from kb.errors import BrokenRecord
from kb.vocabulary import ArticleState, Audience, Governance, Language


class Article(Base):
    __tablename__ = "article"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_positive"),
        Index("ix_article_state_updated_at", "state", "updated_at"),
        Index("ix_article_updated_at_id", "updated_at", "id"),
        Index("ix_article_verify_due_at", "verify_due_at", "id"),
        Index("ix_article_last_used_at", "last_used_at", "id"),
        Index("ix_article_release_at", "release_at"),
        Index("ix_article_unkept_at", "unkept_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[Language] = mapped_column()
    audience: Mapped[Audience] = mapped_column()
    state: Mapped[ArticleState] = mapped_column()
    governance: Mapped[Governance] = mapped_column()
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    #: besides the owner, or instead of one
    owner_team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"), index=True)
    #: articles that are translations of one another share it
    translation_group: Mapped[str | None] = mapped_column(index=True)
    tags: Mapped[list[str]] = mapped_column()
    #: short names of what it is about
    products: Mapped[list[str]] = mapped_column()
    #: customer segments that it is for; none: all
    segments: Mapped[list[str]] = mapped_column()
    #: the requester's words, append-only: they belong to the article, not to one revision
    issue: Mapped[list[str]] = mapped_column()
    #: what is served; None until the first release and after archiving stays for history
    released_revision_id: Mapped[str | None] = mapped_column()
    #: newer than the released one, or None
    working_revision_id: Mapped[str | None] = mapped_column()
    #: grows by one with every change; the ETag
    version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column()
    released_at: Mapped[datetime | None] = mapped_column()
    #: when somebody last said that what is written still holds
    verified_at: Mapped[datetime | None] = mapped_column()
    #: None: nobody has to verify it again
    verify_every_days: Mapped[int | None] = mapped_column()
    #: verified or used last, and the interval; None: never due
    verify_due_at: Mapped[datetime | None] = mapped_column()
    #: when somebody last said that it solved a case, and how often
    last_used_at: Mapped[datetime | None] = mapped_column()
    use_count: Mapped[int] = mapped_column()
    release_at: Mapped[datetime | None] = mapped_column()
    #: the revision that is released then: the working one of when the time was set, which was checked
    scheduled_revision_id: Mapped[str | None] = mapped_column()
    archive_at: Mapped[datetime | None] = mapped_column()
    #: who said so, and whose rights count when it happens
    scheduled_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    #: the one of these times that came last without its move being made, and the error that says why
    unkept_at: Mapped[datetime | None] = mapped_column()
    unkept_code: Mapped[str | None] = mapped_column()
    unkept_data: Mapped[dict[str, Any] | None] = mapped_column()
    #: archived: who asks for it is led there
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("article.id"), index=True)
    #: the article that this one translates, and which of its revisions the newest one here follows
    translates_id: Mapped[str | None] = mapped_column(ForeignKey("article.id"), index=True)
    translates_number: Mapped[int | None] = mapped_column()
    #: the id it has where it was imported from
    external_id: Mapped[str | None] = mapped_column(unique=True)


class ArticleRevision(Base):
    """One immutable version of an article's words."""

    __tablename__ = "article_revision"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"), index=True)
    number: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(Text)
    environment: Mapped[str] = mapped_column(Text)
    #: Markdown
    resolution: Mapped[str] = mapped_column(Text)
    #: Markdown, may be empty
    cause: Mapped[str] = mapped_column(Text)
    #: why it was changed, in the author's words
    comment: Mapped[str] = mapped_column(Text)
    #: SHA-256 over title, environment, resolution and cause
    content_hash: Mapped[str] = mapped_column()
    #: notes, conversations or sources it was written from
    cites: Mapped[list[dict[str, Any]]] = mapped_column()
    author_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column()


class RevisionIsImmutable(BrokenRecord):
    code = "revision_is_immutable"
    en = "A revision is never changed or removed; write a new one."
    fa = "ویرایش ثبت‌شده تغییر یا حذف نمی‌شود؛ ویرایشی تازه بنویسید."

    def __init__(self) -> None:
        super().__init__(reason="revision is immutable")


@event.listens_for(ArticleRevision, "before_update")
@event.listens_for(ArticleRevision, "before_delete")
def _refuse_change(
    _mapper: Mapper[ArticleRevision], _connection: Connection, _revision: ArticleRevision
) -> None:
    raise RevisionIsImmutable


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk_change(state: ORMExecuteState) -> None:
    changes = state.is_update or state.is_delete
    if changes and state.bind_mapper is not None and state.bind_mapper.class_ is ArticleRevision:
        raise RevisionIsImmutable
