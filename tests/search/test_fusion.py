"""Fusion: what each leg knows decides its share."""

import numpy as np
import pytest

from search.fusion import (
    DENSE_SPAN,
    GRAM_SHARE,
    LEAD_SHARE,
    LEAD_WORDS,
    LEXICAL_SHARE,
    MOST_LEXICAL,
    LegResults,
    Ranking,
    fuse,
    missing_share,
    trust_leader,
)
from search.index import Candidate, Leg


def candidate(name: str, score: float) -> Candidate:
    return Candidate(name, score)


def ids(results: LegResults) -> list[str]:
    return [ranked.passage_id for ranked in fuse(results).ranked]


def test_nothing_found_is_an_empty_ranking() -> None:
    assert fuse(LegResults({}, {})).ranked == ()


def test_without_matching_words_the_dense_order_stands() -> None:
    dense = [candidate("a", 0.88), candidate("b", 0.86), candidate("c", 0.80)]
    assert ids(LegResults({Leg.DENSE: dense, Leg.TERMS: []}, {Leg.TERMS: 10.0})) == ["a", "b", "c"]


def test_without_a_dense_leg_the_words_decide() -> None:
    terms = [candidate("b", 9.0), candidate("a", 3.0)]
    results = LegResults({Leg.TERMS: terms}, {Leg.TERMS: 10.0})
    assert ids(results) == ["b", "a"]
    assert fuse(results).lexical_share == 1.0


def test_a_full_match_of_the_words_beats_a_slightly_nearer_vector() -> None:
    dense = [candidate("near", 0.870), candidate("exact", 0.866)]
    terms = [candidate("exact", 10.0)]
    assert ids(LegResults({Leg.DENSE: dense, Leg.TERMS: terms}, {Leg.TERMS: 10.0})) == ["exact", "near"]


def test_a_stray_word_does_not_beat_a_clearly_nearer_vector() -> None:
    dense = [candidate("near", 0.90), candidate("stray", 0.83)]
    terms = [candidate("stray", 0.8)]
    assert ids(LegResults({Leg.DENSE: dense, Leg.TERMS: terms}, {Leg.TERMS: 10.0})) == ["near", "stray"]


@pytest.mark.parametrize(("score", "share"), [(0.0, LEXICAL_SHARE[0]), (1000.0, LEXICAL_SHARE[1])])
def test_the_lexical_share_follows_how_much_the_words_cover(score: float, share: float) -> None:
    results = LegResults(
        {
            Leg.DENSE: [candidate("a", 0.9)],
            Leg.TERMS: [candidate("a", score)],
            Leg.GRAMS: [candidate("a", score)],
        },
        {Leg.TERMS: 10.0, Leg.GRAMS: 10.0},
    )
    assert fuse(results).lexical_share == pytest.approx(share)


def test_words_that_cover_half_of_a_question_have_more_than_half_of_the_share() -> None:
    found = {leg: [candidate("a", 5.0)] for leg in (Leg.TERMS, Leg.GRAMS)}
    results = LegResults({Leg.DENSE: [candidate("a", 0.9)], **found}, {Leg.TERMS: 10.0, Leg.GRAMS: 10.0})
    low, high = LEXICAL_SHARE
    assert (low + high) / 2 < fuse(results).lexical_share < high


def test_coverage_is_never_above_one() -> None:
    results = LegResults({Leg.TERMS: [candidate("a", 99.0)]}, {Leg.TERMS: 10.0})
    assert fuse(results).ranked[0].coverage == 1.0


def test_grams_count_for_more_where_the_words_are_unknown() -> None:
    found = {Leg.TERMS: [candidate("words", 6.0)], Leg.GRAMS: [candidate("spelling", 6.0)]}
    ideal = {Leg.TERMS: 10.0, Leg.GRAMS: 10.0}
    known, unknown = fuse(LegResults(found, ideal, 0.0)), fuse(LegResults(found, ideal, 1.0))
    assert (known.gram_share, unknown.gram_share) == GRAM_SHARE
    assert unknown.ranked[0].passage_id == "spelling"


def test_what_only_the_words_found_keeps_its_own_cosine() -> None:
    dense = [candidate("near", 0.90), candidate("far", 0.85), candidate("lexical", 0.81)]
    terms = [candidate("lexical", 1.0), candidate("unknown", 1.0)]
    ranked = {
        r.passage_id: r
        for r in fuse(LegResults({Leg.DENSE: dense, Leg.TERMS: terms}, {Leg.TERMS: 9.0})).ranked
    }
    assert ranked["near"].nearness == 1.0
    assert ranked["lexical"].nearness == pytest.approx(1.0 - 0.09 / DENSE_SPAN)
    assert ranked["unknown"].dense is None
    assert ranked["unknown"].nearness == ranked["lexical"].nearness


def test_the_missing_share_is_the_information_of_terms_that_no_passage_holds() -> None:
    idf, weights = np.array([2.0, 1.0, 1.0], np.float32), np.array([1.0, 1.0, 1.0], np.float32)
    assert missing_share(idf, weights, np.array([0, 3, 5])) == pytest.approx(0.5)
    assert missing_share(idf[:0], weights[:0], np.array([], np.int64)) == 0.0


def test_equal_scores_are_ordered_by_passage_id() -> None:
    dense = [candidate("b", 0.9), candidate("a", 0.9)]
    assert ids(LegResults({Leg.DENSE: dense}, {})) == ["a", "b"]


def mixed(words: int = LEAD_WORDS[1]) -> Ranking:
    """A passage that is nearest, and one that holds the words."""
    dense = [candidate("near", 0.90), candidate("words", 0.82)]
    found = {Leg.DENSE: dense, Leg.TERMS: [candidate("words", 8.0)]}
    return fuse(LegResults(found, {Leg.TERMS: 10.0}, words=words))


def test_words_count_for_more_the_further_one_origin_is_ahead_in_them() -> None:
    plain = mixed()
    ahead = trust_leader(plain, [0.8, 0.3, 0.1])
    assert ahead.lexical_share == pytest.approx(plain.lexical_share + LEAD_SHARE * 0.8 * 0.5)
    for before in plain.ranked:
        (after,) = (one for one in ahead.ranked if one.passage_id == before.passage_id)
        words = before.coverage / max(one.coverage for one in plain.ranked)
        share = ahead.lexical_share
        assert after.score == pytest.approx((1 - share) * before.nearness + share * words)
    assert [one.passage_id for one in plain.ranked] == ["near", "words"]
    assert [one.passage_id for one in ahead.ranked] == ["words", "near"]


def test_words_that_several_origins_hold_count_for_no_more() -> None:
    assert trust_leader(mixed(), [0.8, 0.8]) == mixed()
    assert trust_leader(mixed(), []) == mixed()


def test_a_question_of_two_words_says_too_little_to_lead() -> None:
    assert trust_leader(mixed(words=2), [0.8, 0.1]) == mixed(words=2)
    shares = [trust_leader(mixed(words=words), [0.8, 0.1]).lexical_share for words in (2, 4, 6, 20)]
    assert shares == sorted(shares)
    assert shares[1] < shares[2] == shares[3]


def test_meaning_keeps_a_say_however_far_the_words_are_ahead() -> None:
    assert trust_leader(mixed(), [1.0, 0.0]).lexical_share <= MOST_LEXICAL


def test_one_leg_alone_leaves_nothing_to_weigh() -> None:
    alone = fuse(LegResults({Leg.TERMS: [candidate("a", 9.0)]}, {Leg.TERMS: 10.0}))
    assert trust_leader(alone, [0.9, 0.0]) is alone
