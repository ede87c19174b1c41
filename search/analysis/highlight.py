"""Find what to paint in an original text, and the piece of it to show."""

import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from search.analysis.fold import ZWNJ
from search.analysis.places import Place, places_of
from search.analysis.sentences import sentences
from search.analysis.terms import TermGroup

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A part of a text worth showing.

    Attributes:
        start, end: half-open span in the original text, code points.
        spans: what to paint, in offsets of the whole text, inside the snippet, ordered, apart.
    """

    start: int
    end: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    groups: frozenset[int]


def best_snippet(
    text: str,
    places: Sequence[Place],
    query: Sequence[TermGroup],
    *,
    max_chars: int = 200,
    spans: Sequence[Span] | None = None,
) -> Snippet:
    """The run of sentences, at most `max_chars` long, that matches most of the query; the first of equals.

    A longer sentence is cut at white space, or where a word is longer still, never inside a combining
    sequence or at a ZWNJ.

    Args:
        places: `places_of(Analyzer.analyze(text))`, which the caller may have kept; at least those that hold
            one of `terms_to_paint(query)`.
        spans: `sentences(text)`, if the caller has kept them.
    """
    matches = _matches(places, query)
    runs = _runs(text, sentences(text) if spans is None else spans, matches, max_chars) or [
        (0, min(len(text), max_chars))
    ]
    weights = [group.weight for group in query]

    def score(run: Span) -> tuple[float, int, int]:
        inside = [m for m in matches if run[0] <= m.start and m.end <= run[1]]
        found = {index for match in inside for index in match.groups}
        return sum(weights[index] for index in found), min(len(inside), 2 * len(weights)), -run[0]

    start, end = max(runs, key=score)
    inside = [(m.start, m.end) for m in matches if start <= m.start and m.end <= end]
    return Snippet(start, end, tuple(_merged(inside, text)))


@lru_cache(maxsize=64)
def terms_to_paint(query: tuple[TermGroup, ...]) -> NDArray[np.uint32]:
    """Hashed terms that a snippet for `query` looks at, ascending."""
    return np.array(sorted(_wanted(query)), np.uint32)


def _matches(places: Sequence[Place], query: Sequence[TermGroup]) -> list[_Match]:
    """Those of `places` with the query groups they answer."""
    wanted = _wanted(tuple(query))
    found: list[_Match] = []
    for place in places:
        if not wanted.keys().isdisjoint(place.terms):
            groups = frozenset(index for term in place.terms for index in wanted.get(term, ()))
            found.append(_Match(place.start, place.end, groups))
    return found


@lru_cache(maxsize=64)
def _wanted(query: tuple[TermGroup, ...]) -> Mapping[int, Set[int]]:
    """Hashed terms to the query groups they answer; light verbs only when there is nothing else.

    Kept for the other hits of the same query.
    """
    wanted: dict[int, set[int]] = {}
    substantial = any(group.weight == 1.0 for group in query)
    for index, group in enumerate(query):
        if substantial and group.weight < 1.0:
            continue
        for place in places_of([group]):
            for term in place.terms:
                wanted.setdefault(term, set()).add(index)
    return wanted


def _merged(spans: list[Span], text: str) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and not text[merged[-1][1] : start].strip(f" {ZWNJ}"):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _runs(text: str, spans: Sequence[Span], matches: list[_Match], max_chars: int) -> list[Span]:
    """Candidate snippets: consecutive sentences that fit, and windows into sentences that do not."""
    runs: list[Span] = []
    for index, (start, end) in enumerate(spans):
        if end - start > max_chars:
            runs += _windows(text, start, end, matches, max_chars)
            continue
        for _, later in spans[index + 1 :]:
            if later - start > max_chars:
                break
            end = later
        runs.append((start, end))
    return runs


def _windows(text: str, start: int, end: int, matches: list[_Match], max_chars: int) -> list[Span]:
    """Windows into one long sentence: its beginning, and one that opens a little before each match."""
    openings = [start] + [max(start, m.start - max_chars // 5) for m in matches if start <= m.start < end]
    windows: list[Span] = []
    for opening in dict.fromkeys(openings):
        left = opening if opening == start else _cut_after(text, opening, end)
        right = end if end - left <= max_chars else _cut_before(text, left, left + max_chars)
        windows.append((left, right))
    return windows


def _cut_after(text: str, at: int, end: int) -> int:
    """First start of a word at or after `at`."""
    for position in range(at, min(at + 40, end)):
        if text[position - 1].isspace() and not text[position].isspace():
            return position
    return _safe(text, at)


def _cut_before(text: str, start: int, at: int) -> int:
    """Last end of a word at or before `at`."""
    for position in range(at, max(at - 40, start), -1):
        if text[position].isspace() and not text[position - 1].isspace():
            return position
    return _safe(text, at)


def _safe(text: str, at: int) -> int:
    """The nearest earlier place that is not inside a combining sequence nor beside a ZWNJ."""
    while 0 < at < len(text) and (
        unicodedata.combining(text[at]) or ZWNJ in text[at - 1 : at + 1] or text[at] in "\u200d\u0640"
    ):
        at -= 1
    return at
