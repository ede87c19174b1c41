from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.article import archive_article
from kb.database import Database
from kb.errors import EmptyText, Forbidden, NotFound, NotSignedIn, TextTooLong
from kb.learnt_query import (
    LEARNT_LIMIT_CHARS,
    SERVED_QUERIES,
    LearntQuery,
    QueryLink,
    learn_query,
    learnt_origins,
    served_queries,
    unlearn_query,
)
from kb.outbox import Job
from kb.source import delete_source
from kb.visibility import ANONYMOUS, OPERATOR, Caller
from kb.vocabulary import JobName, JobState, OriginKind, Role, Scope
from tests.factories import make_article, make_key, make_note, make_person, make_source

ARTICLE = OriginKind.ARTICLE
WORDS = "پولم کی برمی‌گرده؟"


def learn(session: Session, caller: Caller, origin_id: str, text: str = WORDS, **given: Any) -> LearntQuery:
    values: dict[str, Any] = {"origin_kind": ARTICLE, "folded": text.replace("\u200c", "")}
    return learn_query(session, caller=caller, origin_id=origin_id, text=text, **(values | given))


def unlearn(session: Session, caller: Caller, origin_id: str, text: str = WORDS) -> None:
    folded = text.replace("\u200c", "")
    unlearn_query(session, caller=caller, origin_kind=ARTICLE, origin_id=origin_id, folded=folded)


def served(session: Session, origin_id: str, kind: OriginKind = ARTICLE) -> list[str]:
    return served_queries(session, origin_kind=kind, origin_id=origin_id)


def waiting(session: Session) -> list[tuple[JobName, str]]:
    rows = session.execute(select(Job.name, Job.subject_id).where(Job.state == JobState.PENDING))
    return [(name, subject_id) for name, subject_id in rows]


def make_served(session: Session) -> str:
    """A released article whose indexing is done."""
    article_id = make_article(session, released=True).id
    for job in session.scalars(select(Job)):
        job.state = JobState.DONE
    session.flush()
    return article_id


def test_one_agents_words_are_kept_but_lead_nowhere(any_database: Database) -> None:
    with any_database.transaction() as session:
        article_id = make_served(session)
        query = learn(session, make_person(session), article_id)
        assert (query.text, query.people, query.is_confirmed) == (WORDS, 1, False)
        assert served(session, article_id) == []
        assert waiting(session) == []


def test_a_second_person_confirms_them_and_the_origin_is_indexed_again(any_database: Database) -> None:
    with any_database.transaction() as session:
        article_id = make_served(session)
        learn(session, make_person(session), article_id)
        query = learn(session, make_person(session), article_id, WORDS.replace("\u200c", ""))
        assert (query.text, query.people) == (WORDS, 2)
        assert served(session, article_id) == [WORDS]
        assert waiting(session) == [(JobName.INDEX_ARTICLE, article_id)]


def test_the_same_person_again_changes_nothing(any_database: Database) -> None:
    with any_database.transaction() as session:
        article_id = make_served(session)
        agent = make_person(session)
        first, again = learn(session, agent, article_id), learn(session, agent, article_id)
        assert (first.id, again.people) == (again.id, 1)
        assert served(session, article_id) == []


def test_a_publisher_needs_nobody_else(any_database: Database) -> None:
    with any_database.transaction() as session:
        article_id = make_served(session)
        learn(session, make_person(session, role=Role.PUBLISHER), article_id)
        assert served(session, article_id) == [WORDS]


def test_whoever_said_it_can_take_it_back(any_database: Database) -> None:
    with any_database.transaction() as session:
        article_id = make_served(session)
        one, other = make_person(session), make_person(session)
        learn(session, one, article_id)
        learn(session, other, article_id)
        unlearn(session, make_person(session), article_id)  # never said so
        assert served(session, article_id) == [WORDS]
        unlearn(session, one, article_id)
        assert served(session, article_id) == []
        unlearn(session, one, article_id)
        unlearn(session, other, article_id)
        assert session.scalar(select(func.count()).select_from(LearntQuery)) == 0
        assert session.scalar(select(func.count()).select_from(QueryLink)) == 0


def test_only_people_can_say_so(any_database: Database) -> None:
    with any_database.transaction() as session:
        article_id = make_served(session)
        for caller in (make_key(*Scope), OPERATOR):
            with pytest.raises(Forbidden):
                learn(session, caller, article_id)
        with pytest.raises(NotSignedIn):
            learn(session, ANONYMOUS, article_id)


def test_what_is_not_served_answers_nobody(any_database: Database) -> None:
    with any_database.transaction() as session:
        agent = make_person(session)
        archived = make_served(session)
        archive_article(session, caller=OPERATOR, article_id=archived, expected_version=None)
        for origin_id in (make_article(session).id, archived, "never-there"):
            with pytest.raises(NotFound):
                learn(session, agent, origin_id)
        with pytest.raises(NotFound):
            learn(session, agent, make_note(session).id, origin_kind=OriginKind.NOTE)


def test_nothing_and_stories_are_refused(any_database: Database) -> None:
    with any_database.transaction() as session:
        article_id = make_served(session)
        agent = make_person(session)
        for text, folded in ((" ", "x"), ("؟", "")):
            with pytest.raises(EmptyText):
                learn(session, agent, article_id, text, folded=folded)
        with pytest.raises(TextTooLong):
            learn(session, agent, article_id, "ب" * (LEARNT_LIMIT_CHARS + 1))


def test_only_the_most_frequent_are_served(database: Database) -> None:
    with database.transaction() as session:
        article_id = make_served(session)
        publisher, agent = make_person(session, role=Role.PUBLISHER), make_person(session)
        for number in range(SERVED_QUERIES + 1):
            learn(session, publisher, article_id, f"پرسش {number}")
        last = f"پرسش {SERVED_QUERIES}"
        assert last not in served(session, article_id)
        learn(session, agent, article_id, last)
        assert served(session, article_id)[0] == last
        assert len(served(session, article_id)) == SERVED_QUERIES


def test_each_person_sees_what_they_said(database: Database) -> None:
    with database.transaction() as session:
        article_id = make_served(session)
        agent, other = make_person(session), make_person(session)
        learn(session, agent, article_id, "پول")
        assert learnt_origins(session, caller=agent, folded="پول") == {(ARTICLE, article_id)}
        assert learnt_origins(session, caller=other, folded="پول") == set()
        assert learnt_origins(session, caller=ANONYMOUS, folded="پول") == set()


def test_the_words_go_with_a_deleted_source(any_database: Database) -> None:
    with any_database.transaction() as session:
        source_id = make_source(session).id
        learn(session, make_person(session), source_id, origin_kind=OriginKind.SOURCE)
        delete_source(session, caller=OPERATOR, source_id=source_id)
    with any_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LearntQuery)) == 0
        assert session.scalar(select(func.count()).select_from(QueryLink)) == 0
