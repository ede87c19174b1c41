"""Groups of readers: what is counted once for many askers is counted apart for each group.

There is one for each audience, and one for what is for some customer segments only, whatever its audience:
its words are everybody's who sees every segment, and its lines are looked up in the record for the others.
"""

from collections.abc import Collection

from kb.visibility import Visibility
from kb.vocabulary import Audience

SEGMENTED = "segmented"
GROUPS = (*(audience.value for audience in Audience), SEGMENTED)


def group_of(audience: str, segments: Collection[str]) -> str:
    """The group that an edition belongs to."""
    return SEGMENTED if segments else str(audience)


def groups_of(visibility: Visibility) -> frozenset[str]:
    """The groups of which every edition may be seen."""
    groups = {audience.value for audience in visibility.audiences}
    sees_all = visibility.segments is None and len(groups) == len(Audience)
    return frozenset(groups | {SEGMENTED} if sees_all else groups)


def possible_groups_of(visibility: Visibility) -> frozenset[str]:
    """The groups of which some editions may be seen; the record says which."""
    segmented = visibility.segments is None or bool(visibility.segments)
    return groups_of(visibility) | ({SEGMENTED} if segmented and visibility.audiences else frozenset())


def group_bits(groups: Collection[str]) -> int:
    """One bit for each group."""
    return sum(1 << GROUPS.index(group) for group in set(groups))
