"""Why a hit stands where it stands."""

from search.fusion import Ranking
from search.group import Group
from search.results import Explanation


def explain(group: Group, ranking: Ranking) -> Explanation:
    """The parts of an origin's score, rounded to six places."""
    best, boosts = group.best, group.boosts
    words = max(0.0, best.score - (1.0 - ranking.lexical_share) * best.nearness)
    return Explanation(
        score=round(group.boosted, 6),
        passage=round(best.score, 6),
        dense=None if best.dense is None else round(best.dense, 6),
        nearness=round(best.nearness, 6),
        words=round(words / ranking.lexical_share, 6) if ranking.lexical_share else 0.0,
        coverage=round(best.coverage, 6),
        terms=round(best.terms, 6),
        grams=round(best.grams, 6),
        lexical_share=round(ranking.lexical_share, 6),
        further=round(group.score - best.score, 6),
        trust=boosts.trust,
        freshness=round(boosts.freshness, 6),
        twin=boosts.twin,
        twin_of=boosts.twin_of,
    )
