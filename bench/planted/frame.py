"""What a planted statement is made from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """A statement about one value.

    Args:
        wordings: of the same statement, each with {v}.
        values: any two of them conflict.
        equal: pairs that say the same.
        others: statements about something else that look alike, each with {v}.
        overlapping: pairs of ranges that overlap.
    """

    name: str
    wordings: tuple[str, ...]
    values: tuple[str, ...]
    equal: tuple[tuple[str, str], ...]
    others: tuple[str, ...]
    overlapping: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that is so or is not so.

    Args:
        yes, no: wordings of either.
        others: that something else is so; no conflict with either.
    """

    name: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    others: tuple[str, ...]
