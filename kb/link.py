"""Links: a person's statement that an article solved a case. Reuse is review (KCS v6).

Whoever calls masks personal data in what was asked.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.article.editing import set_due
from kb.article.model import Article
from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.database import Base
from kb.errors import Forbidden, NotFound
from kb.paging import Page, checked_limit, cut, older_than
from kb.rights import require, require_sight
from kb.text import clean_line
from kb.visibility import Caller
from kb.vocabulary import ArticleState, Role, Scope

CASE_LIMIT_CHARS = 200

_NAMED = text("case_ref <> ''")


class Link(Base):
    __tablename__ = "link"
    __table_args__ = (
        Index(
            "uq_link_case",
            "article_id",
            "case_ref",
            unique=True,
            sqlite_where=_NAMED,
            postgresql_where=_NAMED,
        ),
        Index("ix_link_article_id_linked_at", "article_id", "linked_at", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"))
    #: what was served then
    revision_id: Mapped[str] = mapped_column(ForeignKey("article_revision.id"))
    #: how the audit log names who said so
    actor: Mapped[str] = mapped_column()
    person_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    #: the case's number where cases are kept; may be empty
    case_ref: Mapped[str] = mapped_column()
    #: what was asked, personal data already masked; may be empty
    query: Mapped[str] = mapped_column(Text)
    linked_at: Mapped[datetime] = mapped_column()


def link_article(
    session: Session, *, caller: Caller, article_id: str, case_ref: str = "", query: str = ""
) -> Link:
    """Say that an article solved a case; it counts as reviewed by that, if it was verified before.

    The same article for the same case counts once, whoever says so.

    Args:
        case_ref: the case's number where cases are kept; may be empty.
        query: what was asked; may be empty.
    Raises:
        NotSignedIn, Forbidden, TextTooLong.
        NotFound: absent, not served, or not visible to the caller.
    """
    require(caller, role=Role.AGENT, scope=Scope.WRITE)
    case_ref = clean_line("case_ref", case_ref, CASE_LIMIT_CHARS, required=False)
    query = clean_line("query", query, required=False)
    article = _served(session, caller, article_id)
    if case_ref:
        known = session.scalar(select(Link).where(Link.article_id == article_id, Link.case_ref == case_ref))
        if known is not None:
            return known
    link = Link(
        id=new_id(),
        article_id=article_id,
        revision_id=article.released_revision_id,
        actor=caller.actor,
        person_id=caller.person_id,
        case_ref=case_ref,
        query=query,
        linked_at=utc_now(),
    )
    session.add(link)
    _set_used(session, article, count=article.use_count + 1)
    _record(session, caller, "link_article", link)
    return link


def unlink_article(session: Session, *, caller: Caller, article_id: str, link_id: str) -> None:
    """Take a link back: whoever said so, or a contributor.

    Raises:
        NotFound, NotSignedIn, Forbidden.
    """
    require(caller, role=Role.AGENT, scope=Scope.WRITE)
    article = _locked(session, caller, article_id)
    link = session.get(Link, link_id)
    if link is None or link.article_id != article_id:
        raise NotFound(what="link", id=link_id)
    if link.actor != caller.actor and not caller.has_role(Role.CONTRIBUTOR):
        raise Forbidden(needs="to have said so, or role contributor")
    session.delete(link)
    _set_used(session, article, count=article.use_count - 1)
    _record(session, caller, "unlink_article", link)


def article_links(
    session: Session,
    *,
    caller: Caller,
    article_id: str,
    case_ref: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Link]:
    """The cases that an article solved, linked last first.

    Raises:
        NotFound, NotSignedIn, Forbidden.
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    require(caller, role=Role.AGENT, scope=Scope.WRITE)
    article = session.get(Article, article_id)
    if article is None:
        raise NotFound(what="article", id=article_id)
    require_sight(caller, article, what="article", id=article_id)
    statement = select(Link).where(Link.article_id == article_id)
    if case_ref is not None:
        statement = statement.where(Link.case_ref == case_ref)
    if cursor is not None:
        statement = statement.where(older_than(cursor, Link.linked_at, Link.id))
    statement = statement.order_by(Link.linked_at.desc(), Link.id.desc()).limit(checked_limit(limit) + 1)
    return cut(session.scalars(statement).all(), limit, lambda link: (link.linked_at, link.id))


def _served(session: Session, caller: Caller, article_id: str) -> Article:
    article = _locked(session, caller, article_id)
    if article.released_revision_id is None or article.state is ArticleState.ARCHIVED:
        raise NotFound(what="article", id=article_id)
    return article


def _locked(session: Session, caller: Caller, article_id: str) -> Article:
    article = session.get(Article, article_id, with_for_update=True, populate_existing=True)
    if article is None:
        raise NotFound(what="article", id=article_id)
    require_sight(caller, article, what="article", id=article_id)
    return article


def _set_used(session: Session, article: Article, *, count: int) -> None:
    """Uses, the time of the last one, and when the article is due now.

    Not a new version of the article: whoever edits it just then has read what it says.
    """
    session.flush()
    merged = select(Article.id).where(Article.merged_into_id == article.id)
    of_it = or_(Link.article_id == article.id, Link.article_id.in_(merged))
    article.use_count = max(count, 0)
    article.last_used_at = session.scalar(select(func.max(Link.linked_at)).where(of_it))
    if article.verified_at is not None:
        set_due(article, since=article.verified_at)
    session.flush()


def _record(session: Session, caller: Caller, verb: str, link: Link) -> None:
    record_audit(
        session,
        caller=caller,
        verb=verb,
        object_kind="article",
        object_id=link.article_id,
        data={"link_id": link.id, "revision_id": link.revision_id, "case_ref": link.case_ref},
    )
