"""What a note is, and what its author was asked."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kb.database import Base
from kb.vocabulary import Audience, Element, Language, NoteState


class Note(Base):
    """Experience as an employee told it; a draft is its author's alone."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_updated_at_id", "updated_at", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[Language] = mapped_column()
    audience: Mapped[Audience] = mapped_column()
    state: Mapped[NoteState] = mapped_column()
    tags: Mapped[list[str]] = mapped_column()
    products: Mapped[list[str]] = mapped_column()
    #: customer segments that it is for; none: all
    segments: Mapped[list[str]] = mapped_column()
    author_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    #: the article it was promoted to
    article_id: Mapped[str | None] = mapped_column(ForeignKey("article.id"), index=True)
    version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column()


class NoteAnswer(Base):
    """One probe and what its author said to it."""

    __tablename__ = "note_answer"
    __table_args__ = (UniqueConstraint("note_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    note_id: Mapped[str] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"))
    #: 1, 2, 3 ... in the order they were asked
    number: Mapped[int] = mapped_column()
    element: Mapped[Element] = mapped_column()
    #: as it was put
    probe: Mapped[str] = mapped_column(Text)
    #: None: skipped
    text: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column()
