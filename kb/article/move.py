"""Moving articles: release, verify, archive, restore."""

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.article.carrying import take_files_back
from kb.article.editing import (
    forget_unkept,
    keep_editions_in_step,
    load_for_change,
    move,
    record,
    set_due,
    touch,
)
from kb.article.model import Article, ArticleRevision
from kb.article.release_check import settle_check
from kb.article.review import close_review
from kb.clock import utc_now
from kb.edition import retire_editions
from kb.errors import IncompleteArticle, NothingToRelease
from kb.lifecycle import ArticleVerb
from kb.link import Link
from kb.outbox import enqueue
from kb.rights import require_serving
from kb.visibility import Caller
from kb.vocabulary import JobName, OriginKind, ReviewState


def release_article(
    session: Session,
    *,
    caller: Caller,
    article_id: str,
    expected_version: int | None,
    override_reason: str = "",
) -> Article:
    """Serve the working revision from now on; the article counts as validated.

    Args:
        override_reason: why queries may be left without their answer; a publisher's to give.
    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing, ImpossibleMove.
        NothingToRelease: there is no working revision. IncompleteArticle: it has no resolution.
        ReleaseBreaks: its check found queries that would not be answered any more, and no reason was given.
    """
    article = load_for_change(session, caller, article_id, expected_version)
    state = move(ArticleVerb.RELEASE, article, caller)
    require_serving(caller, article.audience)
    if article.working_revision_id is None:
        raise NothingToRelease(id=article_id)
    revision = session.get_one(ArticleRevision, article.working_revision_id)
    if not revision.resolution.strip():
        raise IncompleteArticle(id=article_id)
    settled = settle_check(session, caller=caller, revision_id=revision.id, override_reason=override_reason)
    article.state = state
    article.released_revision_id, article.working_revision_id = article.working_revision_id, None
    article.released_at = article.verified_at = utc_now()
    set_due(article, since=article.released_at)
    article.release_at = article.scheduled_revision_id = None
    forget_unkept(article)
    close_review(session, caller=caller, article_id=article_id, state=ReviewState.APPROVED)
    touch(session, article)
    keep_editions_in_step(session, article)
    enqueue(session, name=JobName.INDEX_ARTICLE, subject_id=article_id)
    data = {"revision_id": article.released_revision_id, "audience": article.audience}
    record(session, caller, "release_article", article, data | settled)
    return article


def verify_article(
    session: Session, *, caller: Caller, article_id: str, expected_version: int | None
) -> Article:
    """Say that a validated article still holds as it is written; searchers prefer what was verified lately.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing, ImpossibleMove.
    """
    article = load_for_change(session, caller, article_id, expected_version)
    article.state = move(ArticleVerb.VERIFY, article, caller)
    article.verified_at = utc_now()
    set_due(article, since=article.verified_at)
    touch(session, article)
    keep_editions_in_step(session, article)
    record(session, caller, "verify_article", article, {"revision_id": article.released_revision_id})
    return article


def archive_article(
    session: Session, *, caller: Caller, article_id: str, expected_version: int | None
) -> Article:
    """Take the article away from searchers, at once; its revisions stay.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing, ImpossibleMove.
    """
    article = load_for_change(session, caller, article_id, expected_version)
    article.state = move(ArticleVerb.ARCHIVE, article, caller)
    withdraw(session, caller, article)
    record(session, caller, "archive_article", article, {})
    return article


def withdraw(session: Session, caller: Caller, article: Article) -> None:
    """Take an article that was just archived or merged from searchers, and from every queue."""
    article.release_at = article.archive_at = article.scheduled_by = article.scheduled_revision_id = None
    forget_unkept(article)
    close_review(session, caller=caller, article_id=article.id, state=ReviewState.WITHDRAWN)
    touch(session, article)
    retire_editions(session, origin_kind=OriginKind.ARTICLE, origin_id=article.id)


def restore_article(
    session: Session, *, caller: Caller, article_id: str, expected_version: int | None
) -> Article:
    """Bring an archived or merged article back, not validated; what was released is served again.

    Links and files that went to the article it was merged into come back; the words that the other took over
    stay there, as issue lines are only ever added.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing, ImpossibleMove.
    """
    into_id = session.scalar(select(Article.merged_into_id).where(Article.id == article_id))
    # In the order of their ids, as merging does.
    for id in sorted({article_id, into_id} - {None}, key=str):
        session.execute(select(Article.id).where(Article.id == id).with_for_update())
    article = load_for_change(session, caller, article_id, expected_version)
    state = move(ArticleVerb.RESTORE, article, caller)
    if article.released_revision_id is not None:
        require_serving(caller, article.audience)
        enqueue(session, name=JobName.INDEX_ARTICLE, subject_id=article_id)
    article.state = state
    if article.merged_into_id is not None:
        _take_links_back(session, article)
    file_count = take_files_back(session, article_id=article_id)
    article.merged_into_id = None
    touch(session, article)
    record(session, caller, "restore_article", article, {"file_count": file_count})
    return article


def _take_links_back(session: Session, article: Article) -> None:
    """Links name the revision that was served: those of this article's revisions are its own again."""
    into = session.get_one(Article, article.merged_into_id, populate_existing=True)
    own = select(ArticleRevision.id).where(ArticleRevision.article_id == article.id)
    moved = session.execute(
        update(Link)
        .where(Link.article_id == into.id, Link.revision_id.in_(own))
        .values(article_id=article.id)
    )
    assert isinstance(moved, CursorResult)
    if moved.rowcount:
        into.use_count = max(0, into.use_count - moved.rowcount)
        touch(session, into)
