"""The values that analysis gives out, and the words that weigh less than others."""

from typing import NamedTuple

from search.analysis.tokens import Kind

#: An alternative as (term, weight): how much of the group's evidence it is when the primary is absent.
Alternative = tuple[str, float]

#: Pieces of a compound; another reading of an ambiguous spelling; the verb behind a noun such as خرید.
PIECE_WEIGHT, READING_WEIGHT, KIN_WEIGHT = 0.5, 0.5, 0.3
#: Auxiliaries and light verbs say little: سفارش دادن is about سفارش.
LIGHT_WEIGHT = 0.3


class Entry(NamedTuple):
    """One analysed word; the offsets are relative to where it was found.

    Attributes:
        joined: its letters without ZWNJ, before stemming, to look compounds up with.
        weight: 1.0, or less for a light verb.
        opens, closes: whether a compound may begin, may end with this word.
    """

    start: int
    end: int
    term: str
    alternatives: tuple[Alternative, ...]
    kind: Kind
    is_stop: bool
    weight: float
    joined: str
    opens: bool = False
    closes: bool = False


#: An entry and where its offsets count from.
Placed = tuple[int, Entry]


class TermGroup(NamedTuple):
    """Everything one place of a text may be found by.

    Attributes:
        term: the primary term.
        alternatives: other terms for the same place (pieces of a compound, a second reading).
        start, end: the whole surface word in the original text, code points, half-open.
        weight: 1.0, or less for a light verb.
    """

    term: str
    alternatives: tuple[Alternative, ...]
    start: int
    end: int
    kind: Kind
    is_stop: bool
    weight: float
