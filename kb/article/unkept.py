"""Set times that need somebody: moves that were not made, and releases that will not be as it stands."""

from sqlalchemy import ColumnElement, and_, or_

from kb.article.model import Article
from kb.article.refusals import RevisionOvertaken
from kb.errors import KbError, known_error
from kb.visibility import Caller


def why_unkept(article: Article) -> KbError | None:
    """Why a set time of the article was not kept, or will not be; None where nothing is amiss."""
    if article.unkept_at is not None:
        return known_error(article.unkept_code, article.unkept_data) or KbError()
    if article.release_at is not None and article.scheduled_revision_id != article.working_revision_id:
        return RevisionOvertaken(id=article.id)
    return None


def is_unkept() -> ColumnElement[bool]:
    """Whether `why_unkept` has something to say, of rows; never NULL."""
    overtaken = Article.scheduled_revision_id.is_distinct_from(Article.working_revision_id)
    return or_(Article.unkept_at.is_not(None), and_(Article.release_at.is_not(None), overtaken))


def answers_for(caller: Caller) -> ColumnElement[bool]:
    """Whether a person, or a team of theirs, owns the article, or they set its times."""
    return or_(
        Article.owner_id == caller.person_id,
        Article.owner_team_id.in_(caller.team_ids),
        Article.scheduled_by == caller.person_id,
    )
