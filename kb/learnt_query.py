"""Learnt queries: what people asked when an origin answered them; its passages once they are confirmed.

One person's words are kept but never shown: they count from the second person on, or when somebody says so
who may publish. Whoever calls masks personal data and folds the spelling, as notes do.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.database import Base
from kb.errors import Forbidden, NotFound
from kb.origin import lock_origin
from kb.outbox import enqueue
from kb.rights import require, require_sight
from kb.text import clean_line
from kb.visibility import Caller
from kb.vocabulary import INDEX_JOBS, OriginKind, Role, Scope

#: a question; what is longer is a story
LEARNT_LIMIT_CHARS = 300
#: of these the most frequent are passages of their origin
SERVED_QUERIES = 20
#: who may not publish needs company
LEAST_PEOPLE = 2


class LearntQuery(Base):
    __tablename__ = "learnt_query"
    __table_args__ = (UniqueConstraint("origin_kind", "origin_id", "folded"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    origin_kind: Mapped[OriginKind] = mapped_column()
    origin_id: Mapped[str] = mapped_column()
    #: as its first asker spelt it; personal data already masked
    text: Mapped[str] = mapped_column(Text)
    #: equal for spellings that mean the same
    folded: Mapped[str] = mapped_column(Text)
    #: how many said so
    people: Mapped[int] = mapped_column()
    #: by several people, or by one who may publish
    is_confirmed: Mapped[bool] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()


class QueryLink(Base):
    """That one person said so."""

    __tablename__ = "query_link"

    query_id: Mapped[str] = mapped_column(ForeignKey("learnt_query.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    #: whether that person could publish when saying so
    is_publisher: Mapped[bool] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()


def learn_query(
    session: Session, *, caller: Caller, origin_kind: OriginKind, origin_id: str, text: str, folded: str
) -> LearntQuery:
    """Keep that an origin answered what the caller asked; saying it again changes nothing.

    Args:
        text: the question, personal data already masked.
        folded: the same for every spelling of it.
    Raises:
        NotSignedIn, Forbidden: only people can say so.
        NotFound: the origin is absent, not served, or not visible to the caller.
        EmptyText, TextTooLong.
    """
    person_id = _person(caller)
    line = clean_line("query", text, LEARNT_LIMIT_CHARS)
    key = clean_line("query", folded, 2 * LEARNT_LIMIT_CHARS)
    _lock_sighted(session, caller, origin_kind, origin_id)
    query = _find(session, origin_kind, origin_id, key)
    if query is None:
        query = LearntQuery(
            id=new_id(),
            origin_kind=origin_kind,
            origin_id=origin_id,
            text=line,
            folded=key,
            people=0,
            is_confirmed=False,
            created_at=utc_now(),
        )
        session.add(query)
        session.flush()
    elif session.get(QueryLink, (query.id, person_id)) is not None:
        return query
    served = served_queries(session, origin_kind=origin_kind, origin_id=origin_id)
    session.add(
        QueryLink(
            query_id=query.id,
            person_id=person_id,
            is_publisher=caller.has_role(Role.PUBLISHER),
            created_at=utc_now(),
        )
    )
    _recount(session, query)
    _index_if_changed(session, query, served)
    _record(session, caller, "learn_query", query)
    return query


def unlearn_query(
    session: Session, *, caller: Caller, origin_kind: OriginKind, origin_id: str, folded: str
) -> None:
    """Take back what the caller said; where nobody else said it, the words are forgotten.

    Nothing happens where the caller did not say it.

    Raises:
        NotSignedIn, Forbidden, NotFound: as `learn_query`.
    """
    person_id = _person(caller)
    _lock_sighted(session, caller, origin_kind, origin_id)
    query = _find(session, origin_kind, origin_id, clean_line("query", folded, 2 * LEARNT_LIMIT_CHARS))
    link = None if query is None else session.get(QueryLink, (query.id, person_id))
    if query is None or link is None:
        return
    served = served_queries(session, origin_kind=origin_kind, origin_id=origin_id)
    session.delete(link)
    _recount(session, query)
    if not query.people:
        session.delete(query)
        session.flush()
    _index_if_changed(session, query, served)
    _record(session, caller, "unlearn_query", query)


def learnt_origins(session: Session, *, caller: Caller, folded: str) -> set[tuple[OriginKind, str]]:
    """Kinds and ids of what the caller said answered these words."""
    statement = (
        select(LearntQuery.origin_kind, LearntQuery.origin_id)
        .join(QueryLink, QueryLink.query_id == LearntQuery.id)
        .where(LearntQuery.folded == folded, QueryLink.person_id == caller.person_id)
    )
    return {(kind, origin_id) for kind, origin_id in session.execute(statement)}


def served_queries(session: Session, *, origin_kind: OriginKind, origin_id: str) -> list[str]:
    """The confirmed words that lead to an origin, most frequent first, at most `SERVED_QUERIES`."""
    statement = (
        select(LearntQuery.text)
        .where(
            LearntQuery.origin_kind == origin_kind,
            LearntQuery.origin_id == origin_id,
            LearntQuery.is_confirmed.is_(True),
        )
        .order_by(LearntQuery.people.desc(), LearntQuery.created_at, LearntQuery.id)
        .limit(SERVED_QUERIES)
    )
    return list(session.scalars(statement))


def move_queries(session: Session, *, origin_kind: OriginKind, from_id: str, into_id: str) -> None:
    """Let the words that led to one origin lead to another; who said so of both counts once."""
    there = {
        query.folded: query
        for query in session.scalars(
            select(LearntQuery).where(
                LearntQuery.origin_kind == origin_kind, LearntQuery.origin_id == into_id
            )
        )
    }
    moving = select(LearntQuery).where(
        LearntQuery.origin_kind == origin_kind, LearntQuery.origin_id == from_id
    )
    for query in session.scalars(moving).all():
        same = there.get(query.folded)
        if same is None:
            query.origin_id = into_id
            continue
        known = set(session.scalars(select(QueryLink.person_id).where(QueryLink.query_id == same.id)))
        for link in session.scalars(select(QueryLink).where(QueryLink.query_id == query.id)).all():
            if link.person_id not in known:
                session.add(
                    QueryLink(
                        query_id=same.id,
                        person_id=link.person_id,
                        is_publisher=link.is_publisher,
                        created_at=link.created_at,
                    )
                )
            session.delete(link)
        session.flush()
        session.delete(query)
        _recount(session, same)
    session.flush()


def forget_queries(session: Session, *, origin_kind: OriginKind, origin_id: str) -> None:
    """Remove the words that led to an origin that is deleted."""
    of_origin = LearntQuery.origin_kind == origin_kind, LearntQuery.origin_id == origin_id
    # The links go with them; named here, too, as a session may hold some.
    ids = select(LearntQuery.id).where(*of_origin)
    session.execute(delete(QueryLink).where(QueryLink.query_id.in_(ids)))
    session.execute(delete(LearntQuery).where(*of_origin))


def _person(caller: Caller) -> str:
    require(caller, role=Role.AGENT, scope=Scope.SEARCH)
    if caller.person_id is None:
        raise Forbidden(needs="a signed-in person")
    return caller.person_id


def _lock_sighted(session: Session, caller: Caller, kind: OriginKind, origin_id: str) -> None:
    origin = lock_origin(session, origin_kind=kind, origin_id=origin_id)
    if origin is None or not origin.is_served:
        raise NotFound(what=kind.value, id=origin_id)
    require_sight(caller, origin, what=kind.value, id=origin_id)


def _find(session: Session, kind: OriginKind, origin_id: str, folded: str) -> LearntQuery | None:
    return session.scalar(
        select(LearntQuery).where(
            LearntQuery.origin_kind == kind,
            LearntQuery.origin_id == origin_id,
            LearntQuery.folded == folded,
        )
    )


def _recount(session: Session, query: LearntQuery) -> None:
    session.flush()
    links = session.scalars(select(QueryLink.is_publisher).where(QueryLink.query_id == query.id)).all()
    query.people = len(links)
    query.is_confirmed = len(links) >= LEAST_PEOPLE or any(links)
    session.flush()


def _index_if_changed(session: Session, query: LearntQuery, before: list[str]) -> None:
    kind, origin_id = query.origin_kind, query.origin_id
    if served_queries(session, origin_kind=kind, origin_id=origin_id) != before:
        enqueue(session, name=INDEX_JOBS[kind], subject_id=origin_id)


def _record(session: Session, caller: Caller, verb: str, query: LearntQuery) -> None:
    record_audit(
        session,
        caller=caller,
        verb=verb,
        object_kind=query.origin_kind.value,
        object_id=query.origin_id,
        data={"query_id": query.id, "people": query.people, "is_confirmed": query.is_confirmed},
    )
