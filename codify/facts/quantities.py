"""Amounts of money, durations, percentages, sizes and counts in folded text, with their bounds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from codify.facts.numbers import Number, find_numbers
from codify.facts.units import WEEKEND_HOURS, WORKING_DAY_STRETCH, Unit, money_before, unit_after
from codify.facts.value import SPOKEN_BELOW, Bound, FactKind, Found, Quantity, number_text

_L = "a-z\u0621-\u063a\u0641-\u064a\u067e-\u06cc"
_MOST = (
    r"حداکثر|نهایتا?|حد ?اکثر|ماکزیمم|سقف|تا سقف|تا|ظرف|طی|کمتر از|کم تر از|پایین تر از|زیر"
    r"|up to|at most|max(?:imum)?(?: of)?|maximal|within|no more than|not more than|less than"
    r"|fewer than|under|below"
    r"|no later than|by|until|(?:must |can)?not exceed|can't exceed|limited to|capped at|<=|≤|<"
)
_LEAST = (
    r"حداقل|دست ?کم|کم ?کم|لااقل|مینیمم|کف|بیش از|بیشتر از|بالای|بالاتر از|فراتر از"
    r"|at least|min(?:imum)?(?: of)?|more than|over|above|starting (?:at|from)|starts at|exceed(?:s|ing)?"
    r"|not less than|no less than|>=|≥|>"
)
_NEAR = (
    "حدود|حدودا|تقریبا|در حدود|نزدیک به"
    r"|about|around|approximately|approx\.?|roughly|nearly|almost|circa|~|≈|±"
)
_FILL = r"(?:[ \t]*(?:[:(]|\bof\b|the|a|در|از|برابر|معادل|یعنی))*[ \t]*"
_BEFORE = [
    (bound, re.compile(rf"(?<![{_L}])(?:{words}){_FILL}\Z"))
    for bound, words in ((Bound.ABOUT, _NEAR), (Bound.AT_LEAST, _LEAST), (Bound.AT_MOST, _MOST))
]
_LEAST_AFTER = re.compile(
    r"[ \t]*(?:(?:یا|و) (?:بیشتر|بالاتر|بیش تر)|به بالا|به بعد|و بالاتر"
    r"|or (?:more|above|over|longer|later|higher|older|greater)|and (?:above|up|over|more|older)|\+)"
)
_MOST_AFTER = re.compile(
    r"[ \t]*(?:(?:یا|و) (?:کمتر|پایین تر)|به پایین|حداکثر"
    r"|or (?:less|fewer|below|under|younger)|and (?:below|under)|max(?:imum)?(?![a-z])|at most)"
)
_LEAST_AFTERWARDS = re.compile(r"[ \t]*(?:minimum|at least|حداقل)(?![a-z])")
#: a negated predicate turns "more than" into a ceiling: نباید بیشتر از ۵ باشد
_NEGATED = re.compile(
    r"(?<![a-z])(?:نباید|نمی ?\w+|نشود|نباشد|نکند|not|never|cannot|can't|mustn't|no)(?![a-z])"
)
_RANGE = re.compile(r"[ \t]*(?:تا|الی|-|–|—|‑|to|until|through|یا|or)[ \t]*")
_AND_RANGE = re.compile(r"[ \t]*(?:و|and|تا)[ \t]*")
_BETWEEN = re.compile(rf"(?<![{_L}])(?:بین|میان|between)[ \t]*\Z")
_FROM = re.compile(rf"(?<![{_L}])(?:از|from)[ \t]*\Z")
_CHANGE = re.compile(r"[ \t]*(?:به|to)[ \t]*")
#: of a duration: some days later are that many days
_LATER = re.compile(rf"[ \t]*(?:بعد|دیگر|دیگه|later)(?![{_L}]| از)")
_HALF = re.compile(r"[ \t]*(?:و|and)[ \t]+(?:نیم|(?:a )?half)(?![a-z\u0621-\u06cc])")
#: "a day" is a day after one of these, and a rate elsewhere: 25 days a year
_ONE = re.compile(
    r"(?:^|[,.:;(]|(?<![a-z])(?:in|within|for|after|takes?|lasts?|up to|about|around|than|is|only|just|once"
    r"|under|over"
    r"|and|or|least|most|wait))[ \t]*\Z"
)
_FREE = re.compile(
    rf"(?<![{_L}])(?:رایگان|مجانی|بدون (?:هیچ )?(?:هزینه|کارمزد|کرایه)|free of charge|for free"
    r"|(?<!toll[- ])(?<!duty[- ])free(?! to | trial| plan| tier| account| from)"
    rf"|no charge|no (?:\w+ )?(?:fee|cost)s?|at no cost|complimentary)(?![{_L}])"
)
_NOT_FREE = re.compile(r"[ \t]*(?:نیست|نمی|نخواهد|نشد)|\bnot\b")
_NOT_BEFORE = re.compile(r"\bnot\b[^.]{0,12}\Z|n't \Z")
_NOUN_AFTER = re.compile(rf"[ \t]*-?(?:تا (?=[{_L}]))?[ \t]*([{_L}]{{2,}})")
_SCALES = {
    "میلیارد": 1e9,
    "billion": 1e9,
    "میلیون": 1e6,
    "million": 1e6,
    "هزار": 1e3,
    "thousand": 1e3,
}
#: how far before a number what it is bound by may stand, code points
_REACH = 40


@dataclass(frozen=True, slots=True)
class Bare:
    """A number or range without a unit of its own, for who knows more: a table's header, a noun after it.

    Args:
        noun_at: where the word right after it begins, where there is one.
    """

    start: int
    end: int
    low: float
    high: float
    bound: Bound
    noun_at: tuple[int, int] | None
    has_digits: bool
    is_weak: bool


def find_quantities(folded: str, taken: Sequence[tuple[int, int]]) -> tuple[list[Found], list[Bare]]:
    """Quantities with a unit, and numbers without one, in reading order.

    Args:
        taken: spans that are something else already: dates, telephone numbers.
    """
    numbers = [n for n in find_numbers(folded) if not any(a < n.end and n.start < b for a, b in taken)]
    found: list[Found] = _free(folded)
    bare: list[Bare] = []
    at = 0
    while at < len(numbers):
        number = numbers[at]
        second = numbers[at + 1] if at + 1 < len(numbers) else None
        span = _range(folded, number, second) if second else None
        if span is not None:
            assert second is not None
            at += 2
            quantity = _made(folded, number, second, span)
        else:
            at += 1
            quantity = _made(folded, number, number, None)
            if isinstance(quantity, Bare) and second and _CHANGE.fullmatch(folded[number.end : second.start]):
                quantity = _changed(folded, number, second) or quantity
        if isinstance(quantity, Bare):
            bare.append(quantity)
        elif quantity is not None:
            found.append(quantity)
    return sorted(found, key=lambda f: f.start), bare


def _free(folded: str) -> list[Found]:
    return [
        Found(FactKind.MONEY, m.start(), m.end(), Quantity("money", 0.0, 0.0, written="0"))
        for m in _FREE.finditer(folded)
        if not _NOT_FREE.match(folded, m.end())
        and not _NOT_BEFORE.search(folded[max(0, m.start() - _REACH) : m.start()])
    ]


def _range(folded: str, first: Number, second: Number) -> tuple[Unit | None, int] | None:
    """The first number's own unit, where it has one, if both make one range."""
    own = unit_after(folded, first.end)
    end = own[1] if own else first.end
    between = folded[end : second.start]
    if _RANGE.fullmatch(between) or (
        _AND_RANGE.fullmatch(between) and _BETWEEN.search(_head(folded, first.start))
    ):
        last = unit_after(folded, second.end)
        if own and last and own[0].kind != last[0].kind:
            return None
        # "2 or 3 days" is a range; "in 2 or on day 30" and falling pairs are not
        if second.value < first.value and not (own or last):
            return None
        return (own[0] if own else None), end
    before = money_before(folded, second.start)
    same = before is not None and money_before(folded, first.start)
    if before and same and same[0] is before[0] and _RANGE.fullmatch(folded[end : before[1]]):
        return None if own else (before[0], end)
    return None


def _made(
    folded: str, first: Number, last: Number, span: tuple[Unit | None, int] | None
) -> Found | Bare | None:
    unit, end = _unit_of(folded, first, last)
    start = first.start
    currency = money_before(folded, first.start) if unit is None or unit.kind != "money" else None
    if unit is None and currency:
        unit, start = currency
    first_unit = (span[0] if span else None) or unit
    bound, start_of_bound = _bound_before(folded, start, is_range=span is not None)
    bound, end = _bound_after(folded, end, bound)
    half = 0.5 if first is last and _HALF.search(folded, last.end, end) else 0.0
    low, high = min(first.low, first.value) + half, last.value + half
    if span is not None and not span[0]:
        low = _scaled(folded, low, last)
    if unit is None or first_unit is None:
        noun = _NOUN_AFTER.match(folded, end)
        where = (noun.start(1), noun.end(1)) if noun else None
        weak = first.is_weak and first is last
        return Bare(start_of_bound, end, low, high, bound, where, first.has_digits or last.has_digits, weak)
    return Found(FactKind(unit.kind), start_of_bound, end, quantity(low, high, unit, bound, first_unit))


def _scaled(folded: str, low: float, last: Number) -> float:
    """The lower end of a range in the scale that only the upper one names: ۵۰ تا ۶۰ هزار تومان."""
    scale = next((by for word, by in _SCALES.items() if word in folded[last.start : last.end]), 1.0)
    return low * scale if low < 1000 and low * scale <= last.value else low


def _changed(folded: str, first: Number, second: Number) -> Found | None:
    """The old amount of "از ۵۰ به ۶۰ هزار تومان", in the unit and scale of the new one."""
    unit, _ = _unit_of(folded, second, second)
    if unit is None or not _FROM.search(_head(folded, first.start)):
        return None
    before = _scaled(folded, first.value, second) if first.value < second.value else first.value
    value = quantity(before, before, unit, Bound.EXACT)
    return Found(FactKind(unit.kind), first.start, first.end, value)


def quantity(low: float, high: float, unit: Unit, bound: Bound, first_unit: Unit | None = None) -> Quantity:
    """`low` to `high` of a unit as one value of its normal unit."""
    first = first_unit or unit
    least, most = low * first.low, high * unit.high
    if unit.is_working:
        working = high * unit.low
        most = working * WORKING_DAY_STRETCH + WEEKEND_HOURS if unit.low >= 24 else working * 3
    if bound is Bound.AT_MOST:
        least = high * unit.low
    if least > most:
        least, most = most, least
    spoken = unit.written == "toman" and 0 < high < SPOKEN_BELOW
    span = number_text(low) if low == high else f"{number_text(low)}–{number_text(high)}"
    if unit.kind == "money" and unit.name == "IRR":
        span = number_text(least) if least == most else f"{number_text(least)}–{number_text(most)}"
        written = f"{span} IRR"
    else:
        written = f"{span} {unit.written.replace('_', ' ')}"
    own = (
        (unit.written, low, high)
        if first.written == unit.written and unit.kind == "duration"
        else ("", 0.0, 0.0)
    )
    return Quantity(unit.name, least, most, bound, spoken, written, *own)


def _unit_of(folded: str, first: Number, last: Number) -> tuple[Unit | None, int]:
    """The unit after the last number; a weak number word needs it at once."""
    found = unit_after(folded, last.end)
    if found is None:
        return None, last.end
    unit, end = found
    if folded[last.start : last.end] in ("a", "an") and not _ONE.search(_head(folded, last.start)):
        return None, last.end  # 25 days a year
    later = _LATER.match(folded, end) if unit.kind == "duration" else None
    end = later.end() if later else end
    if (
        unit.written == "hour"
        and folded[last.end : end].strip() == "ساعت"
        and re.match(r" [0-9]", folded[end:])
    ):
        return None, last.end  # ۲ ساعت ۱۰: the hour belongs to what follows
    half = _HALF.match(folded, end) if first is last else None
    return unit, half.end() if half else end


def _head(folded: str, start: int) -> str:
    return folded[max(0, start - _REACH) : start]


def _bound_before(folded: str, start: int, *, is_range: bool) -> tuple[Bound, int]:
    head = _head(folded, start)
    offset = start - len(head)
    between = (_BETWEEN if is_range else _FROM).search(head)
    if is_range:
        between = between or _FROM.search(head)
        return Bound.EXACT, offset + between.start() if between else start
    for bound, pattern in _BEFORE:
        match = pattern.search(head)
        if match is None:
            continue
        if bound is Bound.AT_LEAST and _NEGATED.search(head[max(0, match.start() - 14) : match.start()]):
            bound = Bound.AT_MOST
        return bound, offset + match.start()
    return Bound.EXACT, start


def _bound_after(folded: str, end: int, bound: Bound) -> tuple[Bound, int]:
    for after, pattern in (
        (Bound.AT_LEAST, _LEAST_AFTER),
        (Bound.AT_MOST, _MOST_AFTER),
        (Bound.AT_LEAST, _LEAST_AFTERWARDS),
    ):
        match = pattern.match(folded, end)
        if match and bound in (Bound.EXACT, after):
            return after, match.end()
    return bound, end
