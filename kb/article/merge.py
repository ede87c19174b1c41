"""Merging: one article goes, its readers and its requesters' words are led to another."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from kb.article.carrying import carry_files, files_to_carry, is_seen_by_more
from kb.article.editing import keep_editions_in_step, load_for_change, move, record, set_due, touch
from kb.article.model import Article, ArticleRevision
from kb.article.move import withdraw
from kb.article.words import ISSUE_LIMIT
from kb.errors import CyclicMerge, NotFound, NotSignedIn
from kb.learnt_query import LearntQuery, move_queries
from kb.lifecycle import ArticleVerb
from kb.link import Link
from kb.outbox import enqueue
from kb.rights import require_sight
from kb.text import LINE_LIMIT_CHARS
from kb.visibility import Caller, CallerKind, Visibility
from kb.vocabulary import ArticleState, JobName, OriginKind

#: a chain longer than this was not made by people
_LONGEST_CHAIN = 50


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What merging would do, or did.

    Attributes:
        takes_words: False where the other article has readers who could not see this one: its words, its
            files and what people said about it stay with it then.
        issue: lines that the other article takes over, in order.
        query_count, link_count: learnt queries and links that it takes over.
        files: names of the files that it takes over; what it has already is not among them.
    """

    article: Article
    into: Article
    takes_words: bool
    issue: tuple[str, ...]
    query_count: int
    link_count: int
    files: tuple[str, ...] = ()


def preview_merge(session: Session, *, caller: Caller, article_id: str, into_id: str) -> MergePlan:
    """What `merge_article` would do now; changes nothing.

    Raises:
        NotFound, NotSignedIn, Forbidden, ImpossibleMove, CyclicMerge: as merging would.
    """
    if caller.kind is CallerKind.ANONYMOUS:
        raise NotSignedIn
    article = session.get(Article, article_id)
    if article is None:
        raise NotFound(what="article", id=article_id)
    require_sight(caller, article, what="article", id=article_id)
    return _plan(session, caller, article, into_id)


def merge_article(
    session: Session,
    *,
    caller: Caller,
    article_id: str,
    expected_version: int | None,
    into_id: str,
) -> Article:
    """Archive an article and lead its readers to another, which takes over its words.

    Issue lines, files, learnt queries and links go with it. Where the other one has readers who could not see
    this one, none of them do. The words of its resolution stay in its history: which of them belong into the
    other is for a person to say. `restore_article` brings it back with its links and files, without the words
    that the other took over.

    Returns:
        The article that was merged away.
    Raises:
        NotFound: either is absent, or not visible to the caller.
        NotSignedIn, Forbidden, StaleEdit, VersionMissing.
        ImpossibleMove: the article is archived, or the other one is.
        CyclicMerge: into itself, or into what leads back to it.
    """
    # In the order of their ids, so that two merges never wait for one another in a circle.
    for id in sorted({article_id, into_id}):
        session.execute(select(Article.id).where(Article.id == id).with_for_update())
    article = load_for_change(session, caller, article_id, expected_version)
    plan = _plan(session, caller, article, into_id)
    into = plan.into
    if plan.takes_words:
        into.issue = [*into.issue, *plan.issue]
        carry_files(session, into_id=into_id, article_id=article_id)
        move_queries(session, origin_kind=OriginKind.ARTICLE, from_id=article_id, into_id=into_id)
        session.execute(update(Link).where(*_moving_links(article_id, into_id)).values(article_id=into_id))
    into.use_count += article.use_count
    used = [at for at in (into.last_used_at, article.last_used_at) if at is not None]
    into.last_used_at = max(used, default=None)
    set_due(into, since=into.updated_at)
    touch(session, into)
    keep_editions_in_step(session, into)
    if into.released_revision_id is not None:
        enqueue(session, name=JobName.INDEX_ARTICLE, subject_id=into_id)
    article.state, article.merged_into_id = ArticleState.ARCHIVED, into_id
    session.execute(
        update(Article).where(Article.merged_into_id == article_id).values(merged_into_id=into_id)
    )
    withdraw(session, caller, article)
    data = {"into_id": into_id, "into_version": into.version, "file_count": len(plan.files)}
    record(session, caller, "merge_article", article, data)
    return article


def _plan(session: Session, caller: Caller, article: Article, into_id: str) -> MergePlan:
    """What merging does, once everything that speaks against it was looked for."""
    into = session.get(Article, into_id, populate_existing=True)
    if into is not None:
        require_sight(caller, into, what="article", id=into_id)
    if into is article or _leads_to(session, into_id, article.id):
        raise CyclicMerge(id=article.id, into_id=into_id)
    move(ArticleVerb.MERGE, article, caller)
    if into is None:
        raise NotFound(what="article", id=into_id)
    move(ArticleVerb.CHANGE, into, caller)
    if is_seen_by_more(into, article):
        return MergePlan(article, into, False, (), 0, 0)
    queries = select(func.count()).where(
        LearntQuery.origin_kind == OriginKind.ARTICLE, LearntQuery.origin_id == article.id
    )
    links = select(func.count()).select_from(Link).where(*_moving_links(article.id, into_id))
    return MergePlan(
        article,
        into,
        True,
        issue=_added_issue(session, into, article),
        query_count=session.scalar(queries) or 0,
        link_count=session.scalar(links) or 0,
        files=tuple(one.filename for one in files_to_carry(session, into_id=into_id, article_id=article.id)),
    )


def _moving_links(article_id: str, into_id: str) -> tuple[ColumnElement[bool], ...]:
    """Links that are moved; a case that both articles solved stays with either."""
    cases = select(Link.case_ref).where(Link.article_id == into_id, Link.case_ref != "")
    return Link.article_id == article_id, Link.case_ref.not_in(cases)


def merged_into(session: Session, *, article_id: str, caller_visibility: Visibility) -> str | None:
    """Where readers of a merged article are led; None where it is not merged, or to what they may not see."""
    article = session.get(Article, article_id)
    if article is None or article.state is not ArticleState.ARCHIVED or article.merged_into_id is None:
        return None
    into = session.get(Article, article.merged_into_id)
    # Who could not see the one that is gone does not learn where it led.
    if into is None or not all(caller_visibility.allows(one) for one in (article, into)):
        return None
    is_served = into.released_revision_id is not None and into.state is not ArticleState.ARCHIVED
    return into.id if is_served else None


def _leads_to(session: Session, start_id: str, end_id: str) -> bool:
    """Whether following merges from `start_id` arrives at `end_id`."""
    current: str | None = start_id
    for _ in range(_LONGEST_CHAIN):
        current = session.scalar(select(Article.merged_into_id).where(Article.id == current))
        if current is None:
            return False
        if current == end_id:
            return True
    return True


def _added_issue(session: Session, into: Article, article: Article) -> tuple[str, ...]:
    """What the other's issue lines lack: the title and the lines of this one.

    As far as there is room: merging is not refused for that.
    """
    title, own = (
        session.scalar(
            select(ArticleRevision.title).where(
                ArticleRevision.id == (one.released_revision_id or one.working_revision_id)
            )
        )
        for one in (article, into)
    )
    lines = [*([title[:LINE_LIMIT_CHARS]] if title and title != own else []), *article.issue]
    added = [line for line in dict.fromkeys(lines) if line not in into.issue]
    return tuple(added[: max(0, ISSUE_LIMIT - len(into.issue))])
