"""Reviews: who asks, who decides, what happens to the queue."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kb.article import (
    Article,
    approve_review,
    archive_article,
    article_reviews,
    list_reviews,
    release_article,
    request_changes,
    request_review,
    revise_article,
    withdraw_review,
)
from kb.database import Database
from kb.errors import (
    EmptyText,
    Forbidden,
    ImpossibleMove,
    InvalidInput,
    NothingToRelease,
    OwnReview,
    StaleEdit,
)
from kb.visibility import EVERYTHING, OPERATOR, Caller, Visibility
from kb.vocabulary import ArticleState, Audience, ReviewState, Role
from tests.factories import make_article, make_person

Who = Callable[..., Caller]
PUBLIC = Visibility(frozenset({Audience.PUBLIC}))


def queue(session: Session, **given: Any) -> list[str]:
    sight = {"caller_visibility": EVERYTHING} | given
    return [view.article.id for _, view in list_reviews(session, **sight).items]


def test_a_review_is_asked_for_once_and_approved_by_another(any_database: Database, caller: Who) -> None:
    author, reviewer = caller(), caller(Role.CONTRIBUTOR)
    with any_database.transaction() as session:
        made = make_article(session, caller=author)
        asked = request_review(
            session, caller=author, article_id=made.id, expected_version=1, reviewer_id=reviewer.id
        )
        assert asked.state is ArticleState.NOT_VALIDATED
        again = request_review(session, caller=author, article_id=made.id, expected_version=2)
        assert queue(session) == [made.id]
        with pytest.raises(Forbidden):
            approve_review(session, caller=author, article_id=made.id, expected_version=again.version)
        approved = approve_review(
            session, caller=reviewer, article_id=made.id, expected_version=again.version, comment="خوب است"
        )
        assert approved.state is ArticleState.VALIDATED
        assert approved.verified_at is not None
        assert queue(session) == []
        ((review, number),) = article_reviews(session, article_id=made.id)
        assert (review.state, review.comment, number) == (ReviewState.APPROVED, "خوب است", 1)
        assert (review.requested_by, review.decided_by) == (author.id, reviewer.id)


def test_changes_are_asked_for_with_a_reason_and_the_next_revision_is_reviewed_again(
    any_database: Database, caller: Who
) -> None:
    author, reviewer = caller(), caller(Role.CONTRIBUTOR)
    with any_database.transaction() as session:
        made = make_article(session, caller=author)
        request_review(session, caller=author, article_id=made.id, expected_version=1)
        with pytest.raises(EmptyText):
            request_changes(session, caller=reviewer, article_id=made.id, expected_version=2, comment=" ")
        back = request_changes(
            session, caller=reviewer, article_id=made.id, expected_version=2, comment="دکمه کجاست؟"
        )
        assert (back.state, queue(session)) == (ArticleState.WORK_IN_PROGRESS, [])
        revise_article(session, caller=author, article_id=made.id, expected_version=3, resolution="بالا")
        request_review(session, caller=author, article_id=made.id, expected_version=4)
        revise_article(session, caller=author, article_id=made.id, expected_version=5, resolution="پایین")
        ((review, view),) = list_reviews(session, caller_visibility=EVERYTHING).items
        assert (view.revision.number, review.revision_id) == (3, view.revision.id)


def test_nobody_but_a_manager_approves_words_of_their_own(any_database: Database, caller: Who) -> None:
    contributor, manager = caller(Role.CONTRIBUTOR), caller(Role.MANAGER)
    with any_database.transaction() as session:
        for author, refused in ((contributor, True), (manager, False)):
            made = make_article(session, caller=author)
            request_review(session, caller=author, article_id=made.id, expected_version=1)
            if refused:
                with pytest.raises(OwnReview):
                    approve_review(session, caller=author, article_id=made.id, expected_version=2)
            else:
                approve_review(session, caller=author, article_id=made.id, expected_version=2)


def test_a_review_that_is_taken_back_leaves_the_queue_and_the_state(
    any_database: Database, caller: Who
) -> None:
    author = caller()
    with any_database.transaction() as session:
        made = make_article(session, caller=author)
        with pytest.raises(ImpossibleMove):
            withdraw_review(session, caller=author, article_id=made.id, expected_version=1)
        request_review(session, caller=author, article_id=made.id, expected_version=1)
        with pytest.raises(Forbidden):
            withdraw_review(session, caller=make_person(session), article_id=made.id, expected_version=2)
        back = withdraw_review(session, caller=author, article_id=made.id, expected_version=2)
        assert (back.state, back.version, queue(session)) == (ArticleState.NOT_VALIDATED, 3, [])
        ((review, _),) = article_reviews(session, article_id=made.id)
        assert review.state is ReviewState.WITHDRAWN


def test_releasing_approves_and_archiving_withdraws(any_database: Database) -> None:
    outcomes = {release_article: ReviewState.APPROVED, archive_article: ReviewState.WITHDRAWN}
    with any_database.transaction() as session:
        for verb, state in outcomes.items():
            made = make_article(session)
            request_review(session, caller=OPERATOR, article_id=made.id, expected_version=None)
            verb(session, caller=OPERATOR, article_id=made.id, expected_version=None)  # type: ignore[operator]
            ((review, _),) = article_reviews(session, article_id=made.id)
            assert review.state is state
        assert queue(session) == []


def test_what_cannot_be_reviewed_is_refused_and_nothing_changes(any_database: Database) -> None:
    with any_database.transaction() as session:
        released = make_article(session, released=True)
        draft = make_article(session)
        ask: dict[str, Any] = {"caller": OPERATOR, "expected_version": None}
        with pytest.raises(NothingToRelease):
            request_review(session, article_id=released.id, **ask)
        with pytest.raises(InvalidInput) as refusal:
            request_review(session, article_id=draft.id, reviewer_id="nobody", **ask)
        assert refusal.value.data["field"] == "reviewer_id"
        for verb in (approve_review, request_changes):
            with pytest.raises(ImpossibleMove):
                verb(session, article_id=draft.id, comment="x", **ask)  # type: ignore[operator]
        with pytest.raises(StaleEdit):
            request_review(session, caller=OPERATOR, article_id=draft.id, expected_version=7)
        assert session.get_one(Article, draft.id).version == 1


def test_the_queue_shows_what_its_reader_may_see_newest_first_in_pages(
    any_database: Database, caller: Who
) -> None:
    reviewer = caller(Role.CONTRIBUTOR)
    with any_database.transaction() as session:
        made = [make_article(session, audience=audience) for audience in (*Audience, *Audience)]
        for number, article in enumerate(made):
            given = {"reviewer_id": reviewer.id} if number % 2 else {}
            request_review(session, caller=OPERATOR, article_id=article.id, expected_version=None, **given)
    ids = [article.id for article in reversed(made)]
    with any_database.reading() as session:
        assert queue(session) == ids
        assert queue(session, reviewer_id=reviewer.id) == ids[::2]
        assert queue(session, caller_visibility=PUBLIC) == [ids[0], ids[3]]
        first = list_reviews(session, caller_visibility=EVERYTHING, limit=4)
        assert first.next_cursor
        assert queue(session, cursor=first.next_cursor) == ids[4:]
