"""Small, bounded boosts of what people vouched for, and a small loss of what an earlier hit says already."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from kb.vocabulary import OriginState
from search.group import Boosts, Group

#: what a trusted origin gains and a draft loses; other states, and origins without one, stay as they are
TRUST: Mapping[OriginState, float] = {
    OriginState.VALIDATED: 0.03,
    OriginState.ACCEPTED: 0.03,
    OriginState.WORK_IN_PROGRESS: -0.03,
}
#: what an origin gains that a person vouched for today; half of it after `HALF_LIFE_DAYS`
FRESHNESS = 0.03
HALF_LIFE_DAYS = 365
#: texts are near-twins that share so much of their words (Jaccard 1912), if they have so many
TWIN_LIKENESS, TWIN_WORDS = 0.8, 8
#: what a near-twin of an earlier hit keeps of its score
TWIN_KEEPS = 0.9


def boost(groups: Sequence[Group], *, now: datetime) -> list[Group]:
    """Groups best first after the boosts for trust and freshness; equals keep their order."""
    for one in groups:
        one.boosts = boosts_of(one.state, one.vouched_at, now=now)
    return sorted(groups, key=lambda one: -one.boosted)


def boosts_of(state: OriginState | None, vouched_at: datetime | None, *, now: datetime) -> Boosts:
    """What an origin's state and the day when somebody last vouched for it are worth."""
    days = max(0, (now - vouched_at).days) if vouched_at else None
    fresh = FRESHNESS * 0.5 ** (days / HALF_LIFE_DAYS) if days is not None else 0.0
    return Boosts(trust=1.0 + (TRUST.get(state, 0.0) if state else 0.0), freshness=1.0 + fresh)


def spread_twins(groups: Sequence[Group], terms: Mapping[str, frozenset[int]]) -> list[Group]:
    """Groups best first after each near-twin of a better one has lost a little.

    Args:
        groups: best first.
        terms: by edition id, the hashed terms of the passage that stands for the origin.
    """
    originals: list[Group] = []
    for one in groups:
        own = terms[one.edition_id]
        twin = next((other for other in originals if are_twins(own, terms[other.edition_id])), None)
        if twin is None:
            originals.append(one)
        else:
            one.boosts = replace(one.boosts, twin=TWIN_KEEPS, twin_of=twin.origin_id)
    return sorted(groups, key=lambda one: -one.boosted)


def are_twins(left: frozenset[int], right: frozenset[int]) -> bool:
    """Whether two texts share nearly all their words; short texts never are."""
    if min(len(left), len(right)) < TWIN_WORDS:
        return False
    shared = len(left & right)
    return shared >= TWIN_LIKENESS * (len(left) + len(right) - shared)
