"""Passages of one origin are one hit; what they add is bounded."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.edition import Body, Confirmed
from kb.vocabulary import OriginKind, PassageField
from search.fusion import LEAD_SHARE, Ranked, Ranking
from search.group import APART_SHARE, FIRST_SHARE, FURTHER_FLOOR, FURTHER_SHARE, WHOLE_SHARE, group


def ranked(*scores: tuple[str, float]) -> Ranking:
    """A ranking by words alone."""
    return Ranking(tuple(Ranked(id, score, None, 0.0, score, 0.0, 0.0) for id, score in scores), 1.0)


def ranked_by_both(*parts: tuple[str, float, float], share: float) -> Ranking:
    """A ranking of passages with their nearness and their words."""
    found = [
        Ranked(id, (1.0 - share) * near + share * words, near, near, words, words, 0.0)
        for id, near, words in parts
    ]
    return Ranking(tuple(sorted(found, key=lambda one: -one.score)), share, words=20)


def confirmed(*ids: str, field: PassageField = PassageField.BODY) -> dict[str, Confirmed]:
    """Passages named `<origin><number>`."""
    return {id: Confirmed(f"edition-{id[0]}", OriginKind.ARTICLE, id[0], field) for id in ids}


def test_an_origin_that_answers_in_two_places_comes_before_one_that_answers_in_one() -> None:
    found = group(ranked(("a1", 1.0), ("b1", 0.98), ("b2", 0.95)), confirmed("a1", "b1", "b2"))
    assert [one.origin_id for one in found] == ["b", "a"]
    assert found[0].score == pytest.approx(0.98 + FURTHER_SHARE * (0.95 - FURTHER_FLOOR))


def test_an_origin_that_is_merely_long_gains_nothing() -> None:
    weak = [(f"b{number}", 0.6) for number in range(2, 9)]
    found = group(ranked(("a1", 1.0), ("b1", 0.9), *weak), confirmed("a1", "b1", *(name for name, _ in weak)))
    assert [(one.origin_id, one.score, one.passages) for one in found] == [("a", 1.0, 1), ("b", 0.9, 8)]


def test_meaning_and_words_in_different_passages_of_an_origin_count_half_of_what_they_would_in_one() -> None:
    # "c" has the words, too: nobody is ahead in them.
    parts = (("a1", 1.0, 0.0), ("a2", 0.0, 1.0), ("b1", 0.6, 0.6), ("c1", 0.0, 1.0))
    found = group(ranked_by_both(*parts, share=0.5), confirmed("a1", "a2", "b1", "c1"))
    # Both of a's passages score 0.5, of which 0.75 x 0.6 does not count of the second.
    further = FURTHER_SHARE * (0.5 - FURTHER_FLOOR * 0.6)
    whole, apart = 0.5 + further, 0.5 * 1.0 + 0.5 * 1.0
    assert [one.origin_id for one in found] == ["a", "b", "c"]
    assert found[0].score == pytest.approx((1 - APART_SHARE) * whole + APART_SHARE * apart)
    assert found[1].score == pytest.approx(0.6)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12),
    st.floats(0.05, 0.5),
)
def test_an_origin_never_scores_below_its_best_passage(
    parts: list[tuple[str, float, float]], share: float
) -> None:
    named = [(f"{origin}{number}", near, words) for number, (origin, near, words) in enumerate(parts)]
    found = group(ranked_by_both(*named, share=share), confirmed(*(name for name, _, _ in named)))
    assert all(one.score >= one.best.score - 1e-9 for one in found)
    assert sum(one.passages for one in found) == len(named)


def test_what_the_record_does_not_confirm_counts_for_nothing() -> None:
    found = group(ranked(("a1", 1.0), ("b1", 0.9)), confirmed("b1"))
    assert [one.origin_id for one in found] == ["b"]


def test_titles_lead_to_their_origin_but_are_not_its_body() -> None:
    (found,) = group(ranked(("a1", 1.0)), confirmed("a1", field=PassageField.TITLE))
    assert found.body_ids == []
    assert found.passages == 1


def test_nothing_ranked_is_no_group() -> None:
    assert group(Ranking((), 0.0), {}) == []


def test_an_origin_that_is_far_ahead_in_the_words_comes_before_a_nearer_one() -> None:
    near, words = ("a1", 1.0, 0.1), ("b1", 0.2, 0.9)
    assert [
        one.origin_id for one in group(ranked_by_both(near, words, share=0.5), confirmed("a1", "b1"))
    ] == [
        "b",
        "a",
    ]
    rivals = (near, words, ("c1", 0.0, 0.9))
    found = group(ranked_by_both(*rivals, share=0.5), confirmed("a1", "b1", "c1"))
    assert [one.lexical_share for one in found] == [0.5] * 3


def test_one_origin_is_ahead_of_itself_by_no_further_passage() -> None:
    parts = (("a1", 0.5, 0.9), ("a2", 0.5, 0.9), ("b1", 0.5, 0.1))
    (first, _) = group(ranked_by_both(*parts, share=0.5), confirmed("a1", "a2", "b1"))
    assert first.origin_id == "a"
    assert first.lexical_share == pytest.approx(0.5 + LEAD_SHARE * 0.9 * 0.8)


def bodies(**passages: int) -> dict[str, Body]:
    """Bodies of origins named by one letter, which begin with `<origin>1`."""
    return {f"edition-{name}": Body(f"{name}1", count) for name, count in passages.items()}


def test_an_origin_that_begins_with_the_answer_comes_before_one_that_mentions_it() -> None:
    ranking = ranked(("a2", 1.0), ("b1", 0.95), ("a1", 0.2), ("b2", 0.2))
    known = confirmed("a1", "a2", "b1", "b2")
    assert [one.origin_id for one in group(ranking, known)] == ["a", "b"]
    found = group(ranking, known, bodies(a=2, b=2))
    assert [one.origin_id for one in found] == ["b", "a"]
    assert found[1].whole == pytest.approx(FIRST_SHARE * (0.2 - 1.0) + WHOLE_SHARE * (0.6 - 1.0))
    assert found[1].score == pytest.approx(1.0 + found[1].whole)


def test_what_is_one_passage_loses_nothing_whatever_leads_to_it() -> None:
    known = confirmed("a1") | confirmed("a2", field=PassageField.TITLE)
    (found,) = group(ranked(("a2", 1.0), ("a1", 0.3)), known, bodies(a=1))
    assert (found.whole, found.score) == (0.0, pytest.approx(1.0))
    (found,) = group(ranked(("a2", 1.0)), confirmed("a2", field=PassageField.QUERY), bodies(a=9))
    assert found.whole == 0.0


def test_a_passage_that_was_not_found_counts_as_much_as_it_may_have() -> None:
    parts = (("a2", 1.0, 1.0), ("b1", 0.9, 0.9))
    known = confirmed("a2", "b1")
    for reach, share in ((0.0, 0.5), (0.8, 0.5), (0.8, 0.05)):
        ranking = replace(ranked_by_both(*parts, share=share), reach=reach)
        first = next(one for one in group(ranking, known, bodies(a=4, b=1)) if one.origin_id == "a")
        unseen = (1.0 - first.lexical_share) * reach
        expected = FIRST_SHARE * (unseen - 1.0) + WHOLE_SHARE * ((1.0 + 3 * unseen) / 4 - 1.0)
        assert first.whole == pytest.approx(expected)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12),
    st.floats(0.05, 0.5),
    st.floats(0, 1),
    st.integers(12, 500),
)
def test_a_long_origin_keeps_at_least_half_of_its_score(
    parts: list[tuple[str, float, float]], share: float, reach: float, passages: int
) -> None:
    named = [(f"{origin}{number}", near, words) for number, (origin, near, words) in enumerate(parts)]
    ranking = replace(ranked_by_both(*named, share=share), reach=reach)
    found = group(
        ranking, confirmed(*(name for name, _, _ in named)), bodies(a=passages, b=passages, c=passages)
    )
    for one in found:
        assert -0.5 * one.best.score - 1e-9 <= one.whole <= 0.0
        assert one.score >= 0.5 * one.best.score - 1e-9
