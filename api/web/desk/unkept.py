"""A set time that was not kept, or will not be, as the desk's pages tell it."""

from dataclasses import dataclass
from datetime import datetime

from api.web.desk.problems import problem_words
from kb.article import Article
from kb.article.unkept import why_unkept
from kb.errors import MessageLanguage


@dataclass(frozen=True, slots=True)
class Unkept:
    """A move, `release` or `archive`; `has_come`: its time is over, and it was not made."""

    move: str
    at: datetime
    has_come: bool
    why: str


def unkept_of(article: Article, language: MessageLanguage) -> Unkept | None:
    """What is amiss with the times that were set for an article."""
    at, error = article.unkept_at or article.release_at, why_unkept(article)
    if at is None or error is None:
        return None
    move = "release" if at == article.release_at else "archive"
    return Unkept(move, at, article.unkept_at is not None, problem_words(error, language))
