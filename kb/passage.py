"""Editions and passages: what is indexed, cut from articles, sources, notes and conversations.

An *edition* is the complete set of passages made from one state of its origin. A worker stages it
together with its vectors; the index's owner puts its points into the index and makes it live in one
transaction. A hit counts only while its edition is live, so searchers see the old edition or the new
one, never a mixture, whatever is killed in between.
"""

import dataclasses
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from kb.database import Base
from kb.vocabulary import Audience, EditionState, Language, OriginKind, OriginState, PassageField


def _one_per_origin(state: EditionState) -> Index:
    condition = text(f"state = '{state.value}'")
    return Index(
        f"uq_edition_{state.value}",
        "origin_kind",
        "origin_id",
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )


class Edition(Base):
    __tablename__ = "edition"
    __table_args__ = (
        Index("ix_edition_origin", "origin_kind", "origin_id", "state"),
        Index("ix_edition_state", "state", "id"),
        _one_per_origin(EditionState.PROPOSED),
        _one_per_origin(EditionState.STAGED),
        _one_per_origin(EditionState.LIVE),
    )

    #: uuid7, so ids sort by staging time
    id: Mapped[str] = mapped_column(primary_key=True)
    origin_kind: Mapped[OriginKind] = mapped_column()
    origin_id: Mapped[str] = mapped_column()
    #: SHA-256 of everything the passages depend on; equal means nothing to do
    fingerprint: Mapped[str] = mapped_column()
    state: Mapped[EditionState] = mapped_column()
    #: of the origin, kept in step by every verb that changes it; hits are checked against these
    audience: Mapped[Audience] = mapped_column()
    language: Mapped[Language] = mapped_column()
    title: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column()
    products: Mapped[list[str]] = mapped_column()
    segments: Mapped[list[str]] = mapped_column()
    origin_state: Mapped[OriginState | None] = mapped_column()
    #: when a person last wrote, released, sent or verified what it says
    vouched_at: Mapped[datetime] = mapped_column()
    #: which vectors its passages need: the embedder's and the analyzer's identity
    embedder_id: Mapped[str] = mapped_column()
    analyzer_id: Mapped[str] = mapped_column()
    passage_count: Mapped[int] = mapped_column()
    staged_at: Mapped[datetime] = mapped_column()
    live_at: Mapped[datetime | None] = mapped_column()


class Passage(Base):
    __tablename__ = "passage"
    __table_args__ = (Index("ix_passage_edition_id_ordinal", "edition_id", "ordinal"),)

    #: uuid7; also the id of its point in the index
    id: Mapped[str] = mapped_column(primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    ordinal: Mapped[int] = mapped_column()
    field: Mapped[PassageField] = mapped_column()
    #: code point offsets in the origin's text; body passages tile it
    start: Mapped[int] = mapped_column()
    end: Mapped[int] = mapped_column()
    heading_path: Mapped[list[str]] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    #: what is embedded and analysed: title, headings and text without markup
    indexed_text: Mapped[str] = mapped_column(Text)
    #: SHA-256 of `indexed_text`; with a model's id the key of its vector
    text_hash: Mapped[str] = mapped_column(index=True)
    #: where the words stand in the readable text, as packed by `search.analysis.places`; None: analysed
    #: when shown
    places: Mapped[bytes | None] = mapped_column(LargeBinary)


class Vector(Base):
    """A computed representation of a text, kept so that a rebuild computes nothing again.

    `model_id` names an embedder (`data`: [d] float32, little endian) or an analyzer (`data`: as packed
    by `search.terms`); equal texts share a row.
    """

    __tablename__ = "vector"

    model_id: Mapped[str] = mapped_column(primary_key=True)
    text_hash: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


@dataclasses.dataclass(frozen=True, slots=True)
class PassageDraft:
    """A passage before it is staged: the values a worker computed.

    `vectors` maps model id to packed bytes; those already in the record may be left out.
    """

    field: PassageField
    start: int
    end: int
    heading_path: tuple[str, ...]
    text: str
    indexed_text: str
    text_hash: str
    vectors: dict[str, bytes] = dataclasses.field(default_factory=dict)
    places: bytes | None = None
