"""Hyperlinks in what is released, and whether they lead anywhere."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, and_, delete, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from kb.article.attachment import Attachment
from kb.article.composed import revision_text
from kb.article.model import Article, ArticleRevision
from kb.database import Base, batches, insert_new
from kb.origin import find_origin
from kb.paging import Page, checked_limit, cut, number_before
from kb.rights import require
from kb.sight import visible
from kb.visibility import Caller, Guarded, Visibility
from kb.vocabulary import ArticleState, Audience, OriginKind, Role, Scope

_OTHER_ORIGINS = (OriginKind.SOURCE, OriginKind.NOTE, OriginKind.CONVERSATION)


class Hyperlink(Base):
    """One address in one article, as it was last tried."""

    __tablename__ = "hyperlink"
    __table_args__ = (Index("ix_hyperlink_is_broken", "is_broken", "article_id"),)

    article_id: Mapped[str] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(Text, primary_key=True)
    #: None: not known, such as an address elsewhere that nobody tried
    is_broken: Mapped[bool | None] = mapped_column()
    #: such as "404", "no_such_article", "no_answer"
    outcome: Mapped[str] = mapped_column()
    tried_at: Mapped[datetime | None] = mapped_column()


@dataclass(frozen=True, slots=True)
class Tried:
    """An address of an article with what came of trying it."""

    address: str
    is_broken: bool | None
    outcome: str
    #: None: it was not tried
    tried_at: datetime | None


@dataclass(frozen=True, slots=True)
class ServedText:
    """What readers of an article read."""

    article_id: str
    text: str


def keep_hyperlinks(session: Session, *, article_id: str, tried: Sequence[Tried]) -> None:
    """Keep what came of an article's addresses, in place of what came of them before.

    An article that is gone meanwhile keeps none.
    """
    session.execute(delete(Hyperlink).where(Hyperlink.article_id == article_id))
    if session.get(Article, article_id) is None:
        return
    rows = [
        {
            "article_id": article_id,
            "address": one.address,
            "is_broken": one.is_broken,
            "outcome": one.outcome,
            "tried_at": one.tried_at,
        }
        for one in tried
    ]
    insert_new(session, Hyperlink, rows)


def forget_hyperlinks(session: Session, *, except_ids: Collection[str]) -> None:
    """Forget the addresses of articles that are not served any more."""
    known = session.scalars(select(Hyperlink.article_id).distinct()).all()
    for some in batches(sorted(set(known) - set(except_ids))):
        session.execute(delete(Hyperlink).where(Hyperlink.article_id.in_(some)))


def known_hyperlinks(session: Session, *, article_id: str) -> dict[str, Hyperlink]:
    """What came of an article's addresses when they were last tried."""
    rows = session.scalars(select(Hyperlink).where(Hyperlink.article_id == article_id))
    return {row.address: row for row in rows}


def list_hyperlinks(
    session: Session,
    *,
    caller: Caller,
    caller_visibility: Visibility,
    is_broken: bool | None = True,
    article_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Hyperlink]:
    """Addresses in served articles that the caller may see, by article.

    Args:
        is_broken: None: whatever came of them.
    Raises:
        NotSignedIn, Forbidden.
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    require(caller, role=Role.AGENT, scope=Scope.WRITE)
    statement = (
        select(Hyperlink)
        .join(Article, Article.id == Hyperlink.article_id)
        .where(visible(session, Article, caller_visibility), Article.state != ArticleState.ARCHIVED)
        .order_by(Hyperlink.article_id, Hyperlink.address)
    )
    if is_broken is not None:
        statement = statement.where(Hyperlink.is_broken.is_(is_broken))
    if article_id is not None:
        statement = statement.where(Hyperlink.article_id == article_id)
    # Counted off: the whole list is made anew every night, and a row has no short key.
    start = 0 if cursor is None else number_before(cursor)
    rows = session.scalars(statement.offset(start).limit(checked_limit(limit) + 1)).all()
    return cut(rows, limit, lambda _row: (start + limit, ""))


def served_article_ids(session: Session) -> list[str]:
    """Every article that readers are served, by id."""
    served = Article.released_revision_id.is_not(None), Article.state != ArticleState.ARCHIVED
    return list(session.scalars(select(Article.id).where(*served).order_by(Article.id)))


def served_texts(
    session: Session, article_ids: Collection[str], *, like: Guarded | None = None
) -> list[ServedText]:
    """What readers of these articles read; those that are not served are left out.

    Who asks for a merged article reads the one that it is merged into.

    Args:
        like: only those that everybody sees who sees this.
    """
    found = []
    for some in batches(sorted(set(article_ids))):
        asked = aliased(Article)
        is_it = or_(
            and_(asked.id == Article.id, asked.state != ArticleState.ARCHIVED),
            and_(asked.merged_into_id == Article.id, asked.state == ArticleState.ARCHIVED),
        )
        rows = session.execute(
            select(asked.id, Article, ArticleRevision)
            .join(Article, is_it)
            .join(ArticleRevision, ArticleRevision.id == Article.released_revision_id)
            .where(asked.id.in_(some), Article.state != ArticleState.ARCHIVED)
            .order_by(asked.id)
        )
        found += [
            ServedText(id, revision_text(revision, article.language))
            for id, article, revision in rows
            if like is None or _is_seen_by_all_of(like, article)
        ]
    return found


def attachment_owners(session: Session, attachment_ids: Collection[str]) -> dict[str, str]:
    """The articles of these attachments; those that are not there are left out."""
    owners: dict[str, str] = {}
    for some in batches(sorted(set(attachment_ids))):
        rows = session.execute(select(Attachment.id, Attachment.article_id).where(Attachment.id.in_(some)))
        owners |= {id: article_id for id, article_id in rows}  # noqa: C416 - rows are not plain tuples
    return owners


def served_origins(session: Session, origin_ids: Collection[str], *, like: Guarded) -> frozenset[str]:
    """Which of these documents, notes and conversations everybody sees who sees `like`."""
    found = set()
    for origin_id in set(origin_ids):
        for kind in _OTHER_ORIGINS:
            origin = find_origin(session, origin_kind=kind, origin_id=origin_id)
            if origin is not None and origin.is_served and _is_seen_by_all_of(like, origin):
                found.add(origin_id)
    return frozenset(found)


def _is_seen_by_all_of(linking: Guarded, target: Guarded) -> bool:
    """Whether a link leads all of its readers somewhere: nobody is led to what they may not see."""
    order = list(Audience)
    if order.index(target.audience) < order.index(linking.audience):
        return False
    if target.segments and not (linking.segments and set(linking.segments) <= set(target.segments)):
        return linking.audience is Audience.INTERNAL and not linking.segments
    return True
