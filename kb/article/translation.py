"""Translations: which article another one translates, and whether it is behind."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article.model import Article, ArticleRevision
from kb.errors import InvalidInput, NotFound
from kb.rights import require_sight
from kb.visibility import Caller


@dataclass(frozen=True, slots=True)
class TranslationStanding:
    """How far a translation follows its original.

    `number` is the revision of the original that it follows, `served_number` the one that is served now.
    """

    original_id: str
    number: int
    served_number: int

    @property
    def is_behind(self) -> bool:
        return self.number < self.served_number


def translation_standing(session: Session, article: Article) -> TranslationStanding | None:
    """How a translation stands; None where it translates nothing, or its original is not served."""
    if article.translates_id is None or article.translates_number is None:
        return None
    served_number = session.scalar(
        select(ArticleRevision.number)
        .join(Article, Article.released_revision_id == ArticleRevision.id)
        .where(Article.id == article.translates_id)
    )
    if served_number is None:
        return None
    return TranslationStanding(article.translates_id, article.translates_number, served_number)


def group_of(article: Article) -> str:
    """The name of the group that an article and its translations share."""
    return article.translation_group or article.id


def translation_of(
    session: Session, caller: Caller, article: Article, original_id: str | None, number: int | None
) -> dict[str, Any]:
    """What changes in `article` when it becomes a translation of another, or of none.

    Raises:
        InvalidInput: of itself, of a translation of itself, of something in the same language, of a revision
            that there is not.
        NotFound: the original is absent, or not visible to the caller.
    """
    if original_id is None:
        return {"translates_id": None, "translates_number": None}
    original = session.get(Article, original_id)
    if original is None:
        raise NotFound(what="article", id=original_id)
    require_sight(caller, original, what="article", id=original_id)
    if original.id == article.id or original.translates_id == article.id:
        raise InvalidInput(field="translates_id", reason="an article cannot translate itself")
    if original.language is article.language:
        raise InvalidInput(field="translates_id", reason="both are in the same language")
    newest = select(ArticleRevision.number).where(ArticleRevision.article_id == original_id)
    if number is None:
        served = original.released_revision_id or original.working_revision_id
        number = session.scalar(newest.where(ArticleRevision.id == served))
    elif session.scalar(newest.where(ArticleRevision.number == number)) is None:
        raise InvalidInput(field="translates_number", reason=f"there is no revision {number} of the original")
    group = group_of(original)
    return {"translates_id": original_id, "translates_number": number, "translation_group": group}
