"""What a repair is: the words that are shown and searched for instead of those that were typed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What was wrong with the query."""

    FINGLISH = "finglish"
    LAYOUT = "layout"
    TYPO = "typo"
    SPLIT = "split"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Other readings of one repaired word, for the lexical leg.

    Args:
        start, end: of the word in `Repair.text`, code points, half-open.
        words: further words in its place, likeliest first, each with its likelihood beside the shown
            one's, 0..1.
    """

    start: int
    end: int
    words: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """A query as it was probably meant.

    Args:
        original: as it was typed.
        text: the likeliest reading: shown, embedded and analysed.
        kinds: what was repaired, in the order of `Kind`.
        words: those that were put in, each as it stands in `text`.
        alternatives: in reading order, of those repaired words that have other readings.
    """

    original: str
    text: str
    kinds: tuple[Kind, ...]
    words: tuple[str, ...]
    alternatives: tuple[Alternative, ...] = ()

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self  # a frozen value: Haystack copies what passes between components
