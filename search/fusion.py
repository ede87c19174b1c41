"""From the legs' candidates to one ranking: pure, and adaptive to what each leg knows about this query.

A fixed mix loses to the dense leg on questions in another language and to the lexical leg on exact terms,
so the lexical share follows the evidence: how much of the query's information the words of the best
candidate cover.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np

from search.index import Candidate, Leg
from search.weighting import K1

#: the grams' part of the lexical score beside the terms' part, after each is scaled by its own ideal
GRAM_SHARE = 0.35
#: cosines of multilingual-e5 lie in a narrow band; a query's best minus this is "no evidence"
DENSE_SPAN = 0.09
#: the lexical share of the final score when the words cover nothing, and when they cover everything
LEXICAL_SHARE = (0.05, 0.62)


@dataclass(frozen=True, slots=True)
class LegResults:
    """What the legs found, and what a perfect lexical match of this query would score.

    Args:
        ideal: per lexical leg, the score of a passage that holds every term once at average length.
    """

    found: Mapping[Leg, Sequence[Candidate]]
    ideal: Mapping[Leg, float]

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


class Ranked(NamedTuple):
    """A candidate with its fused score in [0, 1] and the parts it is made of.

    Args:
        dense: cosine, None where the dense leg did not list it.
        coverage: share of the query's information its words cover, 0..1.
    """

    passage_id: str
    score: float
    dense: float | None
    coverage: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passages best first, with the share the lexical evidence was given."""

    ranked: tuple[Ranked, ...]
    lexical_share: float

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


def fuse(results: LegResults) -> Ranking:
    """Rank the union of the legs' candidates.

    The dense score falls linearly from the best cosine; the lexical one is the covered share of the
    query's information. Where the dense leg is missing, words alone decide, and the other way round.
    """
    dense = {c.passage_id: c.score for c in results.found.get(Leg.DENSE, ())}
    lexical = lexical_scores(results)
    passage_ids = dict.fromkeys(c.passage_id for leg in results.found.values() for c in leg)
    if not passage_ids:
        return Ranking((), 0.0)
    top_coverage = max(lexical.values(), default=0.0)
    share = _lexical_share(top_coverage, has_dense=bool(dense))
    best_dense = max(dense.values(), default=0.0)
    floor = min(dense.values(), default=0.0)

    def scored(passage_id: str) -> Ranked:
        cosine = dense.get(passage_id)
        # Absent from the list means at most as near as its last entry.
        nearness = 1.0 - (best_dense - (floor if cosine is None else cosine)) / DENSE_SPAN if dense else 0.0
        coverage = lexical.get(passage_id, 0.0)
        words = coverage / top_coverage if top_coverage else 0.0
        score = (1.0 - share) * max(0.0, nearness) + share * words
        return Ranked(passage_id, score, cosine, coverage)

    ranked = sorted(map(scored, passage_ids), key=lambda one: (-one.score, one.passage_id))
    return Ranking(tuple(ranked), share)


def lexical_scores(results: LegResults) -> dict[str, float]:
    """Coverage in [0, 1] per passage id, from the terms and the grams leg."""
    parts = ((Leg.TERMS, 1.0 - GRAM_SHARE), (Leg.GRAMS, GRAM_SHARE))
    scores: dict[str, float] = {}
    for leg, part in parts:
        ideal = results.ideal.get(leg, 0.0)
        if ideal <= 0.0:
            continue
        for candidate in results.found.get(leg, ()):
            share = part * candidate.score / ideal
            scores[candidate.passage_id] = scores.get(candidate.passage_id, 0.0) + share
    return {passage_id: min(1.0, score) for passage_id, score in scores.items()}


def ideal_score(idf: np.ndarray, weights: np.ndarray) -> float:
    """What a passage scores that holds every query term until saturation: sum of w x idf x (K1 + 1) / 2."""
    return float((idf * weights).sum() * (K1 + 1.0) / 2.0)


def _lexical_share(top_coverage: float, *, has_dense: bool) -> float:
    if not has_dense:
        return 1.0
    low, high = LEXICAL_SHARE
    return low + (high - low) * min(1.0, top_coverage)
