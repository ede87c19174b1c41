"""How much somebody would leave behind."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.article.model import Article
from kb.vocabulary import ArticleState


def count_owned(session: Session, *, person_id: str) -> int:
    """The articles that a person alone owns, archived ones aside."""
    theirs = (Article.owner_id == person_id, Article.state != ArticleState.ARCHIVED)
    return session.scalar(select(func.count()).select_from(Article).where(*theirs)) or 0
