"""Undoing: earlier words come back as a new revision."""

import pytest

from kb.article import archive_article, article_history, release_article, revert_article, revise_article
from kb.database import Database
from kb.errors import ImpossibleMove, NotFound, StaleEdit
from kb.visibility import EVERYTHING, OPERATOR
from tests.factories import make_article


def test_earlier_words_come_back_and_no_history_is_lost(any_database: Database) -> None:
    with any_database.transaction() as session:
        made = make_article(session, title="یک", resolution="نخست", cites=[{"kind": "note", "id": "n"}])
        revise_article(session, caller=OPERATOR, article_id=made.id, expected_version=1, title="دو")
        release_article(session, caller=OPERATOR, article_id=made.id, expected_version=2)
        back = revert_article(
            session, caller=OPERATOR, article_id=made.id, expected_version=3, number=1, comment="اشتباه بود"
        )
        assert back.version == 4
        history = article_history(session, caller_visibility=EVERYTHING, caller=OPERATOR, article_id=made.id)
        assert [(one.number, one.title) for one in history] == [(3, "یک"), (2, "دو"), (1, "یک")]
        assert (history[0].comment, history[0].cites) == ("اشتباه بود", [{"kind": "note", "id": "n"}])
        assert history[0].content_hash == history[2].content_hash
        assert back.released_revision_id == history[1].id  # what is served waits for a release
        same = revert_article(session, caller=OPERATOR, article_id=made.id, expected_version=4, number=1)
        assert same.version == 4


def test_what_is_not_there_does_not_come_back(database: Database) -> None:
    with database.transaction() as session:
        made = make_article(session)
        with pytest.raises(NotFound):
            revert_article(session, caller=OPERATOR, article_id=made.id, expected_version=1, number=2)
        with pytest.raises(StaleEdit):
            revert_article(session, caller=OPERATOR, article_id=made.id, expected_version=5, number=1)
        archive_article(session, caller=OPERATOR, article_id=made.id, expected_version=1)
        with pytest.raises(ImpossibleMove):
            revert_article(session, caller=OPERATOR, article_id=made.id, expected_version=2, number=1)
