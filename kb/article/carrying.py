"""Files that go along with a merge, and come back when it is undone; their bytes are there once anyway.

The article that goes keeps its own, so that its history stays as it was.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.article.attachment import ATTACHMENT_LIMIT, Attachment
from kb.article.model import Article
from kb.clock import new_id
from kb.vocabulary import Audience


def is_seen_by_more(into: Article, article: Article) -> bool:
    """Whether the other article has readers who could not see this one: they must not learn what is in it."""
    order = list(Audience)
    if order.index(into.audience) > order.index(article.audience):
        return True
    for wider, narrow in ((into.segments, article.segments), (into.products, article.products)):
        if narrow and (not wider or not set(wider) <= set(narrow)):
            return True
    return False


def files_to_carry(session: Session, *, into_id: str, article_id: str) -> list[Attachment]:
    """The article's files whose content the other lacks, oldest first, each content once.

    As far as there is room: merging is not refused for that.
    """
    there = select(Attachment.sha256).where(Attachment.article_id == into_id)
    files = session.scalars(
        select(Attachment)
        .where(Attachment.article_id == article_id, Attachment.sha256.not_in(there))
        .order_by(Attachment.id)
    )
    count = session.scalar(select(func.count()).where(Attachment.article_id == into_id)) or 0
    once: dict[str, Attachment] = {}
    for file in files:
        once.setdefault(file.sha256, file)
    return list(once.values())[: max(0, ATTACHMENT_LIMIT - count)]


def carry_files(session: Session, *, into_id: str, article_id: str) -> int:
    """Give the other article what it lacks of this one's files; how many that were.

    What came from a third article by a merge before is still that one's.
    """
    files = files_to_carry(session, into_id=into_id, article_id=article_id)
    session.add_all(
        Attachment(
            id=new_id(),
            article_id=into_id,
            filename=file.filename,
            media_type=file.media_type,
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            created_by=file.created_by,
            created_at=file.created_at,
            merged_from_id=file.merged_from_id or article_id,
        )
        for file in files
    )
    session.flush()
    return len(files)


def take_files_back(session: Session, *, article_id: str) -> int:
    """Take from others what they have only because this article was merged; how many files that were.

    What another article that stays merged has, too, is that one's from now on.
    """
    taken = 0
    for file in session.scalars(select(Attachment).where(Attachment.merged_from_id == article_id)).all():
        giver_id = _other_giver(session, file, article_id)
        if giver_id is None:
            session.delete(file)
            taken += 1
        else:
            file.merged_from_id = giver_id
    session.flush()
    return taken


def _other_giver(session: Session, file: Attachment, article_id: str) -> str | None:
    into = session.get_one(Article, file.article_id)
    givers = session.scalars(
        select(Article)
        .join(Attachment, Attachment.article_id == Article.id)
        .where(Article.merged_into_id == into.id, Article.id != article_id, Attachment.sha256 == file.sha256)
        .order_by(Article.id)
    )
    return next((one.id for one in givers if not is_seen_by_more(into, one)), None)
