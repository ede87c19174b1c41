"""All facts of a sentence but yes and no, which need its words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from codify.concepts import Concepts, load_concepts
from codify.facts.calendar import find_days
from codify.facts.clock import find_times
from codify.facts.names import find_names
from codify.facts.quantities import Bare, find_quantities
from codify.facts.value import Bound, FactKind, Found, Quantity, Value
from codify.facts.weekdays import find_weekdays, single_weekdays
from search.analysis.analyzer import Analyzer
from search.analysis.fold import Folded, fold
from search.analysis.tokens import MONTHS


@dataclass(frozen=True, slots=True)
class Spotted:
    """A fact at its place in the sentence as it was given, code points, half-open."""

    kind: FactKind
    start: int
    end: int
    value: Value


def spot_facts(sentence: str, analyzer: Analyzer) -> tuple[list[Spotted], list[Bare]]:
    """Facts in reading order, disjoint, and numbers that have no unit (positions of the folded text)."""
    if not any(char.isdigit() for char in sentence) and not _may_hold(sentence):
        return [], []
    folded = fold(sentence)
    flat = folded.text.replace("\u200c", " ").replace("\t", " ").replace("\u00a0", " ")
    cased = "".join(sentence[min(folded.origin(at), len(sentence) - 1)] for at in range(len(flat)))
    days = find_days(flat)
    taken = _spans(days)
    names = find_names(flat, cased, taken)
    taken += _spans(names)
    times = find_times(flat, taken)
    taken += _spans(times)
    weekdays = [found for found in find_weekdays(flat) if not _hit(taken, found)]
    taken += _spans(weekdays)
    quantities, bare = find_quantities(flat, taken)
    quantities = [found for found in quantities if not _hit(taken, found)]
    every_day = [(start, end) for start, end, _ in single_weekdays(flat)]
    bare = [number for number in bare if not any(a < number.end and number.start < b for a, b in every_day)]
    counts = _counts(flat, bare, analyzer)
    every = sorted((*days, *names, *times, *weekdays, *quantities, *counts), key=lambda f: (f.start, -f.end))
    counted = {(found.start, found.end) for found in counts}
    left = [number for number in bare if (number.start, number.end) not in counted]
    return _spotted(every, folded), left


def _may_hold(sentence: str) -> bool:
    """Whether a sentence without digits may hold a fact: number words, weekdays, free, an address."""
    return len(sentence) > 3


def _spans(found: Sequence[Found]) -> list[tuple[int, int]]:
    return [(fact.start, fact.end) for fact in found]


def _hit(taken: Sequence[tuple[int, int]], found: Found) -> bool:
    return any(start < found.end and found.start < end for start, end in taken)


def _spotted(found: Sequence[Found], folded: Folded) -> list[Spotted]:
    kept: list[Spotted] = []
    for fact in found:
        start, end = folded.span(fact.start, fact.end)
        if end > start and (not kept or kept[-1].end <= start):
            kept.append(Spotted(fact.kind, start, end, fact.value))
    return kept


#: nouns after a number that count nothing which could be compared
_NO_UNIT = frozenset("و یا تا از به در را که با برای است and or to of in the at is are on by".split())  # noqa: SIM905


#: a number is the predicate itself before one of these: نمرهٔ قبولی ۱۲ است
_PREDICATE = re.compile(r"[ \t]*(?:(?:است|هست|باشد|نیست|می ?باشد)(?![\u0621-\u06cc])|[.!؛;]?[ \t]*$)")
#: longer ones are numbers of something: an order, a case
_LONGEST_BARE = 9_999


def _unit(flat: str, number: Bare, concepts: Concepts, analyzer: Analyzer) -> str | None:
    """What a number counts: the noun after it, nothing where it is said of something by itself, else None."""
    if number.is_weak and not number.has_digits:
        return None
    is_year = number.low == number.high and 1300 <= number.low < 2100
    bare = number.has_digits and number.high <= _LONGEST_BARE and number.start > 0 and not is_year
    if _PREDICATE.match(flat, number.end):
        return "" if bare else None
    if number.noun_at is None:
        return None
    word = flat[slice(*number.noun_at)]
    groups = analyzer.analyze(word)
    if (
        word in _NO_UNIT
        or word in MONTHS
        or not groups
        or groups[0].is_stop
        or groups[0].term in concepts.modal
    ):
        return None
    if groups[0].term.startswith("@"):
        return "" if bare else None
    return concepts.concept((groups[0].term,)).removeprefix("=")


def _counts(flat: str, bare: Sequence[Bare], analyzer: Analyzer) -> list[Found]:
    """Numbers before a noun: ۳ بار, 5 attempts; the noun's concept is the unit."""
    concepts = load_concepts(analyzer)
    found = []
    for number in bare:
        unit = _unit(flat, number, concepts, analyzer)
        if unit is None:
            continue
        value = Quantity(unit, number.low, number.high, number.bound)
        found.append(Found(FactKind.COUNT, number.start, number.end, value))
    return found


def bare_quantity(number: Bare) -> Quantity:
    """A number of nothing that was named."""
    return Quantity("", number.low, number.high, number.bound)


__all__ = ["Bound", "Spotted", "bare_quantity", "spot_facts"]
