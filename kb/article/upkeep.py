"""What has to be looked at again: articles that are due, expired, not vouched for, or never used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from kb.article.editing import keep_editions_in_step, record, set_due, touch
from kb.article.model import Article, ArticleRevision
from kb.article.read import ArticleView
from kb.article.verification import SOON
from kb.clock import utc_now
from kb.errors import InvalidInput
from kb.paging import Page, checked_limit, cut, later_than
from kb.rights import require
from kb.sight import visible
from kb.team import checked_team
from kb.user import checked_person
from kb.visibility import Caller, Visibility
from kb.vocabulary import ArticleState, Audience, Language, Role, Scope

#: nobody misses an article that is younger, or was used later
UNUSED_DAYS = 90
#: articles that change hands in one go
REASSIGN_LIMIT = 1000


class Queue(StrEnum):
    #: served, and nobody vouches for it: never verified, or not since its owner changed
    UNVERIFIED = "unverified"
    #: within two weeks
    DUE = "due"
    EXPIRED = "expired"
    #: has not solved a case since it was released, or for long
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Which articles are wanted; all of what is given must hold.

    Attributes:
        owner: a person with their teams.
        has_owner: False: those of nobody.
        unused_days: how long an article must have been of no use to be `unused`; at least 1.
    """

    queue: Queue
    owner: Caller | None = None
    owner_id: str | None = None
    owner_team_id: str | None = None
    has_owner: bool | None = None
    language: Language | None = None
    audience: Audience | None = None
    unused_days: int = UNUSED_DAYS


def list_upkeep(
    session: Session,
    *,
    caller: Caller,
    caller_visibility: Visibility,
    wanted: Upkeep,
    now: datetime,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ArticleView]:
    """The served articles of a queue, what waits longest first, with their released revisions.

    Raises:
        NotSignedIn, Forbidden.
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    require(caller, role=Role.AGENT, scope=Scope.WRITE)
    order = _order(wanted.queue)
    statement = (
        select(Article, ArticleRevision)
        .join(ArticleRevision, ArticleRevision.id == Article.released_revision_id)
        .where(*_conditions(session, caller_visibility, wanted, now))
        .order_by(order, Article.id)
        .limit(checked_limit(limit) + 1)
    )
    if cursor is not None:
        statement = statement.where(later_than(cursor, order, Article.id))
    rows = [ArticleView(article, revision) for article, revision in session.execute(statement)]
    return cut(rows, limit, lambda view: (getattr(view.article, order.key), view.article.id))


def count_upkeep(session: Session, *, caller_visibility: Visibility, wanted: Upkeep, now: datetime) -> int:
    """How many there are."""
    conditions = _conditions(session, caller_visibility, wanted, now)
    return session.scalar(select(func.count()).select_from(Article).where(*conditions)) or 0


def reassign_articles(
    session: Session,
    *,
    caller: Caller,
    from_owner_id: str | None = None,
    from_team_id: str | None = None,
    to_owner_id: str | None = None,
    to_team_id: str | None = None,
    article_ids: Sequence[str] | None = None,
) -> list[str]:
    """Give a leaving owner's articles to somebody else; nobody has verified them since.

    Compliance articles, too: a manager stands above owners. Repeated, it goes on where there are more than
    1000.

    Args:
        from_owner_id, from_team_id: whose they are now; exactly one.
        to_owner_id, to_team_id: whose they become; at least one.
        article_ids: only these of them.
    Returns:
        Ids of the articles that changed hands.
    Raises:
        NotSignedIn, Forbidden: it takes a manager.
        InvalidInput: nobody to take from or to give to, or no such person or team.
    """
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    if (from_owner_id is None) == (from_team_id is None):
        raise InvalidInput(field="from_owner_id", reason="name one person or one team to take from")
    if to_owner_id is None and to_team_id is None:
        raise InvalidInput(field="to_owner_id", reason="name a person or a team to give to")
    checked_person(session, to_owner_id, field="to_owner_id")
    checked_team(session, to_team_id)
    theirs = (
        Article.owner_id == from_owner_id
        if from_owner_id is not None
        else Article.owner_team_id == from_team_id
    )
    statement = select(Article).where(theirs)
    if article_ids is not None:
        statement = statement.where(Article.id.in_(article_ids))
    # In the order of their ids, so that two of these never wait for one another in a circle.
    statement = statement.order_by(Article.id).limit(REASSIGN_LIMIT).with_for_update()
    moved: list[str] = []
    now = utc_now()
    for article in session.scalars(statement.execution_options(populate_existing=True)).all():
        if from_owner_id is not None:
            article.owner_id = to_owner_id
            article.owner_team_id = to_team_id or article.owner_team_id
        else:
            article.owner_team_id = to_team_id
            article.owner_id = to_owner_id or article.owner_id
        article.verified_at = None
        set_due(article, since=now)
        touch(session, article)
        keep_editions_in_step(session, article)
        data = {"owner_id": article.owner_id, "owner_team_id": article.owner_team_id}
        record(session, caller, "reassign_article", article, data)
        moved.append(article.id)
    return moved


def _order(queue: Queue) -> InstrumentedAttribute[datetime]:
    """What waits longest comes first; never None in its queue."""
    return Article.released_at if queue is Queue.UNUSED else Article.verify_due_at  # type: ignore[return-value]


def _conditions(
    session: Session, visibility: Visibility, wanted: Upkeep, now: datetime
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        visible(session, Article, visibility),
        Article.state != ArticleState.ARCHIVED,
        Article.released_revision_id.is_not(None),
        _in_queue(wanted, now),
    ]
    for column, value in (
        (Article.owner_id, wanted.owner_id),
        (Article.owner_team_id, wanted.owner_team_id),
        (Article.language, wanted.language),
        (Article.audience, wanted.audience),
    ):
        if value is not None:
            conditions.append(column == value)
    if wanted.owner is not None:
        conditions.append(
            or_(
                Article.owner_id == wanted.owner.person_id,
                Article.owner_team_id.in_(wanted.owner.team_ids),
            )
        )
    if wanted.has_owner is not None:
        nobody = and_(Article.owner_id.is_(None), Article.owner_team_id.is_(None))
        conditions.append(~nobody if wanted.has_owner else nobody)
    return conditions


def _in_queue(wanted: Upkeep, now: datetime) -> ColumnElement[bool]:
    """As `kb.article.verification.verification` says of one article."""
    due = Article.verify_due_at
    match wanted.queue:
        case Queue.UNVERIFIED:
            return and_(due.is_not(None), Article.verified_at.is_(None))
        case Queue.DUE:
            return and_(due > now, due <= now + SOON, Article.verified_at.is_not(None))
        case Queue.EXPIRED:
            return and_(due <= now, Article.verified_at.is_not(None))
        case Queue.UNUSED:
            since = now - timedelta(days=max(wanted.unused_days, 1))
            not_since = or_(Article.last_used_at.is_(None), Article.last_used_at < since)
            return and_(Article.released_at < since, not_since)
