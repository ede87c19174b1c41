"""Why a hit stands where it stands."""

from search.group import Group
from search.results import Explanation


def explain(group: Group) -> Explanation:
    """The parts of an origin's score, rounded to six places."""
    best, boosts, share = group.best, group.boosts, group.lexical_share
    words = max(0.0, best.score - (1.0 - share) * best.nearness)
    return Explanation(
        score=round(group.boosted, 6),
        passage=round(best.score, 6),
        dense=None if best.dense is None else round(best.dense, 6),
        nearness=round(best.nearness, 6),
        words=round(words / share, 6) if share else 0.0,
        coverage=round(best.coverage, 6),
        terms=round(best.terms, 6),
        grams=round(best.grams, 6),
        lexical_share=round(share, 6),
        further=round(group.score - group.whole - best.score, 6),
        whole=round(group.whole, 6),
        trust=boosts.trust,
        freshness=round(boosts.freshness, 6),
        twin=boosts.twin,
        twin_of=boosts.twin_of,
    )
