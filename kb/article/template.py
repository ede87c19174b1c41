"""Templates: what a new article begins with."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.database import Base
from kb.vocabulary import Language


class ArticleTemplate(Base):
    __tablename__ = "article_template"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    language: Mapped[Language] = mapped_column()
    title: Mapped[str] = mapped_column(Text)
    environment: Mapped[str] = mapped_column(Text)
    resolution: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column()
    version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column()
