"""Links: what solved a case is used once more, and reviewed by that."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from kb.article import Article, archive_article, change_article, merge_article
from kb.clock import utc_now
from kb.database import Database
from kb.errors import Forbidden, NotFound, NotSignedIn
from kb.link import article_links, link_article, unlink_article
from kb.visibility import ANONYMOUS, OPERATOR, Caller
from kb.vocabulary import Audience, Role, Scope
from tests.factories import make_article, make_key, make_person

LONG_AGO = utc_now() - timedelta(days=100)


def old_article(session: Session, **fields: Any) -> Article:
    """Verified a hundred days ago, due in eighty."""
    article = make_article(session, released=True, verify_every_days=180, **fields)
    due = LONG_AGO + timedelta(days=180)
    session.execute(
        update(Article).where(Article.id == article.id).values(verified_at=LONG_AGO, verify_due_at=due)
    )
    session.refresh(article)
    return article


def test_reuse_is_review(any_database: Database) -> None:
    with any_database.transaction() as session:
        article, person = old_article(session), make_person(session)
        version = article.version
        link = link_article(session, caller=person, article_id=article.id, case_ref=" T-1 ", query="پولم")
        assert (link.case_ref, link.revision_id) == ("T-1", article.released_revision_id)
        assert (article.use_count, article.last_used_at) == (1, link.linked_at)
        assert article.verify_due_at == link.linked_at + timedelta(days=180)
        assert article.verified_at == LONG_AGO
        assert article.version == version


def test_who_has_not_vouched_is_not_excused_by_reuse(database: Database) -> None:
    with database.transaction() as session:
        article = old_article(session)
        owner = make_person(session)
        change_article(
            session, caller=OPERATOR, article_id=article.id, expected_version=None, owner_id=owner.id
        )
        due = article.verify_due_at
        link_article(session, caller=OPERATOR, article_id=article.id)
        assert (article.verified_at, article.verify_due_at) == (None, due)


def test_one_case_counts_once_and_cases_without_a_number_each(any_database: Database) -> None:
    with any_database.transaction() as session:
        article, other = old_article(session), old_article(session)
        first = link_article(session, caller=OPERATOR, article_id=article.id, case_ref="T-1")
        again = link_article(session, caller=make_person(session), article_id=article.id, case_ref="T-1")
        assert first.id == again.id
        link_article(session, caller=OPERATOR, article_id=other.id, case_ref="T-1")
        for _ in range(2):
            link_article(session, caller=OPERATOR, article_id=article.id)
        assert (article.use_count, other.use_count) == (3, 1)


def test_taken_back_it_counts_no_more(any_database: Database) -> None:
    with any_database.transaction() as session:
        article, person = old_article(session), make_person(session)
        first = link_article(session, caller=person, article_id=article.id, case_ref="T-1")
        second = link_article(session, caller=person, article_id=article.id, case_ref="T-2")
        given: dict[str, Any] = {"article_id": article.id, "link_id": second.id}
        with pytest.raises(Forbidden):
            unlink_article(session, caller=make_person(session), **given)
        unlink_article(session, caller=person, **given)
        assert (article.use_count, article.last_used_at) == (1, first.linked_at)
        with pytest.raises(NotFound):
            unlink_article(session, caller=person, **given)
        contributor = make_person(session, role=Role.CONTRIBUTOR)
        unlink_article(session, caller=contributor, article_id=article.id, link_id=first.id)
        assert (article.use_count, article.last_used_at) == (0, None)
        assert article.verify_due_at == LONG_AGO + timedelta(days=180)


def test_a_merged_article_s_uses_stay_when_a_link_is_taken_back(database: Database) -> None:
    with database.transaction() as session:
        gone, into = old_article(session), old_article(session)
        kept = link_article(session, caller=OPERATOR, article_id=gone.id, case_ref="T-1")
        merge_article(session, caller=OPERATOR, article_id=gone.id, expected_version=None, into_id=into.id)
        link = link_article(session, caller=OPERATOR, article_id=into.id, case_ref="T-2")
        assert into.use_count == 2
        unlink_article(session, caller=OPERATOR, article_id=into.id, link_id=link.id)
        assert (into.use_count, into.last_used_at) == (1, kept.linked_at)


@pytest.mark.parametrize(
    ("caller", "refused"),
    [
        (ANONYMOUS, NotSignedIn),
        (make_key(Scope.READ), Forbidden),
        (make_key(Scope.WRITE), NotFound),
    ],
)
def test_it_takes_somebody_who_works_here_and_sees_it(
    database: Database, caller: Caller, refused: type[Exception]
) -> None:
    with database.transaction() as session:
        article = old_article(session)
        with pytest.raises(refused):
            link_article(session, caller=caller, article_id=article.id)
        with pytest.raises(refused):
            article_links(session, caller=caller, article_id=article.id)


def test_only_what_is_served_solves_cases(database: Database) -> None:
    with database.transaction() as session:
        draft, gone = make_article(session), old_article(session)
        archive_article(session, caller=OPERATOR, article_id=gone.id, expected_version=None)
        for article_id in (draft.id, gone.id, "none"):
            with pytest.raises(NotFound):
                link_article(session, caller=OPERATOR, article_id=article_id)


def test_a_helpdesk_s_key_may_say_so_and_cases_are_listed(any_database: Database) -> None:
    with any_database.transaction() as session:
        article = old_article(session, audience=Audience.PUBLIC)
        key = make_key(Scope.WRITE)
        for number in range(3):
            link_article(session, caller=key, article_id=article.id, case_ref=f"T-{number}")
        page = article_links(session, caller=key, article_id=article.id, limit=2)
        rest = article_links(session, caller=key, article_id=article.id, limit=2, cursor=page.next_cursor)
        assert [link.case_ref for link in (*page.items, *rest.items)] == ["T-2", "T-1", "T-0"]
        (one,) = article_links(session, caller=key, article_id=article.id, case_ref="T-1").items
        assert one.actor == key.actor
