"""Suggestions while typing: titles and issue lines whose words begin with what was typed."""

from bisect import bisect_left
from collections.abc import Sequence

from search.analysis.fold import fold_text
from search.vocabulary import Line

#: words looked at; what is typed beyond is rarely a title
MAX_WORDS = 8
#: lines ranked; a single letter may match thousands
MAX_MATCHES = 2000


class Completions:
    """Titles and issue lines by the beginnings of their words; immutable once made."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._folded = [" ".join(_words(line.text)) for line in lines]
        entries = {(word, number) for number, folded in enumerate(self._folded) for word in folded.split()}
        self._entries = sorted(entries)

    def complete(self, text: str) -> list[Line]:
        """Lines that hold every typed word, the last one as a beginning; best first.

        A line that starts with what was typed comes first, then titles before issue lines, then the shorter.
        """
        words = _words(text)[:MAX_WORDS]
        if not words:
            return []
        matching: set[int] | None = None
        for word in words:
            numbers = self._beginning_with(word)
            matching = numbers if matching is None else matching & numbers
            if not matching:
                return []
        typed = " ".join(words)

        def order(number: int) -> tuple[bool, bool, int, int]:
            folded = self._folded[number]
            return (not folded.startswith(typed), self._lines[number].field != "title", len(folded), number)

        ranked = sorted(list(matching or ())[:MAX_MATCHES], key=order)
        return [self._lines[number] for number in ranked]

    def _beginning_with(self, word: str) -> set[int]:
        start = bisect_left(self._entries, (word, -1))
        end = bisect_left(self._entries, (word + "\U0010ffff", -1))
        return {number for _, number in self._entries[start:end]}


def _words(text: str) -> list[str]:
    """Folded words: spelling variants begin alike, a ZWNJ joins."""
    cleaned = "".join(c if c.isalnum() else ("" if c == "\u200c" else " ") for c in fold_text(text))
    return cleaned.split()
