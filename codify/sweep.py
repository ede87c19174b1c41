"""Comparing everything that is served: which origins say the same, and which contradict one another.

Passages that share much are compared, not origins as wholes: a contradiction stands in one sentence of each.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codify.candidates import candidates
from codify.contradictions import Contradiction, contradictions
from codify.duplicates import Verdict, compare
from codify.profile import Profile, read_profile
from kb.finding import FindingDraft
from kb.vocabulary import FindingKind, Language, OriginKind
from search.analysis.analyzer import Analyzer

#: passages whose sets of terms and 3-grams are less alike are not compared
LEAST_LIKENESS = 0.35
#: contradictions of one pair of origins that are kept
MOST_OF_A_PAIR = 5
#: longer origins are compared passage by passage alone: as wholes they are books
LONGEST_WHOLE = 20_000

Origin = tuple[OriginKind, str]


@dataclass(frozen=True, slots=True)
class Served:
    """An origin as searchers see it.

    Args:
        text: issue lines and body.
        passages: of the body, in reading order.
        signatures: of the passages (`codify.candidates.signature`).
    """

    origin: Origin
    language: Language
    title: str
    text: str
    passages: tuple[str, ...]
    signatures: tuple[NDArray[np.uint32], ...]


def sweep(
    served: Sequence[Served],
    *,
    analyzer: Analyzer,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[FindingDraft]:
    """Near-duplicates and contradictions among `served`.

    Args:
        progress: called with pairs done and pairs in all; may raise to stop.
    """
    readings = _Readings(served, analyzer)
    pairs = _pairs(served)
    found: list[FindingDraft] = []
    for number, (left, right, passages) in enumerate(pairs):
        progress(number, len(pairs))
        found += _contradictions(readings, served[left], served[right], left, right, passages)
        found += _duplicates(readings, served[left], served[right], left, right)
    return found


def _pairs(served: Sequence[Served]) -> list[tuple[int, int, list[tuple[int, int]]]]:
    """Origins with alike passages, and which: places in `served`, then places of passages in each."""
    places = [(origin, at) for origin, one in enumerate(served) for at in range(len(one.signatures))]
    proposed = candidates(
        [served[origin].signatures[at] for origin, at in places],
        at_least=LEAST_LIKENESS,
        groups=[origin for origin, _ in places],
    )
    of_pair: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for one in proposed:
        (left, left_at), (right, right_at) = sorted((places[one.first], places[one.second]))
        of_pair.setdefault((left, right), []).append((left_at, right_at))
    return [(left, right, found) for (left, right), found in sorted(of_pair.items())]


class _Readings:
    """Profiles of passages and of whole origins, each read once."""

    def __init__(self, served: Sequence[Served], analyzer: Analyzer) -> None:
        self._served = served
        self._analyzer = analyzer
        self._known: dict[tuple[int, int | None], Profile] = {}

    def of(self, origin: int, passage: int | None = None) -> Profile:
        """Of one passage, or of the whole origin."""
        known = self._known.get((origin, passage))
        if known is None:
            one = self._served[origin]
            text = one.text if passage is None else one.passages[passage]
            known = read_profile(text, title=one.title, analyzer=self._analyzer)
            self._known[origin, passage] = known
        return known


def _contradictions(
    readings: _Readings,
    left: Served,
    right: Served,
    left_place: int,
    right_place: int,
    passages: Iterable[tuple[int, int]],
) -> Iterator[FindingDraft]:
    found: list[Contradiction] = []
    for left_at, right_at in passages:
        one, two = readings.of(left_place, left_at), readings.of(right_place, right_at)
        found += contradictions(one.reading, two.reading)
    found.sort(key=lambda one: -one.likeness)
    distinct = list({(one.left.sentence, one.right.sentence): one for one in reversed(found)}.values())[::-1]
    if not distinct:
        return
    distinct = distinct[:MOST_OF_A_PAIR]
    yield FindingDraft(
        FindingKind.CONTRADICTION,
        left.origin,
        right.origin,
        round(distinct[0].likeness, 4),
        {
            "left": [{"sentence": one.left.sentence, "fact": one.left.fact} for one in distinct],
            "right": [{"sentence": one.right.sentence, "fact": one.right.fact} for one in distinct],
            "reasons": [
                {"kind": one.kind.value, "fa": one.reason_fa, "en": one.reason_en} for one in distinct
            ],
        },
    )


def _duplicates(
    readings: _Readings, left: Served, right: Served, left_place: int, right_place: int
) -> Iterator[FindingDraft]:
    if left.language is not right.language or max(len(left.text), len(right.text)) > LONGEST_WHOLE:
        return
    comparison = compare(readings.of(left_place), readings.of(right_place))
    if comparison.verdict is not Verdict.DUPLICATE:
        return
    data: dict[str, Any] = {
        "left": {"only": list(comparison.only_left)},
        "right": {"only": list(comparison.only_right)},
        "shared": list(comparison.shared),
    }
    yield FindingDraft(FindingKind.DUPLICATE, left.origin, right.origin, round(comparison.score, 4), data)
