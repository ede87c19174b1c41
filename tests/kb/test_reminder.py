"""A digest a day of what waits for a person, never two, and none where nothing waits."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kb.article import Article, request_review
from kb.clock import utc_now
from kb.database import Database
from kb.errors import Forbidden, NotFound, NotSignedIn
from kb.flag import close_flag, raise_flag
from kb.reminder import Reminder, keep_reminders, list_reminders, make_digests, see_reminder
from kb.user import change_user
from kb.visibility import ANONYMOUS, EVERYTHING, OPERATOR, Caller
from kb.vocabulary import FlagReason, FlagState, OriginKind, Role, Scope
from tests.factories import make_article, make_key, make_person

NOW = utc_now()
DAY = NOW.date()


def owned(session: Session, owner: Caller, *, due_in: int, **values: Any) -> Article:
    article = make_article(session, released=True, owner_id=owner.id)
    due = NOW + timedelta(days=due_in)
    session.execute(update(Article).where(Article.id == article.id).values({"verify_due_at": due} | values))
    return article


def flag(session: Session, article: Article, caller: Caller) -> str:
    given: dict[str, Any] = {"origin_kind": OriginKind.ARTICLE, "reason": FlagReason.WRONG}
    return raise_flag(session, caller=caller, caller_visibility=EVERYTHING, origin_id=article.id, **given).id


def remind(session: Session, days: int = 0) -> dict[str, dict[str, Any]]:
    now = NOW + timedelta(days=days)
    digests = make_digests(session, day=now.date(), now=now)
    keep_reminders(session, digests=digests, day=now.date(), now=now)
    return {one.person_id: one.data for one in digests}


def test_everything_that_waits_for_a_person_is_told(any_database: Database) -> None:
    with any_database.transaction() as session:
        owner, reader, idle = (make_person(session, role=Role.CONTRIBUTOR) for _ in range(3))
        expired = [owned(session, owner, due_in=-days) for days in (4, 3, 2, 1)]
        due = owned(session, owner, due_in=3)
        owned(session, owner, due_in=100)
        unverified = owned(session, owner, due_in=-1, verified_at=None)
        session.expire_all()
        flag(session, due, reader)
        draft = make_article(session, caller=reader)
        request_review(session, caller=reader, article_id=draft.id, expected_version=1, reviewer_id=owner.id)
        told = remind(session)
        assert set(told) == {owner.id}
        assert list(told[owner.id]) == ["expired", "unverified", "due", "flags", "reviews"]
        counts = {kind: one["count"] for kind, one in told[owner.id].items()}
        assert counts == {"expired": 4, "unverified": 1, "due": 1, "flags": 1, "reviews": 1}
        named = told[owner.id]["expired"]["first"]
        assert [one["id"] for one in named] == [article.id for article in expired[:3]]
        assert named[0]["title"] == "بازگرداندن کالا"
        assert told[owner.id]["unverified"]["first"][0]["id"] == unverified.id
        assert idle.id not in told


def test_there_is_one_a_day_however_often_it_is_made(any_database: Database) -> None:
    with any_database.transaction() as session:
        owner = make_person(session)
        owned(session, owner, due_in=-1)
        digests = make_digests(session, day=DAY, now=NOW)
        for _ in range(2):
            keep_reminders(session, digests=digests, day=DAY, now=NOW)
        assert remind(session) == {}
        assert session.scalar(select(func.count()).select_from(Reminder)) == 1
        assert list(remind(session, days=1)) == [owner.id]


def test_who_raised_a_flag_is_told_once_what_came_of_it(any_database: Database) -> None:
    with any_database.transaction() as session:
        reader, curator = make_person(session), make_person(session, role=Role.CONTRIBUTOR)
        article = make_article(session, released=True)
        for who in (reader, curator):
            close_flag(
                session,
                caller=curator,
                caller_visibility=EVERYTHING,
                flag_id=flag(session, article, who),
                state=FlagState.FIXED,
            )
        told = remind(session, days=1)
        # Nobody is told what they did themselves.
        assert {person: list(data) for person, data in told.items()} == {reader.id: ["outcomes"]}
        assert remind(session, days=2) == {}


def test_who_left_is_not_reminded(database: Database) -> None:
    with database.transaction() as session:
        owner = make_person(session)
        owned(session, owner, due_in=-1)
        change_user(session, caller=OPERATOR, user_id=owner.id, active=False)
        assert remind(session) == {}


def test_people_see_their_own_reminders_only(any_database: Database) -> None:
    with any_database.transaction() as session:
        owner, other = make_person(session), make_person(session)
        owned(session, owner, due_in=-1)
        for day in range(3):
            remind(session, days=day)
        page = list_reminders(session, caller=owner, limit=2)
        rest = list_reminders(session, caller=owner, limit=2, cursor=page.next_cursor)
        days = [one.day for one in (*page.items, *rest.items)]
        assert days == [DAY + timedelta(days=day) for day in (2, 1, 0)]
        assert list_reminders(session, caller=other).items == ()
        seen = see_reminder(session, caller=owner, reminder_id=page.items[0].id)
        at = seen.seen_at
        assert at is not None
        assert see_reminder(session, caller=owner, reminder_id=seen.id).seen_at == at
        with pytest.raises(NotFound):
            see_reminder(session, caller=other, reminder_id=seen.id)
        for nobody in (ANONYMOUS, make_key(*Scope), OPERATOR):
            with pytest.raises((NotSignedIn, Forbidden)):
                list_reminders(session, caller=nobody)
