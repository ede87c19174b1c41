"""Reviews: somebody asks for a look at a revision, somebody else approves it or says what must change."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.article.editing import keep_editions_in_step, load_for_change, move, record, set_due, touch
from kb.article.model import Article, ArticleRevision
from kb.clock import new_id, utc_now
from kb.database import Base
from kb.errors import ImpossibleMove, NothingToRelease, OwnReview
from kb.lifecycle import ArticleVerb
from kb.text import clean_text
from kb.user import checked_person
from kb.visibility import Caller, CallerKind
from kb.vocabulary import ArticleState, ReviewState, Role

COMMENT_LIMIT_CHARS = 10_000
_REQUESTED = text(f"state = '{ReviewState.REQUESTED.value}'")


class Review(Base):
    __tablename__ = "review"
    __table_args__ = (
        Index(
            "uq_review_requested",
            "article_id",
            unique=True,
            sqlite_where=_REQUESTED,
            postgresql_where=_REQUESTED,
        ),
        Index("ix_review_state_requested_at", "state", "requested_at", "id"),
        Index("ix_review_article_id", "article_id", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"))
    #: the newest one while it is open, then the one that was decided on
    revision_id: Mapped[str] = mapped_column(ForeignKey("article_revision.id"))
    state: Mapped[ReviewState] = mapped_column()
    #: None: a key or the operator
    requested_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    requested_at: Mapped[datetime] = mapped_column()
    #: who should look; None: whoever may
    reviewer_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column()
    #: what the reviewer says to the author
    comment: Mapped[str] = mapped_column(Text)


def request_review(
    session: Session,
    *,
    caller: Caller,
    article_id: str,
    expected_version: int | None,
    reviewer_id: str | None = None,
) -> Article:
    """Put the working revision into the review queue; what is there already keeps its place.

    Args:
        reviewer_id: who should look; whoever may, unless given.
    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing, ImpossibleMove.
        NothingToRelease: there is no working revision. InvalidInput: unknown reviewer.
    """
    article = load_for_change(session, caller, article_id, expected_version)
    state = move(ArticleVerb.REQUEST_REVIEW, article, caller)
    if article.working_revision_id is None:
        raise NothingToRelease(id=article_id)
    reviewer_id = checked_person(session, reviewer_id, field="reviewer_id")
    review = open_review(session, article_id=article_id)
    if review is None:
        review = Review(
            id=new_id(),
            article_id=article_id,
            revision_id=article.working_revision_id,
            state=ReviewState.REQUESTED,
            requested_by=caller.person_id,
            requested_at=utc_now(),
            reviewer_id=reviewer_id,
            decided_by=None,
            decided_at=None,
            comment="",
        )
        session.add(review)
    else:
        review.reviewer_id = reviewer_id
    article.state = state
    touch(session, article)
    keep_editions_in_step(session, article)
    record(session, caller, "request_review", article, {"review_id": review.id, "reviewer_id": reviewer_id})
    return article


def approve_review(
    session: Session, *, caller: Caller, article_id: str, expected_version: int | None, comment: str = ""
) -> Article:
    """Say that the revision under review is right; the article counts as validated.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing, EmptyText, TextTooLong.
        ImpossibleMove: not from this state, or nobody asked for a review.
        OwnReview: the caller wrote that revision, and is no manager.
    """
    return _decide(session, caller, article_id, expected_version, ReviewState.APPROVED, comment)


def request_changes(
    session: Session, *, caller: Caller, article_id: str, expected_version: int | None, comment: str
) -> Article:
    """Send the revision under review back to its author, saying what must change.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing, ImpossibleMove, OwnReview.
        EmptyText, TextTooLong: of the comment.
    """
    return _decide(session, caller, article_id, expected_version, ReviewState.CHANGES_REQUESTED, comment)


def withdraw_review(
    session: Session, *, caller: Caller, article_id: str, expected_version: int | None
) -> Article:
    """Take the article out of the review queue; its state stays.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing.
        ImpossibleMove: nobody asked for a review.
    """
    article = load_for_change(session, caller, article_id, expected_version)
    verb = ArticleVerb.REQUEST_REVIEW  # who may ask may take it back
    move(verb, article, caller)
    review = open_review(session, article_id=article_id)
    if review is None:
        raise ImpossibleMove(what="article", state="not under review", verb="withdraw_review")
    close_review(session, caller=caller, article_id=article_id, state=ReviewState.WITHDRAWN)
    touch(session, article)
    record(session, caller, "withdraw_review", article, {"review_id": review.id})
    return article


def open_review(session: Session, *, article_id: str) -> Review | None:
    """The review that waits for a decision."""
    return session.scalar(
        select(Review).where(Review.article_id == article_id, Review.state == ReviewState.REQUESTED)
    )


def article_reviews(session: Session, *, article_id: str, limit: int = 50) -> list[tuple[Review, int]]:
    """An article's reviews with the number of their revision, newest first.

    For those who see its working revisions.
    """
    statement = (
        select(Review, ArticleRevision.number)
        .join(ArticleRevision, ArticleRevision.id == Review.revision_id)
        .where(Review.article_id == article_id)
        .order_by(Review.id.desc())
        .limit(limit)
    )
    return list(session.execute(statement))


def follow_revision(session: Session, *, article_id: str, revision_id: str) -> None:
    """Let the open review be about a newer revision; part of revising."""
    session.execute(
        update(Review)
        .where(Review.article_id == article_id, Review.state == ReviewState.REQUESTED)
        .values(revision_id=revision_id)
    )


def close_review(session: Session, *, caller: Caller, article_id: str, state: ReviewState) -> None:
    """End the open review along with something else; part of releasing, archiving and merging."""
    session.execute(
        update(Review)
        .where(Review.article_id == article_id, Review.state == ReviewState.REQUESTED)
        .values(state=state, decided_by=caller.person_id, decided_at=utc_now())
    )


def _decide(
    session: Session,
    caller: Caller,
    article_id: str,
    expected_version: int | None,
    decision: ReviewState,
    comment: str,
) -> Article:
    article = load_for_change(session, caller, article_id, expected_version)
    approved = decision is ReviewState.APPROVED
    verb = ArticleVerb.APPROVE if approved else ArticleVerb.REQUEST_CHANGES
    state = move(verb, article, caller)
    review = open_review(session, article_id=article_id)
    if review is None:
        raise ImpossibleMove(what="article", state="not under review", verb=verb.value)
    revision = session.get_one(ArticleRevision, review.revision_id)
    if _is_own(revision, caller):
        raise OwnReview
    review.comment = clean_text("comment", comment, COMMENT_LIMIT_CHARS, required=not approved)
    review.state, review.decided_by, review.decided_at = decision, caller.person_id, utc_now()
    was = article.state
    article.state = state
    if approved and was is not ArticleState.VALIDATED:
        article.verified_at = utc_now()
        set_due(article, since=article.verified_at)
    touch(session, article)
    keep_editions_in_step(session, article)
    name = "approve_review" if approved else "request_changes"
    record(session, caller, name, article, {"review_id": review.id, "revision": revision.number})
    return article


def _is_own(revision: ArticleRevision, caller: Caller) -> bool:
    is_author = caller.kind is CallerKind.PERSON and revision.author_id == caller.id
    return is_author and not caller.has_role(Role.MANAGER)
