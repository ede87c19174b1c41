"""Fold Persian and Latin spelling so that equal words become equal strings, keeping the way back."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

ZWNJ = "\u200c"

#: What editors and old code pages left where a zero-width non-joiner was meant.
_HALF_SPACES = "\u00ac\u00ad\u200b\u009d\u009e"
#: Invisible controls that carry no letter: joiners, bidi marks and isolates, byte-order mark.
_INVISIBLE = (
    "\u200d\u200e\u200f\u061c\u2060\ufeff"
    + "".join(map(chr, range(0x202A, 0x202F)))
    + "".join(map(chr, range(0x2066, 0x206A)))
)
#: One letter per sound class of Persian spelling; hamza seats fold to their bare seat.
_LETTERS = {
    "ی": "يىېۍێےئ",
    "ک": "كڪګ",
    "ه": "ةۀۂەہھ",
    "ا": "أإٱآ",
    "و": "ؤۆۇ",
    "": "ءـ",
    ".": "٫",
    "%": "٪",
}


class _FoldTable(dict[int, str]):
    """Code point to folded string, filled in as characters are first met (for `str.translate`)."""

    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code))
        self[code] = folded
        return folded


def _seed() -> dict[int, str]:
    table: dict[int, str] = {}
    for target, variants in _LETTERS.items():
        table.update({ord(variant): target for variant in variants})
    table.update({ord(char): ZWNJ for char in _HALF_SPACES})
    table.update({ord(char): "" for char in _INVISIBLE})
    # Spacing forms of the harakat: their NFKC begins with a space that would cut the word.
    marks = [*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06EE)]
    keep = {0x06DD, 0x06DE, 0x06E9}  # signs, not marks; punctuation for the tokenizer
    table.update({code: "" for code in [*marks, *range(0xFE70, 0xFE80)] if code not in keep})
    table[0x066C] = ""  # Arabic thousands separator
    for zero in (0x0660, 0x06F0):
        table.update({zero + digit: str(digit) for digit in range(10)})
    return table


def _fold_char(char: str) -> str:
    """Fold one code point to a fixed point: NFKC, letter map, digits, case, Latin accents."""
    current = char
    for _ in range(4):
        composed = unicodedata.normalize("NFKC", current).casefold()
        step = "".join(_TABLE[ord(part)] if ord(part) in _TABLE else _bare(part) for part in composed)
        if step == current:
            break
        current = step
    return current


def _bare(char: str) -> str:
    """Drop the accent of a Latin letter and stray combining marks; other scripts stay."""
    if "\u0300" <= char <= "\u036f":
        return ""
    parts = unicodedata.normalize("NFKD", char)
    if len(parts) > 1 and "a" <= parts[0].casefold() <= "z":
        return "".join(part for part in parts if not unicodedata.combining(part))
    return char


_TABLE: dict[int, str] = _seed()
_TRANSLATE = _FoldTable(_TABLE)
_SAME_LENGTH: set[str] = set()


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text with the way back to the original.

    Attributes:
        text: the folded text; ZWNJ is kept as U+200C, everything else is canonical.
        length: length of the original, code points.
        breaks: folded positions where the distance to the original changes, ascending.
        origins: the original index of the folded character at each break.
    """

    text: str
    length: int
    breaks: tuple[int, ...] = ()
    origins: tuple[int, ...] = ()

    def origin(self, position: int) -> int:
        """Original index of the folded character at `position` (0..len(text))."""
        if not self.breaks:
            return position
        at = bisect_right(self.breaks, position) - 1
        if at < 0:
            return position
        return self.origins[at] + position - self.breaks[at]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original half-open span of folded `[start, end)`, with the marks that follow its last letter."""
        if not self.breaks or end <= start:
            return self.origin(start), self.origin(end)
        return self.origin(start), max(self.origin(end), self.origin(end - 1) + 1)

    @property
    def offsets(self) -> list[int]:
        """Original index of every folded character, then the original length; never decreasing."""
        return [self.origin(position) for position in range(len(self.text) + 1)]


def fold(text: str) -> Folded:
    """Fold `text` for matching: look-alike letters, digits, case, marks and presentation forms.

    Every character folds on its own, so folding is idempotent and offsets never decrease.
    Source of the letter classes: Unicode NFKC plus the Persian yeh, kaf, heh and alef families.
    """
    distinct = set(text)
    if distinct <= _SAME_LENGTH:
        return Folded(text.translate(_TRANSLATE), len(text))
    uneven = [char for char in distinct if len(_TRANSLATE[ord(char)]) != 1]
    _SAME_LENGTH.update(distinct.difference(uneven))
    if not uneven:
        return Folded(text.translate(_TRANSLATE), len(text))
    return _fold_uneven(text, "".join(sorted(uneven)))


def without_marks(text: str) -> str:
    """`text` in NFKC without harakat, tatweel and invisible controls; half-space look-alikes become ZWNJ."""
    spaced = "".join(ZWNJ if char in _HALF_SPACES else char for char in text)
    return _without_marks(unicodedata.normalize("NFKC", _without_marks(spaced)))


def _without_marks(text: str) -> str:
    return "".join(char for char in text if char == "ء" or _TRANSLATE[ord(char)])


def fold_text(text: str) -> str:
    """Fold `text` when nobody needs the way back."""
    return text.translate(_TRANSLATE)


@lru_cache(maxsize=1024)
def _runs_of(chars: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(chars)}]")


def _fold_uneven(text: str, uneven: str) -> Folded:
    """Fold text in which some characters vanish or grow, noting where the distance changes."""
    breaks: list[int] = []
    origins: list[int] = []
    drift = 0  # folded position minus original position, after the last uneven character
    for match in _runs_of(uneven).finditer(text):
        at = match.start()
        grown = len(_TRANSLATE[ord(match.group())])
        here = at + drift
        for extra in range(1, grown):  # all of a ligature's letters come from one character
            breaks.append(here + extra)
            origins.append(at)
        drift += grown - 1
        after = at + 1 + drift
        if breaks and breaks[-1] == after:
            origins[-1] = at + 1
        else:
            breaks.append(after)
            origins.append(at + 1)
    return Folded(text.translate(_TRANSLATE), len(text), tuple(breaks), tuple(origins))
