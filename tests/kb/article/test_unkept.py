"""Set times that were not kept, or will not be: who is told, and why."""

from datetime import timedelta

from sqlalchemy.orm import Session

from kb.article import Article, Narrowing, leave_unkept, list_articles, revise_article, schedule_article
from kb.article.refusals import RevisionOvertaken, SchedulerLacksRight
from kb.article.unkept import why_unkept
from kb.clock import utc_now
from kb.database import Database
from kb.errors import InvalidInput, KbError
from kb.reminder import make_digests
from kb.team import add_to_team, create_team
from kb.user import User, caller_of_user
from kb.visibility import EVERYTHING, NOTHING, OPERATOR, Caller
from kb.vocabulary import Role
from kb.waiting import Waiting, waiting_for
from tests.factories import make_article, make_person


def scheduled(session: Session, *, by: Caller = OPERATOR, owner: str | None = None, **given: str) -> Article:
    made = make_article(session, owner_id=owner, **given)
    at = utc_now() + timedelta(hours=1)
    schedule_article(session, caller=by, article_id=made.id, expected_version=made.version, release_at=at)
    return made


def overtake(session: Session, article: Article) -> None:
    given = {"caller": OPERATOR, "article_id": article.id, "expected_version": None}
    revise_article(session, title="متن تازه", **given)


def miss(session: Session, article: Article, error: KbError) -> None:
    article.release_at = utc_now()
    leave_unkept(session, article_id=article.id, error=error)


def waiting(session: Session, caller: Caller) -> int:
    found = waiting_for(session, caller=caller, caller_visibility=EVERYTHING, now=utc_now())
    hidden = waiting_for(session, caller=caller, caller_visibility=NOTHING, now=utc_now())
    assert hidden == Waiting()
    return found.unkept


def test_owner_their_team_and_whoever_set_the_time_are_told(any_database: Database) -> None:
    with any_database.transaction() as session:
        owner, member, other = (make_person(session) for _ in range(3))
        publisher = make_person(session, role=Role.PUBLISHER)
        team = create_team(session, caller=OPERATOR, name="پیک")
        add_to_team(session, caller=OPERATOR, team_id=team.id, user_id=member.id)
        member = caller_of_user(session, session.get_one(User, member.id))
        article = scheduled(session, by=publisher, owner=owner.id, owner_team_id=team.id)
        answering = (owner, member, publisher)
        assert [waiting(session, one) for one in answering] == [0, 0, 0]
        overtake(session, article)  # before its time, already
        assert [waiting(session, one) for one in (*answering, other)] == [1, 1, 1, 0]
        miss(session, article, RevisionOvertaken(id=article.id))
        assert [waiting(session, one) for one in (*answering, other)] == [1, 1, 1, 0]
        now = utc_now()
        digests = {one.person_id: one.data for one in make_digests(session, day=now.date(), now=now)}
        assert set(digests) == {one.id for one in answering}
        told = digests[publisher.id]["unkept"]
        assert (told["count"], told["first"][0]["id"]) == (1, article.id)
        assert told["first"][0]["why"]["fa"].startswith("متن پس از تعیین زمان")
        assert told["first"][0]["why"]["en"].startswith("The text was changed")
        schedule_article(
            session, caller=OPERATOR, article_id=article.id, expected_version=None, release_at=None
        )
        assert [waiting(session, one) for one in answering] == [0, 0, 0]


def test_lists_are_narrowed_to_what_was_not_kept(any_database: Database) -> None:
    with any_database.transaction() as session:
        owner = make_person(session)
        make_article(session, title="untimed", owner_id=owner.id)
        kept = scheduled(session, title="kept", owner=owner.id)
        overtake(session, scheduled(session))
        miss(session, scheduled(session, title="missed"), SchedulerLacksRight(needs="role publisher"))

        def titles(narrowing: Narrowing) -> set[str]:
            page = list_articles(session, caller_visibility=EVERYTHING, caller=OPERATOR, narrowing=narrowing)
            return {view.revision.title for view in page.items}

        assert titles(Narrowing(unkept=True)) == {"متن تازه", "missed"}
        assert titles(Narrowing(unkept=False)) == {"untimed", "kept"}
        assert titles(Narrowing(answering=owner)) == {"untimed", "kept"}
        assert why_unkept(kept) is None


def test_the_reason_is_the_error_as_it_was(any_database: Database) -> None:
    with any_database.transaction() as session:
        article = scheduled(session)
        miss(session, article, InvalidInput(field="release_at", reason="it has passed"))
        error = why_unkept(article)
        assert isinstance(error, InvalidInput)
        assert "گذشته است" in error.message("fa")
        article.unkept_code = "of_a_later_version"
        assert type(why_unkept(article)) is KbError
