"""The review queue: what waits for somebody's look."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article.model import Article, ArticleRevision
from kb.article.read import ArticleView, views_of
from kb.article.review import Review
from kb.paging import Page, checked_limit, cut, older_than
from kb.sight import visible
from kb.visibility import Visibility
from kb.vocabulary import ReviewState


def list_reviews(
    session: Session,
    *,
    caller_visibility: Visibility,
    reviewer_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[tuple[Review, ArticleView]]:
    """The queue: what waits for a review, asked for last first, with the revision in question.

    Args:
        reviewer_id: only what this person should look at.
    Raises:
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    statement = (
        select(Review, Article, ArticleRevision)
        .join(Article, Article.id == Review.article_id)
        .join(ArticleRevision, ArticleRevision.id == Review.revision_id)
        .where(Review.state == ReviewState.REQUESTED, visible(session, Article, caller_visibility))
    )
    if reviewer_id is not None:
        statement = statement.where(Review.reviewer_id == reviewer_id)
    if cursor is not None:
        statement = statement.where(older_than(cursor, Review.requested_at, Review.id))
    statement = statement.order_by(Review.requested_at.desc(), Review.id.desc()).limit(
        checked_limit(limit) + 1
    )
    found = session.execute(statement).all()
    pairs = [(article, revision) for _, article, revision in found]
    views = views_of(session, pairs, caller_visibility=caller_visibility)
    rows = [(review, view) for (review, _, _), view in zip(found, views, strict=True)]
    return cut(rows, limit, lambda row: (row[0].requested_at, row[0].id))
