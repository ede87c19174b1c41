"""Whether somebody still vouches for an article: pure.

Verifying says that what is written still holds. A verified article that solves a case is reviewed by that,
too (KCS v6: reuse is review).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: of a new article that does not say
DEFAULT_DAYS = 180
MOST_DAYS = 3650
#: so long before it is due its owner is told
SOON = timedelta(days=14)


class Standing(StrEnum):
    #: nobody has to verify it
    UNBOUND = "unbound"
    #: never verified, or not since its owner changed
    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    #: within `SOON`
    DUE = "due"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Verification:
    standing: Standing
    #: None: never, or nobody ever vouched
    due_at: datetime | None


def due_at(
    *, verified_at: datetime | None, last_used_at: datetime | None, every_days: int | None, since: datetime
) -> datetime | None:
    """When somebody has to look again.

    Args:
        since: when it is due where nobody has verified it, such as the moment its owner changed.
    Returns:
        None where nobody has to.
    """
    if every_days is None:
        return None
    if verified_at is None:
        return since
    reviewed = verified_at if last_used_at is None else max(verified_at, last_used_at)
    return reviewed + timedelta(days=every_days)


def verification(
    *, verified_at: datetime | None, due: datetime | None, every_days: int | None, now: datetime
) -> Verification:
    """How an article stands at `now`; `due` as `due_at` gave it."""
    if every_days is None or due is None:
        return Verification(Standing.UNBOUND, None)
    if verified_at is None:
        return Verification(Standing.UNVERIFIED, due)
    if due <= now:
        return Verification(Standing.EXPIRED, due)
    return Verification(Standing.DUE if due - now <= SOON else Standing.VERIFIED, due)
