import pytest

from kb.article.release_check import QueryOrigin, RegressionQuery
from search.regression import Outcome, Replayed, report_of


def replayed(
    before: int | None, after: int | None, *, article_id: str = "a", text: str = "q", first: str = ""
) -> Replayed:
    query = RegressionQuery(article_id, text, QueryOrigin.ISSUE)
    return Replayed(query, before, after, first_before=None, first_after=first, released_id="a")


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (1, 1, Outcome.KEPT),
        (2, 1, Outcome.KEPT),
        (1, 2, Outcome.DISPLACED),
        (1, 3, Outcome.DISPLACED),
        (3, 4, Outcome.BROKEN),
        (1, None, Outcome.BROKEN),
        (None, 1, Outcome.NEWLY_ANSWERED),
        (4, 3, Outcome.NEWLY_ANSWERED),
        (4, 5, Outcome.UNANSWERED),
        (None, None, Outcome.UNANSWERED),
    ],
)
def test_a_query_counts_as_answered_among_the_first_three(
    before: int | None, after: int | None, outcome: Outcome
) -> None:
    assert replayed(before, after).outcome is outcome


def test_a_neighbours_answer_that_the_new_revision_takes_over_is_displaced_not_broken() -> None:
    assert replayed(1, None, article_id="b", first="a").outcome is Outcome.DISPLACED
    assert replayed(1, None, article_id="b", first="c").outcome is Outcome.BROKEN
    assert replayed(1, None, article_id="a", first="a").outcome is Outcome.BROKEN


def test_the_report_counts_everything_and_lists_what_changed_worst_first_own_first() -> None:
    rows = [
        replayed(1, 1, text="kept"),
        replayed(None, 1, text="new"),
        replayed(1, None, article_id="b", text="their broken"),
        replayed(1, None, text="own broken"),
        replayed(1, 2, text="displaced"),
    ]
    report = report_of(rows).as_dict()
    assert [row["text"] for row in report["queries"]] == ["own broken", "their broken", "displaced", "new"]
    assert [row["own"] for row in report["queries"]] == [True, False, True, True]
    assert report["counts"] == {
        "newly_answered": 1, "displaced": 1, "broken": 2, "kept": 1, "unanswered": 0
    }  # fmt: skip
    assert report_of(rows).broken_count == 2
