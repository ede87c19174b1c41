"""From the legs' candidates to one ranking: pure, and adaptive to what each leg knows about this query.

A fixed mix loses to the dense leg on questions in another language and to the lexical leg on exact terms,
so the lexical share follows the evidence: how much of the query's information the words of the best
candidate cover. Within the lexical score, 3-grams count for more the more of the query's words no passage
holds: misspelt words and spoken forms still share most of their 3-grams with what was meant.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from search.index import Candidate, Leg
from search.weighting import K1

#: the grams' part of the lexical score, after each leg is scaled by its own ideal: where every word of the
#: query is in the index, and where none is
GRAM_SHARE = (0.5, 0.75)
#: cosines of multilingual-e5 lie in a narrow band; a query's best minus this is "no evidence"
DENSE_SPAN = 0.1
#: the lexical share of the final score when the words cover nothing, and when they cover everything
LEXICAL_SHARE = (0.05, 0.5)
#: the power of the coverage by which it rises: words of which half are covered say more than half as much,
#: as a long question is never covered whole
LEXICAL_RISE = 0.7


#: what the words' share gains where one origin covers all of a long question and no other any of it: a
#: passage that holds most of its words is seldom the wrong one. Two words are nothing to go by; from six on
#: the gain is whole. Chosen on seven kinds of queries of five public sets: it helps five, and costs the two
#: of long pages with two-word queries nothing and one query of 79.
LEAD_SHARE = 0.6
LEAD_WORDS = (2, 6)
_SCORE = attrgetter("score")
#: what meaning keeps in any case where it has a say
MOST_LEXICAL = 0.95


@dataclass(frozen=True, slots=True)
class LegResults:
    """What the legs found, and what a perfect lexical match of this query would score.

    Args:
        found: best first; the dense leg's list may go on with what only the words found.
        ideal: per lexical leg, the score of a passage that holds every term once at average length.
        missing: share of the query's information in terms that no passage holds, 0..1.
        words: how many words the query has, stop words not counted.
        reach: the least cosine of what is nearest: no other passage has more; None where all are there.
    """

    found: Mapping[Leg, Sequence[Candidate]]
    ideal: Mapping[Leg, float]
    missing: float = 0.0
    words: int = 0
    reach: float | None = None

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


class Ranked(NamedTuple):
    """A candidate with its fused score in [0, 1] and the parts it is made of.

    Args:
        dense: cosine, None where the dense leg knows nothing of it.
        nearness: the dense part, 0..1: 1 for the nearest candidate.
        coverage: share of the query's information its words cover, 0..1: terms and grams mixed.
        terms, grams: the same by each lexical leg alone; above 1 where a word is repeated.
    """

    passage_id: str
    score: float
    dense: float | None
    nearness: float
    coverage: float
    terms: float
    grams: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passages best first, with the shares the words, and the 3-grams among them, were given.

    Args:
        words: as in `LegResults`.
        reach: the most nearness that a passage has which is not among them, 0..1.
    """

    ranked: tuple[Ranked, ...]
    lexical_share: float
    gram_share: float = GRAM_SHARE[0]
    words: int = 0
    reach: float = 0.0

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


def fuse(results: LegResults) -> Ranking:
    """Rank the union of the legs' candidates.

    The dense score falls linearly from the best cosine; the lexical one is the covered share of the
    query's information. Where the dense leg is missing, words alone decide, and the other way round.
    """
    # Candidates are pairs of an id and a score.
    dense, terms, grams = (dict[str, float](results.found.get(leg, ())) for leg in Leg)
    passage_ids = list(dict.fromkeys(chain(dense, terms, grams)))
    if not passage_ids:
        return Ranking((), 0.0)
    gram_share = _between(GRAM_SHARE, results.missing)
    by_terms = _of_each(passage_ids, terms, 0.0) * _scale(results, Leg.TERMS)
    by_grams = _of_each(passage_ids, grams, 0.0) * _scale(results, Leg.GRAMS)
    coverage = np.minimum(1.0, (1.0 - gram_share) * by_terms + gram_share * by_grams)
    top_coverage = float(coverage.max())
    share = _between(LEXICAL_SHARE, top_coverage**LEXICAL_RISE) if dense else 1.0
    nearness = np.zeros(len(passage_ids))
    reach = 0.0
    if dense:
        nearest = max(dense.values())
        if results.reach is not None:
            reach = max(0.0, 1.0 - (nearest - results.reach) / DENSE_SPAN)
        # Absent from the list means at most as near as its last entry.
        cosines = _of_each(passage_ids, dense, min(dense.values()))
        nearness = np.maximum(0.0, 1.0 - (nearest - cosines) / DENSE_SPAN)
    words = coverage / top_coverage if top_coverage else coverage
    score = (1.0 - share) * nearness + share * words
    rows = zip(
        passage_ids,
        score.tolist(),
        map(dense.get, passage_ids),
        nearness.tolist(),
        coverage.tolist(),
        by_terms.tolist(),
        by_grams.tolist(),
        strict=True,
    )
    return Ranking(tuple(_best_first(map(Ranked._make, rows))), share, gram_share, results.words, reach)


def trust_leader(ranking: Ranking, coverages: Iterable[float]) -> Ranking:
    """The ranking with the words' share raised by how far one origin is ahead of all others in them.

    Args:
        coverages: the best coverage of each origin, in any order.
    """
    if not 0.0 < ranking.lexical_share < 1.0:
        return ranking
    first, second = nlargest(2, (*coverages, 0.0, 0.0))
    share = ranking.lexical_share
    few, many = LEAD_WORDS
    length = min(1.0, max(0.0, (ranking.words - few) / (many - few)))
    raised = min(max(share, MOST_LEXICAL), share + LEAD_SHARE * length * first * (first - second))
    if raised == share:
        return ranking

    def again(one: Ranked) -> Ranked:
        words = max(0.0, one.score - (1.0 - share) * one.nearness) / share
        return one._replace(score=(1.0 - raised) * one.nearness + raised * words)

    return replace(ranking, ranked=tuple(_best_first(map(again, ranking.ranked))), lexical_share=raised)


def _best_first(ranked: Iterable[Ranked]) -> list[Ranked]:
    """By score; equals in the order of passage ids."""
    listed = sorted(ranked, key=_SCORE, reverse=True)
    if len(set(map(_SCORE, listed))) < len(listed):
        listed.sort(key=lambda one: (-one.score, one.passage_id))
    return listed


def _of_each(passage_ids: Sequence[str], scores: Mapping[str, float], default: float) -> NDArray[np.float64]:
    return np.fromiter(map(scores.get, passage_ids, repeat(default)), np.float64, len(passage_ids))


def _scale(results: LegResults, leg: Leg) -> float:
    """What makes the leg's scores shares of its ideal."""
    ideal = results.ideal.get(leg, 0.0)
    return 1.0 / ideal if ideal > 0.0 else 0.0


def ideal_score(idf: NDArray[np.float32], weights: NDArray[np.float32]) -> float:
    """What a passage scores that holds every query term until saturation: sum of w x idf x (K1 + 1) / 2."""
    return float((idf * weights).sum() * (K1 + 1.0) / 2.0)


def missing_share(
    idf: NDArray[np.float32], weights: NDArray[np.float32], frequencies: NDArray[np.int64]
) -> float:
    """Share of a query's information in terms with frequency 0; 0 for a query without terms."""
    information = idf * weights
    total = float(information.sum())
    return float(information[frequencies == 0].sum()) / total if total > 0.0 else 0.0


def _between(ends: tuple[float, float], at: float) -> float:
    low, high = ends
    return low + (high - low) * min(1.0, at)
