"""Lines by the beginnings of their words, for suggestions: pure, immutable, quick to grow."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.vocabulary import PassageField
from search.analysis.fold import fold_text
from search.readers import GROUPS, group_bits
from search.vocabulary import Line

MAX_WORDS = 8
#: kept of each place where a word of a line begins; longer typing is compared with the whole line
START_CHARS = 24
#: lines ordered exactly; of more the best are chosen first
MAX_RANKED = 200

_LAST = "\U0010ffff"
_WORD = re.compile(r"[^\W_]+")
_NO_MATCH = 255
#: an order key: place, then links, then field, then length
_PLACE, _LINK, _FIELD = 10**12, 10**6, 10**5
_MOST_LINKS, _MOST_CHARS = 10**5, 10**4


@dataclass(frozen=True, slots=True)
class _Run:
    """Places where words begin, sorted by the folded line from there on, without gaps."""

    starts: list[str]
    #: of the text
    numbers: NDArray[np.uint32]
    #: whether the line itself begins there
    is_first: NDArray[np.bool_]

    @classmethod
    def of(cls, entries: Iterable[tuple[str, int, bool]]) -> "_Run":
        ordered = sorted(entries)
        return cls(
            [start for start, _, _ in ordered],
            np.fromiter((number for _, number, _ in ordered), np.uint32, len(ordered)),
            np.fromiter((first for _, _, first in ordered), np.bool_, len(ordered)),
        )

    def merged(self, other: "_Run") -> "_Run":
        return _Run.of([*self.entries(), *other.entries()])

    def entries(self) -> Iterable[tuple[str, int, bool]]:
        return zip(self.starts, self.numbers.tolist(), self.is_first.tolist(), strict=True)

    def within(self, typed: str) -> slice:
        """Where the entries are that begin with `typed`."""
        return slice(bisect_left(self.starts, typed), bisect_left(self.starts, typed + _LAST))


class Completions:
    """Finds lines whose words begin as what was typed.

    Gaps do not count: a line is found whether its words are written joined, apart or with a ZWNJ.

    Args:
        previous: of an earlier look at the corpus; only texts it does not know are folded and sorted.
    """

    def __init__(self, lines: Sequence[Line], previous: "Completions | None" = None) -> None:
        if previous is not None and len(previous._joined) > 2 * len(lines) + 1000:
            previous = None  # mostly of lines that are gone
        self._all_lines = lines
        self._numbers: dict[str, int] = dict(previous._numbers) if previous else {}
        self._joined: list[str] = list(previous._joined) if previous else []
        self._runs: list[_Run] = list(previous._runs) if previous else []
        self._learn({line.text for line in lines} - self._numbers.keys())
        numbers = self._numbers
        of_text = np.fromiter((numbers[line.text] for line in lines), np.int64, len(lines))
        #: the lines in the order of their texts' numbers
        self._lines = np.argsort(of_text, kind="stable")
        self._of_text = of_text[self._lines]
        given = [lines[at] for at in self._lines]
        self._seen_by = np.fromiter((group_bits([line.group]) for line in given), np.uint8, len(given))
        self._order = np.fromiter((self._order_of(line) for line in given), np.int64, len(given))

    def complete(
        self,
        text: str,
        *,
        groups: Collection[str] = GROUPS,
        stem: Callable[[str], str] = lambda word: word,
    ) -> list[Line]:
        """Lines of `groups` of readers that go on as `text`, best first, one for each origin.

        First the lines that begin with it, then those that hold it in one piece, then those that hold each
        word's beginning in any order, then those that hold the stems of the words before the last; only where
        there are none those that hold the stems of all. Among equals come those whose origins people said
        answered them, titles, and the shorter.
        """
        words = _words(text)
        if not words or not self._joined:
            return []
        places = np.full(len(self._joined), _NO_MATCH, np.uint8)
        if len(words) > 1:
            places[self._holding([*map(stem, words[:-1]), words[-1]])] = 3
            places[self._holding(words)] = 2
        self._place_phrase(places, "".join(words))
        if not (places != _NO_MATCH).any():
            places[self._holding([*map(stem, words)])] = 4
        return self._best(places, groups)

    def _best(self, places: NDArray[np.uint8], groups: Collection[str]) -> list[Line]:
        wanted = group_bits(groups)
        place = places[self._of_text]
        found = np.flatnonzero((place != _NO_MATCH) & (self._seen_by & wanted != 0))
        order = self._order[found] + place[found].astype(np.int64) * _PLACE
        if len(found) > MAX_RANKED:
            chosen = np.argpartition(order, MAX_RANKED)[:MAX_RANKED]
            found, order = found[chosen], order[chosen]
        ranked = self._lines[found[np.argsort(order, kind="stable")]]
        origins: dict[tuple[str, str], Line] = {}
        for at in ranked.tolist():
            line = self._all_lines[at]
            origins.setdefault((line.origin_kind, line.origin_id), line)
        return list(origins.values())

    def _place_phrase(self, places: NDArray[np.uint8], typed: str) -> None:
        """1 for the texts in which a word begins as `typed`, 0 for those that begin so themselves."""
        for run in self._runs:
            here = run.within(typed[:START_CHARS])
            numbers, is_first = run.numbers[here], run.is_first[here]
            if len(typed) > START_CHARS:
                whole = np.array([typed in self._joined[number] for number in numbers], dtype=bool)
                numbers, is_first = numbers[whole], is_first[whole]
            places[numbers] = np.minimum(places[numbers], 1)
            places[numbers[is_first]] = 0

    def _holding(self, words: Sequence[str]) -> NDArray[np.bool_]:
        """Which texts hold a beginning for each of `words`."""
        holding = np.ones(len(self._joined), dtype=bool)
        for word in set(words):
            begun = np.zeros(len(self._joined), dtype=bool)
            for run in self._runs:
                begun[run.numbers[run.within(word[:START_CHARS])]] = True
            holding &= begun
        return holding

    def _learn(self, texts: Iterable[str]) -> None:
        entries: list[tuple[str, int, bool]] = []
        for text in sorted(texts):
            number = self._numbers[text] = len(self._joined)
            words = _WORD.findall(fold_text(text))
            joined = "".join(words)
            self._joined.append(joined)
            at = 0
            for word in words:
                entries.append((joined[at : at + START_CHARS], number, at == 0))
                at += len(word)
        if not entries:
            return
        # Few runs, each much longer than the next: adding costs little, and so does looking.
        self._runs.append(_Run.of(entries))
        while len(self._runs) > 1 and len(self._runs[-2].starts) < 4 * len(self._runs[-1].starts):
            last = self._runs.pop()
            self._runs[-1] = self._runs[-1].merged(last)

    def _order_of(self, line: Line) -> int:
        unlinked = _MOST_LINKS - min(line.links, _MOST_LINKS)
        length = min(len(self._joined[self._numbers[line.text]]), _MOST_CHARS)
        return unlinked * _LINK + (line.field != PassageField.TITLE) * _FIELD + length


def _words(text: str) -> list[str]:
    """Folded words as typed: a ZWNJ joins."""
    return _WORD.findall(fold_text(text.replace("\u200c", "")))[:MAX_WORDS]
