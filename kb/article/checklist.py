"""The content standard as people ticked it, for each revision."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.article.editing import move, record
from kb.article.model import Article, ArticleRevision
from kb.clock import utc_now
from kb.database import Base
from kb.errors import NotFound, NotSignedIn
from kb.lifecycle import ArticleVerb
from kb.rights import require_sight
from kb.text import LINE_LIMIT_CHARS, clean_text
from kb.visibility import Caller, CallerKind
from kb.vocabulary import ContentItem


class ChecklistTick(Base):
    """That a person looked at a revision and said whether it meets one item of the content standard."""

    __tablename__ = "checklist_tick"

    revision_id: Mapped[str] = mapped_column(ForeignKey("article_revision.id"), primary_key=True)
    item: Mapped[ContentItem] = mapped_column(primary_key=True)
    is_met: Mapped[bool] = mapped_column()
    #: why; may be empty
    comment: Mapped[str] = mapped_column(Text)
    ticked_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    ticked_at: Mapped[datetime] = mapped_column()


def tick_item(
    session: Session,
    *,
    caller: Caller,
    article_id: str,
    revision_number: int,
    item: ContentItem,
    is_met: bool | None,
    comment: str = "",
) -> None:
    """Say whether a revision meets an item, in place of what was said before; None takes that back.

    Raises:
        NotFound: absent, or not visible to the caller.
        NotSignedIn, Forbidden: whoever may edit the article may say so.
        ImpossibleMove: the article is archived. TextTooLong.
    """
    if caller.kind is CallerKind.ANONYMOUS:
        raise NotSignedIn
    comment = clean_text("comment", comment, LINE_LIMIT_CHARS, required=False).strip()
    # Its row orders those who tick the same item at once.
    article = session.get(Article, article_id, with_for_update=True, populate_existing=True)
    if article is None:
        raise NotFound(what="article", id=article_id)
    require_sight(caller, article, what="article", id=article_id)
    move(ArticleVerb.CHANGE, article, caller)
    revision_id = session.scalar(
        select(ArticleRevision.id).where(
            ArticleRevision.article_id == article_id, ArticleRevision.number == revision_number
        )
    )
    if revision_id is None:
        raise NotFound(what=f"revision {revision_number} of article", id=article_id)
    known = session.get(ChecklistTick, (revision_id, item))
    said = None if known is None else (known.is_met, known.comment)
    if said == (None if is_met is None else (is_met, comment)):
        return
    if is_met is None:
        session.delete(known)
    else:
        tick = ChecklistTick(revision_id=revision_id, item=item, is_met=is_met, comment=comment)
        tick.ticked_by, tick.ticked_at = caller.person_id, utc_now()
        session.merge(tick)
    session.flush()
    record(
        session, caller, "tick_item", article, {"revision_id": revision_id, "item": item, "is_met": is_met}
    )


def ticked_items(session: Session, *, revision_id: str) -> dict[ContentItem, ChecklistTick]:
    """What people said about a revision, by item."""
    ticks = session.scalars(select(ChecklistTick).where(ChecklistTick.revision_id == revision_id))
    return {tick.item: tick for tick in ticks}
