"""What has to be looked at again, whose it is, and what becomes of it when they leave."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from kb.article import Article, archive_article, verify_article
from kb.article.upkeep import Queue, Upkeep, count_upkeep, list_upkeep, reassign_articles
from kb.article.verification import verification
from kb.clock import utc_now
from kb.database import Database
from kb.errors import Forbidden, InvalidInput, NotSignedIn
from kb.link import link_article
from kb.team import create_team
from kb.visibility import ANONYMOUS, OPERATOR, Caller, visibility_of
from kb.vocabulary import Audience, Governance, Language, Role, Scope
from tests.factories import make_article, make_key, make_person

NOW = utc_now() + timedelta(minutes=1)


def aged(session: Session, *, verified: int | None, every: int | None = 100, **fields: Any) -> Article:
    """A served article that was verified, or (None) released, so many days ago."""
    article = make_article(session, released=True, verify_every_days=every, **fields)
    at = NOW - timedelta(days=verified or 200)
    values: dict[str, Any] = {"released_at": at, "verified_at": None if verified is None else at}
    values["verify_due_at"] = None if every is None else at + timedelta(days=every if verified else 0)
    session.execute(update(Article).where(Article.id == article.id).values(**values))
    session.refresh(article)
    return article


def found(session: Session, queue: Queue, caller: Caller = OPERATOR, **wanted: Any) -> list[str]:
    sight = visibility_of(caller, portal_public=False)
    given: dict[str, Any] = {"caller_visibility": sight, "wanted": Upkeep(queue, **wanted), "now": NOW}
    ids: list[str] = []
    cursor = None
    while True:
        page = list_upkeep(session, caller=caller, limit=2, cursor=cursor, **given)
        ids += [view.article.id for view in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(ids) == count_upkeep(session, **given)
    return ids


def test_every_article_is_in_the_queue_that_its_standing_says(any_database: Database) -> None:
    with any_database.transaction() as session:
        fresh = aged(session, verified=1)
        due = [aged(session, verified=days).id for days in (99, 90, 87)]
        expired = [aged(session, verified=days).id for days in (130, 120, 101)]
        unverified = aged(session, verified=None)
        unbound = aged(session, verified=300, every=None)
        make_article(session)
        gone = aged(session, verified=200)
        archive_article(session, caller=OPERATOR, article_id=gone.id, expected_version=None)
        assert found(session, Queue.DUE) == due
        assert found(session, Queue.EXPIRED) == expired
        assert found(session, Queue.UNVERIFIED) == [unverified.id]
        for article in (fresh, unbound, unverified, session.get_one(Article, due[0])):
            standing = verification(
                verified_at=article.verified_at,
                due=article.verify_due_at,
                every_days=article.verify_every_days,
                now=NOW,
            ).standing
            queues = {
                queue.value
                for queue in Queue
                if queue is not Queue.UNUSED and article.id in found(session, queue)
            }
            assert queues == {standing.value} & {queue.value for queue in Queue}


def test_verified_it_leaves_the_queue(database: Database) -> None:
    with database.transaction() as session:
        article = aged(session, verified=130)
        verify_article(session, caller=OPERATOR, article_id=article.id, expected_version=None)
        assert found(session, Queue.EXPIRED) == []


def test_what_solves_no_cases_is_unused(any_database: Database) -> None:
    with any_database.transaction() as session:
        never, used_long_ago, used, young = (aged(session, verified=days) for days in (200, 150, 120, 30))
        for article in (used_long_ago, used):
            link_article(session, caller=OPERATOR, article_id=article.id)
        session.execute(
            update(Article)
            .where(Article.id == used_long_ago.id)
            .values(last_used_at=NOW - timedelta(days=100))
        )
        assert found(session, Queue.UNUSED) == [never.id, used_long_ago.id]
        assert found(session, Queue.UNUSED, unused_days=20) == [never.id, used_long_ago.id, young.id]


def test_queues_are_narrowed(any_database: Database) -> None:
    with any_database.transaction() as session:
        person, team = make_person(session), create_team(session, caller=OPERATOR, name="پیک")
        own = aged(session, verified=140, owner_id=person.id)
        of_team = aged(session, verified=130, owner_team_id=team.id)
        english = aged(session, verified=120, language=Language.ENGLISH, audience=Audience.PUBLIC)
        member = Caller(person.kind, person.id, person.role, team_ids=frozenset({team.id}))
        assert found(session, Queue.EXPIRED, owner=member) == [own.id, of_team.id]
        assert found(session, Queue.EXPIRED, owner=person) == [own.id]
        assert found(session, Queue.EXPIRED, owner_id=person.id) == [own.id]
        assert found(session, Queue.EXPIRED, owner_team_id=team.id) == [of_team.id]
        assert found(session, Queue.EXPIRED, has_owner=False) == [english.id]
        assert found(session, Queue.EXPIRED, has_owner=True) == [own.id, of_team.id]
        assert found(session, Queue.EXPIRED, language=Language.ENGLISH) == [english.id]
        assert found(session, Queue.EXPIRED, audience=Audience.PUBLIC) == [english.id]
        assert found(session, Queue.EXPIRED, make_key(Scope.WRITE)) == [english.id]
        for nobody in (ANONYMOUS, make_key(Scope.READ)):
            with pytest.raises((NotSignedIn, Forbidden)):
                found(session, Queue.EXPIRED, nobody)


def reassign(session: Session, caller: Caller = OPERATOR, **given: Any) -> list[str]:
    return reassign_articles(session, caller=caller, **given)


def test_a_leaving_owner_s_articles_change_hands_and_nobody_vouches_for_them(any_database: Database) -> None:
    with any_database.transaction() as session:
        leaving, staying = make_person(session), make_person(session)
        served = aged(session, verified=10, owner_id=leaving.id)
        draft = make_article(session, owner_id=leaving.id, governance=Governance.COMPLIANCE)
        other = aged(session, verified=10, owner_id=staying.id)
        version = served.version
        manager = make_person(session, role=Role.MANAGER)
        moved = reassign(session, manager, from_owner_id=leaving.id, to_owner_id=staying.id)
        assert moved == sorted([served.id, draft.id])
        assert {served.owner_id, draft.owner_id} == {staying.id}
        assert (served.verified_at, served.version) == (None, version + 1)
        assert found(session, Queue.UNVERIFIED) == [served.id]
        assert other.verified_at is not None
        assert reassign(session, manager, from_owner_id=leaving.id, to_owner_id=staying.id) == []


def test_some_articles_change_hands_alone_and_teams_may_take_them(any_database: Database) -> None:
    with any_database.transaction() as session:
        leaving, first, second = (
            make_person(session),
            *(create_team(session, caller=OPERATOR, name=n) for n in "ab"),
        )
        ids = [make_article(session, owner_id=leaving.id).id for _ in range(3)]
        moved = reassign(session, from_owner_id=leaving.id, to_team_id=first.id, article_ids=ids[:2])
        assert moved == ids[:2]
        article = session.get_one(Article, ids[0])
        assert (article.owner_id, article.owner_team_id) == (None, first.id)
        assert reassign(session, from_team_id=first.id, to_team_id=second.id) == ids[:2]
        assert session.get_one(Article, ids[0]).owner_team_id == second.id


def test_what_cannot_be_reassigned_is_said_by_name(database: Database) -> None:
    with database.transaction() as session:
        person = make_person(session)
        for given, field in (
            ({"to_owner_id": person.id}, "from_owner_id"),
            ({"from_owner_id": "a", "from_team_id": "b", "to_owner_id": person.id}, "from_owner_id"),
            ({"from_owner_id": person.id}, "to_owner_id"),
            ({"from_owner_id": person.id, "to_owner_id": "none"}, "to_owner_id"),
            ({"from_owner_id": person.id, "to_team_id": "none"}, "owner_team_id"),
        ):
            with pytest.raises(InvalidInput) as refused:
                reassign(session, **given)
            assert refused.value.data["field"] == field
        with pytest.raises(Forbidden):
            reassign(session, make_person(session, role=Role.PUBLISHER), from_owner_id="a", to_owner_id="b")
