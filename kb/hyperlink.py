"""Hyperlinks in what is released, and whether they lead anywhere."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.database import Base


class Hyperlink(Base):
    """One address in one article, as it was last tried."""

    __tablename__ = "hyperlink"
    __table_args__ = (Index("ix_hyperlink_is_broken", "is_broken", "article_id"),)

    article_id: Mapped[str] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(Text, primary_key=True)
    #: None: not known, such as an address elsewhere that nobody tried
    is_broken: Mapped[bool | None] = mapped_column()
    #: such as "404", "no such article", "no answer"
    outcome: Mapped[str] = mapped_column()
    tried_at: Mapped[datetime | None] = mapped_column()
