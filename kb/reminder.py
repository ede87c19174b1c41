"""Reminders: what waits for a person, told once a day at most."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, get_args

from sqlalchemy import Date, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.article.model import Article
from kb.article.review import Review
from kb.article.unkept import answers_for, is_unkept, why_unkept
from kb.article.upkeep import Queue, Upkeep, count_upkeep, list_upkeep
from kb.clock import new_id, utc_now
from kb.database import Base, insert_new
from kb.errors import Forbidden, MessageLanguage, NotFound
from kb.flag import Flag, FlagQueue, count_flags, list_flags
from kb.paging import Page, checked_limit, cut, older_than
from kb.rights import require
from kb.sight import visible
from kb.title import find_titles
from kb.user import User, caller_of_user
from kb.visibility import Caller, Visibility, visibility_of
from kb.vocabulary import FlagState, OriginKind, ReviewState, Role, Scope

#: of each kind so many are named
NAMED = 3
#: what came of flags is told for so long, where nobody was reminded meanwhile
OUTCOMES_FOR = timedelta(days=7)
#: in the order they are told
KINDS = ("unkept", "expired", "unverified", "due", "flags", "reviews", "outcomes")


class Reminder(Base):
    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("person_id", "day"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    day: Mapped[date] = mapped_column(Date)
    #: how many of each kind, and the first of them
    data: Mapped[dict[str, Any]] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    seen_at: Mapped[datetime | None] = mapped_column()
    mailed_at: Mapped[datetime | None] = mapped_column()


@dataclass(frozen=True, slots=True)
class Digest:
    """What waits for one person, before it is kept: `data` as in `Reminder`."""

    person_id: str
    data: dict[str, Any]


def make_digests(session: Session, *, day: date, now: datetime) -> list[Digest]:
    """What waits for everybody who was not reminded on `day`; who has nothing waiting is left out."""
    reminded = select(Reminder.person_id).where(Reminder.day == day)
    people = session.scalars(select(User).where(User.active, User.id.not_in(reminded)).order_by(User.id))
    digests = [Digest(user.id, _waiting(session, caller_of_user(session, user), now)) for user in people]
    return [digest for digest in digests if digest.data]


def keep_reminders(session: Session, *, digests: Iterable[Digest], day: date, now: datetime) -> None:
    """Keep them for who has none of that day yet."""
    rows = [
        {"id": new_id(), "person_id": one.person_id, "day": day, "data": one.data, "created_at": now}
        for one in digests
    ]
    insert_new(session, Reminder, rows)


def unmailed_reminders(session: Session, *, day: date) -> list[tuple[Reminder, User]]:
    """The reminders of a day that were not sent yet, of people who have an address."""
    rows = session.execute(
        select(Reminder, User)
        .join(User, User.id == Reminder.person_id)
        .where(Reminder.day == day, Reminder.mailed_at.is_(None), User.active, User.email != "")
        .order_by(Reminder.id)
    )
    return [(reminder, user) for reminder, user in rows]


def mark_mailed(session: Session, *, reminder_id: str, now: datetime) -> None:
    """Say that a reminder was handed to the mail server."""
    session.get_one(Reminder, reminder_id).mailed_at = now
    session.flush()


def list_reminders(
    session: Session, *, caller: Caller, cursor: str | None = None, limit: int = 50
) -> Page[Reminder]:
    """One's own reminders, newest first.

    Raises:
        NotSignedIn, Forbidden: only people have any.
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    statement = select(Reminder).where(Reminder.person_id == _person(caller))
    if cursor is not None:
        statement = statement.where(older_than(cursor, Reminder.created_at, Reminder.id))
    statement = statement.order_by(Reminder.created_at.desc(), Reminder.id.desc()).limit(
        checked_limit(limit) + 1
    )
    return cut(session.scalars(statement).all(), limit, lambda one: (one.created_at, one.id))


def see_reminder(session: Session, *, caller: Caller, reminder_id: str) -> Reminder:
    """Say that one has seen one's own reminder.

    Raises:
        NotFound, NotSignedIn, Forbidden.
    """
    reminder = session.get(Reminder, reminder_id, with_for_update=True)
    if reminder is None or reminder.person_id != _person(caller):
        raise NotFound(what="reminder", id=reminder_id)
    reminder.seen_at = reminder.seen_at or utc_now()
    session.flush()
    return reminder


def _person(caller: Caller) -> str:
    require(caller, role=Role.AGENT, scope=Scope.READ)
    if caller.person_id is None:
        raise Forbidden(needs="a signed-in person")
    return caller.person_id


def _waiting(session: Session, caller: Caller, now: datetime) -> dict[str, Any]:
    """Counts and names of what waits; kinds of which nothing waits are left out."""
    sight: dict[str, Any] = {"caller_visibility": visibility_of(caller, portal_public=False)}
    found: dict[str, Any] = _unkept(session, caller, **sight)
    for queue in (Queue.EXPIRED, Queue.UNVERIFIED, Queue.DUE):
        wanted = Upkeep(queue, owner=caller)
        count = count_upkeep(session, wanted=wanted, now=now, **sight)
        if count:
            page = list_upkeep(session, caller=caller, wanted=wanted, now=now, limit=NAMED, **sight)
            first = [(OriginKind.ARTICLE, view.article.id) for view in page.items]
            found[queue.value] = _told(session, count, first)
    own = FlagQueue(owner=caller)
    if count := count_flags(session, wanted=own, **sight):
        flags = list_flags(session, caller=caller, wanted=own, limit=NAMED, **sight).items
        found["flags"] = _told(session, count, [(flag.origin_kind, flag.origin_id) for flag in flags])
    for kind, ids in (("reviews", _reviews(session, caller)), ("outcomes", _outcomes(session, caller, now))):
        if ids:
            found[kind] = _told(session, len(ids), ids[:NAMED])
    return {kind: found[kind] for kind in KINDS if kind in found}


def _unkept(session: Session, caller: Caller, *, caller_visibility: Visibility) -> dict[str, Any]:
    """What the person answers for whose set times were not kept, or will not be, each with its reason."""
    articles = session.scalars(
        select(Article)
        .where(is_unkept(), answers_for(caller), visible(session, Article, caller_visibility))
        .order_by(Article.updated_at, Article.id)
    ).all()
    if not articles:
        return {}
    first = articles[:NAMED]
    told = _told(session, len(articles), [(OriginKind.ARTICLE, article.id) for article in first])
    for article, named in zip(first, told["first"], strict=True):
        error = why_unkept(article)
        named["why"] = {one: error.message(one) if error else "" for one in get_args(MessageLanguage)}
    return {"unkept": told}


def _told(session: Session, count: int, first: list[tuple[OriginKind, str]]) -> dict[str, Any]:
    titles = find_titles(session, first)
    named = [{"kind": kind.value, "id": id, "title": titles.get((kind, id), "")} for kind, id in first]
    return {"count": count, "first": named}


def _reviews(session: Session, caller: Caller) -> list[tuple[OriginKind, str]]:
    """What others want this very person to look at."""
    wanted = Review.state == ReviewState.REQUESTED, Review.reviewer_id == caller.person_id
    ids = session.scalars(select(Review.article_id).where(*wanted).order_by(Review.requested_at, Review.id))
    return [(OriginKind.ARTICLE, id) for id in ids]


def _outcomes(session: Session, caller: Caller, now: datetime) -> list[tuple[OriginKind, str]]:
    """What the person flagged, and somebody else has closed since they were told last."""
    told = session.scalar(select(func.max(Reminder.created_at)).where(Reminder.person_id == caller.person_id))
    since = now - OUTCOMES_FOR if told is None else max(told, now - OUTCOMES_FOR)
    closed = (
        select(Flag.origin_kind, Flag.origin_id)
        .where(
            Flag.person_id == caller.person_id,
            Flag.state != FlagState.OPEN,
            Flag.closed_at > since,
            Flag.closed_by.is_distinct_from(caller.person_id),
        )
        .order_by(Flag.closed_at, Flag.id)
    )
    return [(kind, id) for kind, id in session.execute(closed)]
