"""Counts survive packing, and weights are BM25's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.repair import Alternative
from search.repair.letters import decode, encode
from search.terms import TermCounter, pack_counts, unpack_counts
from search.weighting import K1, Averages, B, bm25_weights

COUNTER = TermCounter()


def encode_key(word: str) -> bytes:
    return encode(word) or b""


@given(st.text(max_size=300))
def test_packed_counts_unpack_to_the_same(text: str) -> None:
    counts = COUNTER.count(text)
    again = unpack_counts(pack_counts(counts))
    for before, after in ((counts.terms, again.terms), (counts.grams, again.grams)):
        assert np.array_equal(before.indices, after.indices)
        assert np.allclose(before.values, after.values, rtol=1e-3)
    assert again.words == counts.words


def test_words_are_kept_as_written_and_without_their_endings() -> None:
    words = [decode(code) for code in COUNTER.count("کتاب‌هایم را می‌خواهم SKU-12 Orders ۱۲۳").words]
    assert words == sorted(words, key=encode_key)
    assert set(words) == {"کتابهایم", "کتاب", "را", "میخواهم", "orders"}


def test_other_readings_join_the_group_of_their_word() -> None:
    query = COUNTER.query("پول کارت", None, (Alternative(0, 3, (("پل", 0.5), ("پول", 1.0))),))
    assert [group.term for group in query.groups] == ["پول", "کارت"]
    assert query.groups[0].alternatives == (("پل", 0.25),)
    assert query.groups[1].alternatives == ()


def test_indices_are_sorted_and_unique() -> None:
    counts = COUNTER.count("سفارش من سفارش‌ها سفارشم order orders 12345 ABC-123")
    for vector in (counts.terms, counts.grams):
        assert np.all(np.diff(vector.indices.astype(np.int64)) > 0)


def test_a_query_finds_the_terms_of_a_passage_in_any_spelling() -> None:
    passage = COUNTER.count("می‌توانید کتاب‌ها را تا ۷ روز بازگردانید")
    for spelling in ("کتاب‌ها", "کتابها", "كتاب ها"):
        query = COUNTER.query(spelling)
        assert set(query.terms.indices.tolist()) & set(passage.terms.indices.tolist()), spelling


@pytest.mark.parametrize(
    ("count", "average", "expected"),
    [
        (1.0, 1.0, (K1 + 1) / (1 + K1)),
        (1.0, 2.0, (K1 + 1) / (1 + K1 * (1 - B + B * 0.5))),
    ],
)
def test_a_weight_is_bm25s_share_of_the_passage(count: float, average: float, expected: float) -> None:
    weights = bm25_weights(np.array([count], dtype=np.float32), average)
    assert weights[0] == pytest.approx(expected)


def test_averages_of_nothing_are_the_defaults_and_never_zero() -> None:
    assert Averages.of(0, 0, 0).terms > 1
    assert Averages.of(0, 0, 5) == Averages(1.0, 1.0)
