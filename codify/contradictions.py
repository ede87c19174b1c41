"""Facts of two near-duplicate texts that cannot both be true, for a person to decide; no language model.

Two facts contradict each other where they are of one kind, about the same thing under the same conditions,
and their values cannot both hold. Every such pair comes with its sentences, places and a reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from codify.alignment import Alignment, align, may_align
from codify.clauses import Clause, Stated
from codify.facts.value import Bound, Clock, Day, FactKind, Name, Quantity, Value, conflict
from codify.reading import Held, Reading, read
from codify.reasons import reasons
from codify.words import Role
from search.analysis.analyzer import Analyzer

#: subjects less alike than this are not the same thing; chosen on the development half of
#: `kb bench contradictions`
SAME_SUBJECT = 0.45
#: yes and no carry no number that would show what is meant: their subjects must be nearly equal
SAME_STATEMENT = 0.6
#: least weight of what both are about
LEAST_SHARED = 0.7
LEAST_SHARED_STATEMENT = 1.1
#: more of both where the titles and headings have nothing in common
ELSEWHERE_LIKENESS, ELSEWHERE_SHARED = 0.2, 1.5


@dataclass(frozen=True, slots=True)
class Side:
    """One text's part in a contradiction; offsets are code points of that text.

    Args:
        fact: as it is written; `normal` its normal form.
    """

    start: int
    end: int
    fact: str
    normal: str
    sentence: str
    sentence_start: int
    sentence_end: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two facts that cannot both be true.

    Args:
        about: the words that both sentences have in common.
        likeness: of what the facts are about, 0 to 1.
        reason_fa, reason_en: one sentence for a person.
    """

    kind: FactKind
    left: Side
    right: Side
    about: tuple[str, ...]
    likeness: float
    reason_fa: str
    reason_en: str


def contradictions(one: Reading, two: Reading) -> list[Contradiction]:
    """The facts of two readings that cannot both be true, most alike subjects first; each fact once."""
    found = [*_facts(one, two), *_claims(one, two)]
    found.sort(key=lambda pair: (-pair[2].likeness, pair[0].fact.start, pair[1].fact.start))
    used_left: set[tuple[int, int]] = set()
    used_right: set[tuple[int, int]] = set()
    kept = []
    for left, right, alignment in found:
        here, there = (left.fact.start, left.fact.end), (right.fact.start, right.fact.end)
        if here in used_left or there in used_right:
            continue
        used_left.add(here)
        used_right.add(there)
        kept.append(_shown(one, two, left, right, alignment))
    return kept


def find_contradictions(
    one: str, two: str, *, one_title: str = "", two_title: str = "", analyzer: Analyzer
) -> list[Contradiction]:
    """`contradictions` of two Markdown texts that were not read yet."""
    return contradictions(
        read(one, title=one_title, analyzer=analyzer), read(two, title=two_title, analyzer=analyzer)
    )


_Pair = tuple[Held, Held, Alignment]


def _facts(one: Reading, two: Reading) -> list[_Pair]:
    compared = [
        (a, b, align(a.subject, b.subject, a.fact.kind))
        for a in one.facts
        for b in two.facts
        if a.fact.kind is b.fact.kind and may_align(a.subject, b.subject)
    ]
    met_left, met_right = _agreed(compared)
    return [
        (a, b, alignment)
        for a, b, alignment in compared
        if conflict(a.fact.value, b.fact.value)
        and not alignment.obstacle
        and _is_same(alignment, SAME_SUBJECT, LEAST_SHARED)
        and alignment.likeness > max(met_left.get(id(a), 0.0), met_right.get(id(b), 0.0))
        and not _narrowed(a.fact, b.fact)
    ]


def _agreed(compared: Sequence[_Pair]) -> tuple[dict[int, float], dict[int, float]]:
    """For each fact of either side, the likeness of its best counterpart that agrees with it."""
    left: dict[int, float] = {}
    right: dict[int, float] = {}
    for a, b, alignment in compared:
        if not conflict(a.fact.value, b.fact.value) and _is_comparable(a.fact.value, b.fact.value):
            left[id(a)] = max(left.get(id(a), 0.0), alignment.likeness)
            right[id(b)] = max(right.get(id(b), 0.0), alignment.likeness)
    return left, right


def _is_comparable(one: Value, two: Value) -> bool:
    if isinstance(one, Quantity) and isinstance(two, Quantity):
        return one.is_comparable(two)
    if isinstance(one, Name) and isinstance(two, Name):
        return one.is_comparable(two)
    if isinstance(one, Clock) and isinstance(two, Clock):
        return one.is_comparable(two)
    return isinstance(one, Day) and isinstance(two, Day) and one.is_comparable(two)


#: facts of these kinds beside another one say when or for whom it holds
_NARROWING = frozenset((FactKind.DATE, FactKind.WEEKDAYS, FactKind.VERSION))


def _narrowed(one: Stated, two: Stated) -> bool:
    """Whether what stands beside the facts makes them facts of different times, tiers or days."""
    if one.in_condition != two.in_condition:
        return True
    mine, theirs = _beside(one), _beside(two)
    for kind in mine.keys() | theirs.keys():
        if kind is one.kind and not one.in_condition:
            continue
        if kind in _NARROWING:
            if _differ(mine.get(kind, ()), theirs.get(kind, ())):
                return True
        elif one.in_condition and _differ(mine.get(kind, ()), theirs.get(kind, ())):
            return True
    tiers = _tiers(one), _tiers(two)
    return not one.in_condition and _differ(*tiers)


def _beside(fact: Stated) -> dict[FactKind, tuple[Value, ...]]:
    found: dict[FactKind, tuple[Value, ...]] = {}
    for kind, value, _ in fact.beside:
        found[kind] = (*found.get(kind, ()), value)
    return found


def _tiers(fact: Stated) -> tuple[Value, ...]:
    return tuple(value for _, value, is_tier in fact.beside if is_tier)


def _differ(one: Sequence[Value], two: Sequence[Value]) -> bool:
    """Whether one side has a value that the other has no equal of; overlapping weekdays are the same days."""
    if bool(one) != bool(two):
        return True
    return any(all(_apart(a, b) for b in two) for a in one) or any(
        all(_apart(a, b) for a in one) for b in two
    )


def _apart(one: Value, two: Value) -> bool:
    if isinstance(one, Name) and isinstance(two, Name) and " " in one.text + two.text:
        return not set(one.text.split()) & set(two.text.split())
    if {_bound(one), _bound(two)} == {Bound.AT_LEAST, Bound.AT_MOST}:
        return True
    return conflict(one, two) or type(one) is not type(two)


def _claims(one: Reading, two: Reading) -> list[_Pair]:
    compared = [
        (a, b, align(a.subject, b.subject, FactKind.POLARITY))
        for a in one.claims
        for b in two.claims
        if not a.subject.told.keys().isdisjoint(b.subject.told)
    ]
    met: dict[int, float] = {}
    for a, b, alignment in compared:
        if a.fact.value == b.fact.value:
            for claim in (a, b):
                met[id(claim)] = max(met.get(id(claim), 0.0), alignment.likeness)
    return [
        (a, b, alignment)
        for a, b, alignment in compared
        if a.fact.value != b.fact.value
        and not alignment.obstacle
        and _is_same(alignment, SAME_STATEMENT, LEAST_SHARED_STATEMENT)
        and not (alignment.left and alignment.right)
        and alignment.likeness > max(met.get(id(a), 0.0), met.get(id(b), 0.0))
        and _same_amounts(a.clause, b.clause)
        and not _other_verbs(a, b)
    ]


def _is_same(alignment: Alignment, likeness: float, shared: float) -> bool:
    """Whether the subjects are one; what stands under other titles must be the more alike."""
    apart = 1.0 - alignment.context
    return alignment.likeness >= likeness + ELSEWHERE_LIKENESS * apart and (
        alignment.shared >= shared + ELSEWHERE_SHARED * apart
    )


def _other_verbs(one: Held, two: Held) -> bool:
    """Whether both clauses have verbs that say something, and none in common."""
    mine, theirs = _verbs(one), _verbs(two)
    return bool(mine and theirs) and not mine & theirs


def _verbs(held: Held) -> set[str]:
    return {
        word.term
        for word in held.subject.local
        if word.role is Role.PREDICATE or (word.role is Role.VERB and word.term[0] == "@")
    }


def _same_amounts(one: Clause, two: Clause) -> bool:
    """Whether the clauses hold the same facts: up to 5 is allowed, more than 5 is not."""
    if len(one.facts) != len(two.facts):
        return False
    return all(
        a.kind is b.kind and not conflict(a.value, b.value) and _bound(a.value) is _bound(b.value)
        for a, b in zip(one.facts, two.facts, strict=True)
    )


def _bound(value: Value) -> Bound:
    return getattr(value, "bound", Bound.EXACT)


def _shown(one: Reading, two: Reading, left: Held, right: Held, alignment: Alignment) -> Contradiction:
    about = _about(left, right)
    mine, theirs = _side(one, left), _side(two, right)
    persian, english = reasons(
        left.fact.kind, mine.fact, theirs.fact, about, left.fact.value, right.fact.value
    )
    return Contradiction(left.fact.kind, mine, theirs, about, round(alignment.likeness, 4), persian, english)


def _side(reading: Reading, held: Held) -> Side:
    fact, statement = held.fact, held.statement
    said = reading.text[fact.start : fact.end] if fact.kind is FactKind.POLARITY else fact.text
    return Side(
        fact.start,
        fact.end,
        said.strip(" \t\n|*"),
        str(fact.value),
        reading.text[statement.start : statement.end],
        statement.start,
        statement.end,
    )


def _about(left: Held, right: Held) -> tuple[str, ...]:
    """Words of the left sentence and of what it stands under whose terms the right side has too."""
    theirs = right.subject.told.keys() | right.subject.around.keys()
    found: dict[str, str] = {}
    for word in (*left.statement.labels, *left.fact.local):
        if word.term in theirs and word.role is Role.CONTENT:
            found.setdefault(word.term, word.surface)
    return tuple(found.values())
