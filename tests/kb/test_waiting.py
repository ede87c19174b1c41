"""What waits for whom."""

from datetime import timedelta

from kb.article import change_article, request_review, revise_article
from kb.clock import utc_now
from kb.database import Database
from kb.note import capture_note
from kb.visibility import EVERYTHING, NOTHING, OPERATOR
from kb.vocabulary import Language, Role
from kb.waiting import Waiting, waiting_for
from tests.factories import make_article, make_note, make_person


def test_drafts_are_counted_for_their_author_and_told_notes_for_who_may_accept(
    any_database: Database,
) -> None:
    with any_database.transaction() as session:
        author, reviewer = make_person(session), make_person(session, role=Role.CONTRIBUTOR)
        capture_note(session, caller=author, text="هنوز می‌نویسم", language=Language.PERSIAN, draft=True)
        make_note(session)
        now = utc_now()
        mine = waiting_for(session, caller=author, caller_visibility=EVERYTHING, now=now)
        theirs = waiting_for(session, caller=reviewer, caller_visibility=EVERYTHING, now=now)
        hidden = waiting_for(session, caller=reviewer, caller_visibility=NOTHING, now=now)
    assert mine == Waiting(drafts=1)
    assert theirs == Waiting(notes=1)
    assert hidden == Waiting()


def test_a_review_waits_for_others_than_who_asked(any_database: Database) -> None:
    with any_database.transaction() as session:
        author, other = (make_person(session, role=Role.CONTRIBUTOR) for _ in range(2))
        article = make_article(session)
        article = revise_article(
            session,
            caller=author,
            article_id=article.id,
            expected_version=article.version,
            resolution="راه‌حلی دیگر.",
        )
        request_review(session, caller=author, article_id=article.id, expected_version=article.version)
        now = utc_now()
        for caller, count in ((author, 0), (other, 1)):
            found = waiting_for(session, caller=caller, caller_visibility=EVERYTHING, now=now)
            assert found.reviews == count
        assert waiting_for(session, caller=other, caller_visibility=NOTHING, now=now) == Waiting()


def test_what_is_due_waits_for_its_owner_before_and_after_the_day(any_database: Database) -> None:
    with any_database.transaction() as session:
        owner, other = make_person(session), make_person(session)
        article = make_article(session, released=True)
        change_article(
            session,
            caller=OPERATOR,
            article_id=article.id,
            expected_version=article.version,
            owner_id=owner.id,
            verify_every_days=90,
        )
        due = article.verify_due_at
        assert due is not None
        for caller, now, count in (
            (owner, due + timedelta(days=1), 1),
            (owner, due - timedelta(days=1), 1),
            (owner, due - timedelta(days=80), 0),
            (other, due, 0),
        ):
            found = waiting_for(session, caller=caller, caller_visibility=EVERYTHING, now=now)
            assert found.due == count
