"""Measures of ranked retrieval and of abstention; pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over queries."""

    queries: int
    ndcg_at_10: float
    hit_at_1: float
    hit_at_10: float
    mrr_at_10: float


def quality(rankings: Sequence[tuple[Sequence[str], Mapping[str, int]]]) -> Quality:
    """Means over (ranked ids best first, relevant ids with grades)."""
    count = len(rankings)
    if not count:
        return Quality(0, 0.0, 0.0, 0.0, 0.0)
    return Quality(
        count,
        sum(ndcg(ranked, grades, at=10) for ranked, grades in rankings) / count,
        sum(_first(ranked, grades, 1) is not None for ranked, grades in rankings) / count,
        sum(_first(ranked, grades, 10) is not None for ranked, grades in rankings) / count,
        sum(1.0 / rank for ranked, grades in rankings if (rank := _first(ranked, grades, 10))) / count,
    )


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], *, at: int) -> float:
    """Normalised discounted cumulative gain with linear gains, as trec_eval's ndcg_cut (Jarvelin 2002)."""
    gain = sum(grades.get(id, 0) / math.log2(rank + 1) for rank, id in enumerate(ranked[:at], start=1))
    ideal = sum(
        grade / math.log2(rank + 1)
        for rank, grade in enumerate(sorted(grades.values(), reverse=True)[:at], start=1)
    )
    return gain / ideal if ideal else 0.0


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties counting half (Mann and Whitney 1947)."""
    if not positives or not negatives:
        return math.nan
    scored = sorted([(score, 1) for score in positives] + [(score, 0) for score in negatives])
    rank_sum, at = 0.0, 0
    while at < len(scored):
        upto = at
        while upto < len(scored) and scored[upto][0] == scored[at][0]:
            upto += 1
        rank = (at + 1 + upto) / 2
        rank_sum += rank * sum(label for _, label in scored[at:upto])
        at = upto
    count = len(positives)
    return (rank_sum - count * (count + 1) / 2) / (count * len(negatives))


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of like confidence: how sure they were on average, and how often they were right."""

    count: int
    confidence: float
    right: float


def reliability(predictions: Sequence[tuple[float, bool]], *, bins: int = 10) -> list[Bin]:
    """Bins of equal width over [0, 1], lowest first, empty ones left out (DeGroot and Fienberg 1983).

    Args:
        predictions: (confidence, whether it was right).
    """
    filled: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in predictions:
        filled.setdefault(min(bins - 1, int(confidence * bins)), []).append((confidence, right))
    return [
        Bin(len(found), sum(c for c, _ in found) / len(found), sum(r for _, r in found) / len(found))
        for _, found in sorted(filled.items())
    ]


def plot_reliability(predictions: Sequence[tuple[float, bool]]) -> str:
    """The bins as lines of characters: how sure, how often right (a bar), how many."""
    lines = ["confidence  right  (# how often right; | how sure it was)"]
    for one in reliability(predictions):
        bar = list(("#" * round(one.right * 40)).ljust(41))
        bar[round(one.confidence * 40)] = "|"
        lines.append(f"      {one.confidence:.2f}   {one.right:.2f}  {''.join(bar)} {one.count}")
    return "\n".join(lines)


def calibration_error(predictions: Sequence[tuple[float, bool]], *, bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015): mean distance of confidence and accuracy over bins."""
    if not predictions:
        return 0.0
    return sum(
        one.count * abs(one.confidence - one.right) for one in reliability(predictions, bins=bins)
    ) / len(predictions)


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; 0 for no values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def _first(ranked: Sequence[str], grades: Mapping[str, int], at: int) -> int | None:
    return next((rank for rank, id in enumerate(ranked[:at], start=1) if id in grades), None)
