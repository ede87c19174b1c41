"""What lists of articles are narrowed by at the desk, as conditions on rows."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal, or_, select
from sqlalchemy.orm import Session

from kb.article.model import Article
from kb.article.review import Review
from kb.article.translation import is_behind
from kb.article.unkept import answers_for, is_unkept
from kb.article.verification import SOON, Standing
from kb.sight import holds_any
from kb.visibility import Caller
from kb.vocabulary import ArticleState, ReviewState


@dataclass(frozen=True, slots=True)
class Narrowing:
    """All of what is given must hold; None leaves a question open.

    Attributes:
        standing: whether somebody vouches for it; archived articles have none.
        reviewer_id: waits for this person's review.
        used: whether it ever solved a case; of released articles.
        behind: whether it is a translation whose original was released anew meanwhile.
        scheduled: whether it is released or archived at a set time.
        unkept: whether such a time was not kept, or will not be as it stands.
        answering: a person who owns it, with their teams, or who set its times.
    """

    owner_id: str | None = None
    owner_team_id: str | None = None
    segment: str | None = None
    standing: Standing | None = None
    reviewer_id: str | None = None
    used: bool | None = None
    behind: bool | None = None
    scheduled: bool | None = None
    unkept: bool | None = None
    answering: Caller | None = None

    def __bool__(self) -> bool:
        return any(value is not None for value in astuple(self))


def conditions(session: Session, wanted: Narrowing, *, now: datetime) -> Iterator[ColumnElement[bool]]:
    """What rows of `Article` must meet."""
    if wanted.owner_id is not None:
        yield Article.owner_id == wanted.owner_id
    if wanted.owner_team_id is not None:
        yield Article.owner_team_id == wanted.owner_team_id
    if wanted.segment is not None:
        yield holds_any(session, Article.segments, [wanted.segment])
    if wanted.standing is not None:
        yield Article.state != ArticleState.ARCHIVED
        yield _stands(wanted.standing, now)
    if wanted.reviewer_id is not None:
        yield (
            select(literal(1))
            .where(
                Review.article_id == Article.id,
                Review.state == ReviewState.REQUESTED,
                Review.reviewer_id == wanted.reviewer_id,
            )
            .exists()
        )
    if wanted.used is not None:
        yield Article.use_count > 0 if wanted.used else Article.use_count == 0
        yield Article.released_revision_id.is_not(None)
    if wanted.behind is not None:
        yield is_behind() if wanted.behind else ~is_behind()
    if wanted.scheduled is not None:
        at_a_time = or_(Article.release_at.is_not(None), Article.archive_at.is_not(None))
        yield at_a_time if wanted.scheduled else ~at_a_time
    if wanted.unkept is not None:
        yield is_unkept() if wanted.unkept else ~is_unkept()
    if wanted.answering is not None:
        yield answers_for(wanted.answering)


def _stands(standing: Standing, now: datetime) -> ColumnElement[bool]:
    """The same as `kb.article.verification.verification`, of rows."""
    due = Article.verify_due_at
    unbound = or_(Article.verify_every_days.is_(None), due.is_(None))
    match standing:
        case Standing.UNBOUND:
            return unbound
        case Standing.UNVERIFIED:
            return and_(~unbound, Article.verified_at.is_(None))
        case Standing.EXPIRED:
            when = due <= now
        case Standing.DUE:
            when = and_(due > now, due <= now + SOON)
        case Standing.VERIFIED:
            when = due > now + SOON
    return and_(~unbound, Article.verified_at.is_not(None), when)
