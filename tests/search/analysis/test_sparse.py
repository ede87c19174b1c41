"""Sparse vectors: stable hashes, groups that do not count twice."""

import numpy as np

from search.analysis.analyzer import Analyzer
from search.analysis.sparse import gram_vector, query_vector, query_weights, sparse_vector, term_hash
from search.weighting import bm25_weights

ANALYZER = Analyzer()
GRAMS = [178508931, 1093918822, 1577637852, 2735262180, 3299138513, 3336229502]


def test_term_hashes_never_change() -> None:
    assert [term_hash("کتاب"), term_hash("@رفت"), term_hash("abc123")] == [1292049501, 3130945310, 1267568013]


def test_vectors_are_sorted_unique_and_typed() -> None:
    vector = sparse_vector(ANALYZER.passage_terms("نرم‌افزار و نرم افزار را نصب کنید"))
    assert vector.indices.dtype == np.uint32
    assert vector.values.dtype == np.float32
    assert (np.diff(vector.indices.astype(np.int64)) > 0).all()


def test_gram_indices_never_change() -> None:
    vector = gram_vector("اب نان")
    assert vector.indices.tolist() == GRAMS
    assert vector.values.tolist() == [1.0] * 6


def test_grams_are_counted_and_nothing_has_none() -> None:
    assert sorted(gram_vector("نانانا").values.tolist()) == [1.0, 1.0, 2.0, 2.0]
    assert len(gram_vector("").indices) == 0


def score(query: str, text: str) -> float:
    """Dot product without IDF, for a passage of average length."""
    passage = sparse_vector(ANALYZER.passage_terms(text))
    values = bm25_weights(passage.values, average_length=float(passage.values.sum()))
    weights = dict(zip(passage.indices.tolist(), values.tolist(), strict=True))
    asked = query_vector(ANALYZER.query_terms(query))
    return sum(
        value * weights.get(index, 0.0)
        for index, value in zip(asked.indices.tolist(), asked.values.tolist(), strict=True)
    )


def test_a_compound_counts_less_than_two_words_and_more_than_its_pieces() -> None:
    whole = score("نرم‌افزار", "نرم‌افزار")
    assert score("کتاب", "کتاب") < whole < 2 * score("کتاب", "کتاب")
    assert 0 < score("نرم‌افزار", "افزار و نرم") < whole


def test_a_word_without_alternatives_weighs_one() -> None:
    assert query_weights(ANALYZER.query_terms("کتاب")) == {"کتاب": 1.0}
    assert len(query_vector(ANALYZER.query_terms("نرم‌افزار")).indices) == 3
