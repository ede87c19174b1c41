"""From the order glyphs stand on a line, left to right, back to the order they are read and stored in.

The reverse of the reordering of Unicode Standard Annex 9 for one level of embedding, as far as it can be
undone: right-to-left letters are read from the right, Latin words and numbers inside them from the left.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

ZWNJ = "\u200c"
_PAIRS = {
    "(": ")",
    ")": "(",
    "[": "]",
    "]": "[",
    "{": "}",
    "}": "{",
    "«": "»",
    "»": "«",
    "<": ">",
    ">": "<",
    "‹": "›",
    "›": "‹",
}
_OPENING = frozenset("([{«‹")
_QUOTES = frozenset("\"'“”‘’")
# Separators inside a number and signs beside it (ES, CS, ET of the annex).
_INSIDE_NUMBER = frozenset("./,:٫٬-−–+")
_AFTER_NUMBER = frozenset("%٪°‰$€£")
_BEFORE_NUMBER = frozenset("$€£#")


class Glyph(NamedTuple):
    """The text of one glyph, in logical order, and whether the next letter joins on (None: unknown)."""

    text: str
    joins: bool | None = None


def is_rtl(text: str) -> bool:
    """Whether `text` holds a right-to-left letter (not a digit)."""
    return any(unicodedata.bidirectional(ch) in ("R", "AL") for ch in text)


def rtl_share(text: str) -> float | None:
    """Right-to-left letters among all letters, 0 to 1; None without letters."""
    rtl = ltr = 0
    for ch in text:
        direction = unicodedata.bidirectional(ch)
        rtl += direction in ("R", "AL")
        ltr += direction == "L"
    return rtl / (rtl + ltr) if rtl + ltr else None


def logical(line: Sequence[Glyph], *, rtl: bool, mirror: bool = True) -> str:
    """Put the glyphs of a line, given from left to right, into reading order.

    Args:
        line: spaces are glyphs of their own.
        rtl: the paragraph's direction.
        mirror: brackets among right-to-left text are given as they look, not as they are stored.
    """
    kinds = [_kind(glyph.text) for glyph in line]
    parts: list[str] = []
    if not rtl:
        for start, end in _rtl_islands(kinds):
            island = line[start:end]
            parts.append(logical(island, rtl=True, mirror=mirror) if kinds[start] == "R" else _plain(island))
        return "".join(parts)
    position = len(line)
    pending: list[Glyph] = []
    islands = _ltr_islands(line, kinds)
    while position > 0:
        if islands and islands[-1][1] == position:
            start, _ = islands.pop()
            parts.append(_joined(pending, mirror=mirror))
            pending = []
            parts.append(_plain(line[start:position]))
            position = start
        else:
            position -= 1
            pending.append(line[position])
    parts.append(_joined(pending, mirror=mirror))
    return "".join(parts)


_RTL_LETTER = "\u0620-\u064a\u066e-\u06d3"
_LTR_LETTER = "A-Za-z0-9\u06f0-\u06f9\u0660-\u0669"
# Set tight on the page, apart in writing: a Persian letter against a Latin one, a digit or a bracket, what
# follows a comma, and a colon between the scripts.
_SEAM = re.compile(
    rf"(?<=[{_RTL_LETTER}])(?=[{_LTR_LETTER}(\[{{«])|(?<=[{_LTR_LETTER})\]}}»])(?=[{_RTL_LETTER}])"
    rf"|(?<=[،؛])(?=[{_RTL_LETTER}{_LTR_LETTER}])|(?<=[{_RTL_LETTER}]:)(?=[A-Za-z])"
)
_LOOSE_BRACKET = re.compile(r"(?<=[(\[{«]) (?=\S)|(?<=\S) (?=[)\]}»])")


def spaced(text: str) -> str:
    """Spaces as they are written: where scripts meet and after commas, none inside brackets."""
    return _LOOSE_BRACKET.sub("", _SEAM.sub(" ", text))


def bracket_score(text: str) -> int:
    """How many brackets close what is open, minus those that do not; tells mirrored from stored brackets."""
    score = 0
    stack: list[str] = []
    for ch in text:
        if ch in _OPENING:
            stack.append(_PAIRS[ch])
        elif ch in _PAIRS and ch not in "<>":
            if stack and stack[-1] == ch:
                stack.pop()
                score += 1
            else:
                score -= 1
    return score


def _kind(text: str) -> str:
    """R, L, N (digit), S (space) or O (other) by the first telling character."""
    for ch in text:
        direction = unicodedata.bidirectional(ch)
        if direction in ("R", "AL"):
            return "R"
        if direction == "L":
            return "L"
        if direction in ("EN", "AN"):
            return "N"
    return "S" if text.isspace() else "O"


def _rtl_islands(kinds: list[str]) -> list[tuple[int, int]]:
    """Tile a left-to-right line into runs; those that start with R are right-to-left, with inner neutrals."""
    runs: list[tuple[int, int]] = []
    position = 0
    while position < len(kinds):
        end = position + 1
        if kinds[position] == "R":
            for index in range(position + 1, len(kinds)):
                if kinds[index] == "L":
                    break
                if kinds[index] == "R":
                    end = index + 1
        else:
            while end < len(kinds) and kinds[end] != "R":
                end += 1
        runs.append((position, end))
        position = end
    return runs


def _ltr_islands(line: Sequence[Glyph], kinds: list[str]) -> list[tuple[int, int]]:
    """Runs of a right-to-left line that are read from the left: Latin and what is between, and numbers."""
    islands: list[tuple[int, int]] = []
    position = 0
    while position < len(kinds):
        if kinds[position] not in "LN":
            position += 1
            continue
        end, latin = position + 1, kinds[position] == "L"
        for index in range(position + 1, len(kinds)):
            if kinds[index] == "R":
                break
            if kinds[index] in "LN":
                gap = line[end:index]
                if not (latin or kinds[index] == "L" or _inside_number(gap)):
                    break
                end, latin = index + 1, latin or kinds[index] == "L"
        start, end = _widened(line, kinds, position, end, latin=latin)
        islands.append((max(start, islands[-1][1] if islands else 0), end))
        position = end
    return islands


def _inside_number(gap: Sequence[Glyph]) -> bool:
    return not gap or (len(gap) == 1 and gap[0].text in _INSIDE_NUMBER)


def _widened(
    line: Sequence[Glyph], kinds: list[str], start: int, end: int, *, latin: bool
) -> tuple[int, int]:
    """Take in the signs beside a number, the bracket that closes one opened inside, and signs like `++`."""
    # A percent sign on the left comes after its number all the same: Word draws ۹۷٪ both ways.
    if end < len(line) and line[end].text in _AFTER_NUMBER and kinds[end - 1] == "N":
        end += 1
    if start > 0 and line[start - 1].text in _BEFORE_NUMBER and kinds[start] == "N":
        start -= 1
    unclosed = [_PAIRS[glyph.text] for glyph in line[start:end] if glyph.text in _OPENING]
    for glyph in line[start:end]:
        if glyph.text in unclosed:
            unclosed.remove(glyph.text)
    while unclosed and end < len(line) and line[end].text == unclosed[-1]:
        unclosed.pop()
        end += 1
    if latin:
        after = end
        while after < len(line) and kinds[after] == "O" and line[after].text not in _PAIRS.keys() | _QUOTES:
            after += 1
        if after == len(line) or kinds[after] == "S":
            end = after
    return start, end


def _plain(glyphs: Sequence[Glyph]) -> str:
    return "".join(glyph.text for glyph in glyphs)


def _joined(glyphs: Sequence[Glyph], *, mirror: bool) -> str:
    """Right-to-left glyphs in reading order; a letter that could join on but does not is followed by ZWNJ."""
    parts: list[str] = []
    for index, glyph in enumerate(glyphs):
        text = glyph.text
        if mirror and text in _PAIRS:
            text = _PAIRS[text]
        parts.append(text)
        follows = glyphs[index + 1].text if index + 1 < len(glyphs) else ""
        if glyph.joins is False and _joins_forward(text) and is_rtl(follows[:1]):
            parts.append(ZWNJ)
    return "".join(parts)


# Letters that never join to the next one; after them nothing can be told from the shape.
_RIGHT_JOINING = frozenset("اآأإٱدذرزژڈڑوؤۆۇةىءۀە")


def _joins_forward(text: str) -> bool:
    letters = [ch for ch in text if unicodedata.category(ch) == "Lo"]
    return bool(letters) and letters[-1] not in _RIGHT_JOINING
