"""BM25's weights, and which 3-grams of a query are looked up."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.sparse import SparseVector
from search.weighting import rarest


def grams(count: int) -> SparseVector:
    return SparseVector(np.arange(count, dtype=np.uint32), np.arange(1, count + 1, dtype=np.float32))


def test_every_3_gram_is_looked_up_where_they_are_few() -> None:
    given_grams = grams(3)
    assert rarest(given_grams, np.array([10, 20, 30]), most_postings=60) is given_grams


def test_the_commonest_3_grams_are_left_out_first_and_the_others_keep_their_order_and_weight() -> None:
    kept = rarest(grams(4), np.array([50, 10, 90, 20]), most_postings=80)
    assert kept.indices.tolist() == [0, 1, 3]
    assert kept.values.tolist() == [1.0, 2.0, 4.0]


@given(st.lists(st.integers(0, 1000), max_size=40), st.integers(0, 5000))
def test_no_more_passages_are_looked_up_than_allowed_and_none_rarer_is_left_out(
    frequencies: list[int], most: int
) -> None:
    listed = np.array(frequencies, dtype=np.int64)
    kept = rarest(grams(len(frequencies)), listed, most_postings=most).indices
    left_out = np.setdiff1d(np.arange(len(frequencies)), kept)
    assert listed[kept].sum() <= most
    if len(left_out):
        assert listed[kept].max(initial=0) <= listed[left_out].min()
        assert listed[kept].sum() + listed[left_out].min() > most
