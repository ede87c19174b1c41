"""Candidate pairs are found without comparing all with all."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bench.duplicating import measure_candidates
from codify.candidates import Candidate, candidates, signature
from search.terms import TermCounter, pack_counts, unpack_counts

COUNTER = TermCounter()


def signatures(*texts: str) -> list[NDArray[np.uint32]]:
    return [signature(COUNTER.count(text)) for text in texts]


def pairs(found: list[Candidate]) -> set[tuple[int, int]]:
    return {(pair.first, pair.second) for pair in found}


def test_edited_copies_among_others_are_proposed() -> None:
    figures = measure_candidates(texts=800, copies=40)
    assert figures.recall >= 0.95


def test_a_packed_vector_of_the_record_has_the_same_signature() -> None:
    counts = COUNTER.count("مهلت مرجوع کردن کالا ۷ روز است")
    assert np.array_equal(signature(unpack_counts(pack_counts(counts))), signature(counts))


def test_equal_texts_are_proposed_first_and_empty_ones_never() -> None:
    found = candidates(signatures("هزینه ارسال", "سلام و درود", "هزینه ارسال", "", ""))
    assert found == [Candidate(0, 2, 1.0)]


def test_many_copies_are_chained_and_not_multiplied() -> None:
    found = candidates(signatures(*["هزینه ارسال به تهران"] * 300))
    assert len(found) <= 2 * 300
    assert {index for pair in pairs(found) for index in pair} == set(range(300))


def test_a_long_series_from_one_template_proposes_neighbours_only() -> None:
    texts = [f"هزینه ارسال مرسوله شماره {n} به نشانی مشتری در روز کاری بعد محاسبه می‌شود" for n in range(300)]
    found = candidates(signatures(*texts))
    assert {index for pair in pairs(found) for index in pair} == set(range(300))
    assert len(found) < 300 * 20


def test_passages_of_one_article_are_not_paired() -> None:
    made = signatures("هزینه ارسال به تهران", "هزینه ارسال به تهران", "هزینه ارسال به تهران")
    assert pairs(candidates(made, groups=[1, 1, 2])) == {(0, 2), (1, 2)}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 40), max_size=12).map(lambda xs: sorted(set(xs))), max_size=12),
    st.sampled_from([0.3, 0.5, 0.8]),
)
def test_pairs_are_ordered_unique_and_alike_enough(made: list[list[int]], at_least: float) -> None:
    found = candidates([np.array(terms, np.uint32) for terms in made], at_least=at_least)
    assert len(pairs(found)) == len(found)
    for pair in found:
        assert pair.first < pair.second < len(made)
        assert at_least <= pair.likeness <= 1
        assert set(made[pair.first]) & set(made[pair.second])
    assert [p.likeness for p in found] == sorted((p.likeness for p in found), reverse=True)
