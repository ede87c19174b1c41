"""Where Persian and English sentences end, and where a text may be cut at all."""

import re
import unicodedata

from search.analysis.fold import fold_text
from search.analysis.wordlists import ABBREVIATIONS

ZWNJ = "\u200c"
_END = re.compile(r"(?:[.!?؟؛…۔]+[)\]}»\"'”’]*(?=\s|\Z)|\n)\s*")
_LAST_WORD = re.compile(r"[^\s(«\"'“\[]+\Z")
_WORD_END = re.compile(r"\s+")


def sentence_ends(text: str) -> list[int]:
    """Offsets after each sentence and its following white space, ascending; the last is `len(text)`.

    Line ends count as sentence ends. Points inside numbers (2.1), after initials, list numbers and common
    abbreviations do not.
    """
    ends = []
    for found in _END.finditer(text):
        if (
            found.group().startswith(".")
            and not found.group().startswith("..")
            and _is_abbreviation(text, found.start())
        ):
            continue
        ends.append(found.end())
    if not ends or ends[-1] != len(text):
        ends.append(len(text))
    return ends


def word_ends(text: str) -> list[int]:
    """Offsets after each word and its following white space, ascending; the last is `len(text)`."""
    ends = [found.end() for found in _WORD_END.finditer(text) if found.end() < len(text)]
    return [*ends, len(text)]


def safe_cut(text: str, position: int) -> int:
    """The last offset at or before `position` that parts no combining sequence, ZWNJ pair or joined emoji.

    Where there is none (a text of combining marks alone), `position` itself.
    """
    cut = position
    while 0 < cut < len(text) and _holds_together(text[cut - 1], text[cut]):
        cut -= 1
    return cut or position


def _holds_together(before: str, after: str) -> bool:
    joiners = (ZWNJ, "\u200d")
    return (
        before in joiners
        or after in joiners
        or bool(unicodedata.combining(after))
        or "\ufe00" <= after <= "\ufe0f"
    )


def _is_abbreviation(text: str, point: int) -> bool:
    before = text[max(0, point - 20) : point]
    found = _LAST_WORD.search(before)
    if found is None:
        return False
    word = found.group()
    if word.isdecimal():
        # "3. item" starts a line, "in 1403." ends a sentence.
        line_start = text.rfind("\n", 0, point) + 1
        return text[line_start:point].strip() == word
    parts = word.split(".")
    return fold_text(word) in ABBREVIATIONS or all(len(part) == 1 and part.isalpha() for part in parts)
