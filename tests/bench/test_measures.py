"""Measures against values worked by hand."""

import math

import pytest

from bench.measures import auroc, ndcg, percentile, quality


@pytest.mark.parametrize(
    ("ranked", "grades", "expected"),
    [
        (["a"], {"a": 1}, 1.0),
        (["x", "a"], {"a": 1}, 1 / math.log2(3)),
        (["a", "x", "b"], {"a": 1, "b": 1}, (1 + 0.5) / (1 + 1 / math.log2(3))),
        (["b", "a"], {"a": 2, "b": 1}, (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))),
        (["x"] * 10 + ["a"], {"a": 1}, 0.0),
        ([], {"a": 1}, 0.0),
    ],
)
def test_ndcg_equals_the_value_worked_by_hand(
    ranked: list[str], grades: dict[str, int], expected: float
) -> None:
    assert ndcg(ranked, grades, at=10) == pytest.approx(expected)


def test_quality_is_the_mean_over_queries() -> None:
    measured = quality([(["a", "b"], {"a": 1}), (["x", "b"], {"b": 1}), (["x"], {"c": 1})])
    assert measured.queries == 3
    assert measured.hit_at_1 == pytest.approx(1 / 3)
    assert measured.hit_at_10 == pytest.approx(2 / 3)
    assert measured.mrr_at_10 == pytest.approx((1 + 0.5) / 3)


@pytest.mark.parametrize(
    ("positives", "negatives", "expected"),
    [([0.9, 0.8], [0.1, 0.2], 1.0), ([0.1], [0.9], 0.0), ([0.5, 0.5], [0.5], 0.5), ([0.3, 0.9], [0.5], 0.5)],
)
def test_auroc_counts_ties_half(positives: list[float], negatives: list[float], expected: float) -> None:
    assert auroc(positives, negatives) == pytest.approx(expected)


def test_percentile_is_the_nearest_rank() -> None:
    assert percentile([5, 1, 4, 2, 3], 0.5) == 3
    assert percentile([5, 1, 4, 2, 3], 0.95) == 5
    assert percentile([], 0.5) == 0.0
