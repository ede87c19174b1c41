"""Lists at the desk: each filter finds what it says, and readers cannot ask for what they are not shown."""

from datetime import timedelta
from typing import Any

import pytest

from kb.article import (
    Article,
    Narrowing,
    change_article,
    list_articles,
    release_article,
    request_review,
    revise_article,
    schedule_article,
)
from kb.article.verification import SOON, Standing, verification
from kb.clock import utc_now
from kb.database import Database
from kb.errors import Forbidden
from kb.team import create_team
from kb.visibility import ANONYMOUS, EVERYTHING, OPERATOR
from kb.vocabulary import Language, Role, Scope
from tests.factories import make_article, make_key, make_person


def found(database: Database, product: str | None = None, **wanted: Any) -> set[str]:
    with database.reading() as session:
        page = list_articles(
            session,
            caller_visibility=EVERYTHING,
            caller=OPERATOR,
            product=product,
            narrowing=Narrowing(**wanted),
        )
        return {view.revision.title for view in page.items}


def test_each_filter_finds_what_it_names(any_database: Database) -> None:
    with any_database.transaction() as session:
        owner, reviewer = (make_person(session, role=Role.CONTRIBUTOR) for _ in range(2))
        team = create_team(session, caller=OPERATOR, name="پیک")
        make_article(session, title="owned", owner_id=owner.id)
        make_article(session, title="team", owner_team_id=team.id)
        make_article(session, title="facets", segments=["طلایی"], products=["کیف پول"])
        timed = make_article(session, title="timed")
        schedule_article(
            session,
            caller=OPERATOR,
            article_id=timed.id,
            expected_version=None,
            release_at=utc_now() + timedelta(days=1),
        )
        asked = make_article(session, title="asked")
        request_review(
            session, caller=OPERATOR, article_id=asked.id, expected_version=None, reviewer_id=reviewer.id
        )
        make_article(session, title="unused", released=True)
        make_article(session, title="used", released=True).use_count = 2
    assert found(any_database, owner_id=owner.id) == {"owned"}
    assert found(any_database, owner_team_id=team.id) == {"team"}
    assert found(any_database, segment="طلایی") == {"facets"}
    assert found(any_database, product="کیف پول") == {"facets"}
    assert found(any_database, scheduled=True) == {"timed"}
    assert found(any_database, reviewer_id=reviewer.id) == {"asked"}
    assert found(any_database, used=False) == {"unused"}
    assert found(any_database, used=True) == {"used"}
    assert found(any_database, used=True, owner_id=owner.id) == set()


def test_rows_stand_as_their_values_do(any_database: Database) -> None:
    now = utc_now()
    minute = timedelta(minutes=5)
    dues = [None, now - minute, now + minute, now + SOON - minute, now + SOON + minute]
    with any_database.transaction() as session:
        made: list[Article] = []
        for due in dues:
            for verified_at, days in ((now, 30), (None, 30), (now, None)):
                article = make_article(session, title=f"t{len(made)}")
                article.verified_at, article.verify_every_days, article.verify_due_at = (
                    verified_at,
                    days,
                    due,
                )
                made.append(article)
        expected: dict[Standing, set[str]] = {standing: set() for standing in Standing}
        for number, article in enumerate(made):
            standing = verification(
                verified_at=article.verified_at,
                due=article.verify_due_at,
                every_days=article.verify_every_days,
                now=now,
            ).standing
            expected[standing].add(f"t{number}")
    assert all(expected.values())
    for standing, titles in expected.items():
        assert found(any_database, standing=standing) == titles


def test_a_translation_is_behind_once_its_original_is_released_anew(any_database: Database) -> None:
    with any_database.transaction() as session:
        original = make_article(session, released=True, title="اصل")
        made = make_article(
            session, title="copy", language=Language.ENGLISH, translates_id=original.id, released=True
        )
    assert found(any_database, behind=True) == set()
    with any_database.transaction() as session:
        same: dict[str, Any] = {"caller": OPERATOR, "expected_version": None}
        revise_article(session, article_id=original.id, title="اصل نو", **same)
    assert found(any_database, behind=True) == set()  # nobody is served the new words yet
    with any_database.transaction() as session:
        release_article(session, article_id=original.id, **same)
    assert found(any_database, behind=True) == {"copy"}
    assert found(any_database, behind=False) == {"اصل نو"}
    with any_database.transaction() as session:
        change_article(session, article_id=made.id, translates_number=2, **same)
    assert found(any_database, behind=True) == set()


@pytest.mark.parametrize(
    "wanted",
    [
        {"owner_id": "x"},
        {"owner_team_id": "x"},
        {"segment": "x"},
        {"standing": Standing.DUE},
        {"reviewer_id": "x"},
        {"used": False},
        {"behind": False},
        {"scheduled": False},
    ],
)
def test_readers_may_not_ask_what_they_are_not_shown(database: Database, wanted: dict[str, Any]) -> None:
    with database.reading() as session:
        for who in (ANONYMOUS, make_key(Scope.READ)):
            with pytest.raises(Forbidden):
                list_articles(
                    session, caller_visibility=EVERYTHING, caller=who, narrowing=Narrowing(**wanted)
                )
