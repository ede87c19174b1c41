"""Translations: which article another one translates, and whether it is behind."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.orm import Session, aliased

from kb.article.model import Article, ArticleRevision
from kb.errors import InvalidInput, NotFound
from kb.rights import require_sight
from kb.sight import visible
from kb.visibility import Caller, Visibility
from kb.vocabulary import ArticleState


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


def translation_standings(
    session: Session, articles: Iterable[Article], *, caller_visibility: Visibility
) -> dict[str, TranslationStanding]:
    """How translations stand, by their ids.

    Left out is what translates nothing, something that is not served, or something the caller may not see.
    """
    following = {
        article.id: (article.translates_id, article.translates_number)
        for article in articles
        if article.translates_id is not None and article.translates_number is not None
    }
    if not following:
        return {}
    statement = (
        select(Article.id, ArticleRevision.number)
        .join(ArticleRevision, ArticleRevision.id == Article.released_revision_id)
        .where(
            Article.id.in_({original_id for original_id, _ in following.values()}),
            Article.state != ArticleState.ARCHIVED,
            visible(session, Article, caller_visibility),
        )
    )
    served = dict(session.execute(statement).all())
    return {
        id: TranslationStanding(original_id, number, served[original_id])
        for id, (original_id, number) in following.items()
        if original_id in served
    }


def is_behind() -> ColumnElement[bool]:
    """Whether an article follows an older revision of its original than the one that is served."""
    original, served = aliased(Article), aliased(ArticleRevision)
    return (
        select(literal(1))
        .select_from(original)
        .join(served, served.id == original.released_revision_id)
        .where(
            original.id == Article.translates_id,
            original.state != ArticleState.ARCHIVED,
            served.number > Article.translates_number,
        )
        .exists()
    )


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
    if original_id is None and number is not None:
        raise InvalidInput(field="translates_number", reason="the article translates nothing")
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
