"""What a fact can say: quantities, days, times, names; and when two of them agree."""

from dataclasses import dataclass
from enum import StrEnum

#: "about 10 days" agrees with what is this near it
ABOUT_SHARE = 0.25
#: rounding in either text is no disagreement
ROUNDING_SHARE = 0.005
#: of a spoken amount in toman: "۴۵ تومن" is 45,000, and "دو تومن" may be two million
SPOKEN_FACTORS = (1.0, 1_000.0, 1_000_000.0)
#: spoken amounts are below this many toman
SPOKEN_BELOW = 1_000.0
RIAL_PER_TOMAN = 10.0


class FactKind(StrEnum):
    """What a fact is about; facts of different kinds never contradict each other."""

    MONEY = "money"
    DURATION = "duration"
    PERCENTAGE = "percentage"
    COUNT = "count"
    SIZE = "size"
    PHONE = "phone"
    DATE = "date"
    TIME = "time"
    WEEKDAYS = "weekdays"
    VERSION = "version"
    LINK = "link"
    EMAIL = "email"
    CODE = "code"
    POLARITY = "polarity"


class Bound(StrEnum):
    """Whether a quantity is meant as it is, or as an edge."""

    EXACT = "exact"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    ABOUT = "about"


_SIGNS = {Bound.EXACT: "", Bound.AT_MOST: "≤", Bound.AT_LEAST: "≥", Bound.ABOUT: "≈"}


def number_text(number: float) -> str:
    """The number with at most four decimals, without trailing zeros."""
    return f"{round(number, 4):f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of one unit.

    Args:
        unit: what is counted: "IRR", "USD", "hour", "%", "byte", or an analysed noun. Money without a
            currency ("free") has the unit "money".
        low, high: in that unit; equal unless a range was written. What the unit leaves open (a month has 28
            to 31 days) is in them too.
        bound: of the whole.
        is_spoken: an amount in toman below 1,000, said as people do without its thousands.
        written: the amount as it stands in the text, for the normal form.
        own_unit, own_low, own_high: as written, where the normal unit is inexact: working days, months.
    """

    unit: str
    low: float
    high: float
    bound: Bound = Bound.EXACT
    is_spoken: bool = False
    written: str = ""
    own_unit: str = ""
    own_low: float = 0.0
    own_high: float = 0.0

    def __str__(self) -> str:
        if self.written:
            return _SIGNS[self.bound] + self.written
        span = number_text(self.low)
        if self.high != self.low:
            span += "–" + number_text(self.high)
        return f"{_SIGNS[self.bound]}{span} {self.unit}"

    def is_comparable(self, other: "Quantity") -> bool:
        """Whether both count the same thing; nothing costs nothing in any currency."""
        if "money" in (self.unit, other.unit):
            return True
        return self.unit == other.unit

    def agrees(self, other: "Quantity") -> bool:
        """Whether both can be true of the same thing.

        Ranges that overlap agree, and so do an exact amount and a bound that it keeps. Two upper bounds, or
        two lower ones, agree only where they are equal.
        """
        if self.own_unit and self.own_unit == other.own_unit:
            return self._own()._meets(other._own(), 1.0)
        return any(self._meets(other, factor) for factor in _factors(self, other))

    def _own(self) -> "Quantity":
        return Quantity(self.own_unit, self.own_low, self.own_high, self.bound)

    def _meets(self, other: "Quantity", factor: float) -> bool:
        low, high = self.low * factor, self.high * factor
        slack = ROUNDING_SHARE * max(abs(high), abs(other.high))
        bounds = {self.bound, other.bound}
        if bounds == {Bound.EXACT, Bound.AT_MOST} and self.unit not in ("hour", "IRR", "USD", "EUR"):
            return abs(high - other.high) <= slack  # 5 users, up to 10 users
        if Bound.ABOUT in bounds:
            slack = max(slack, ABOUT_SHARE * max(abs(high), abs(other.high)))
        if self.bound is other.bound and self.bound in (Bound.AT_MOST, Bound.AT_LEAST):
            return low <= other.high + slack and other.low <= high + slack
        low, high = _reach(low, high, self.bound)
        other_low, other_high = _reach(other.low, other.high, other.bound)
        return low <= other_high + slack and other_low <= high + slack


def _reach(low: float, high: float, bound: Bound) -> tuple[float, float]:
    if bound is Bound.AT_MOST:
        return 0.0, high
    if bound is Bound.AT_LEAST:
        return low, float("inf")
    return low, high


def _factors(one: Quantity, two: Quantity) -> tuple[float, ...]:
    """What `one` may be multiplied by before they are compared; more than 1 for spoken amounts only."""
    if not (one.is_spoken or two.is_spoken) or one.unit != two.unit:
        return (1.0,)
    up = SPOKEN_FACTORS if one.is_spoken else (1.0,)
    down = tuple(1 / factor for factor in SPOKEN_FACTORS) if two.is_spoken else ()
    return (*up, *down)


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, or the part of one that was written.

    Args:
        year, month, day: Gregorian where `is_jalali` is false; 0 where not written.
        swapped: day and month may be the other way about (03/04/2024).
    """

    year: int
    month: int
    day: int
    is_jalali: bool = False
    swapped: bool = False
    bound: Bound = Bound.EXACT

    def __str__(self) -> str:
        parts = (f"{self.year:04}" if self.year else "?", f"{self.month:02}" if self.month else "?")
        text = "-".join((*parts, f"{self.day:02}" if self.day else "?"))
        return _SIGNS[self.bound] + text + (" (Jalali)" if self.is_jalali else "")

    def is_comparable(self, other: "Day") -> bool:
        """Whether the same parts are written in the same calendar, and no edge meets the opposite edge."""
        if {self.bound, other.bound} == {Bound.AT_MOST, Bound.AT_LEAST} or self.is_jalali != other.is_jalali:
            return False
        return bool(self.month and other.month) or bool(self.year and other.year)

    def agrees(self, other: "Day") -> bool:
        """Whether no part that both have differs."""
        orders = [other]
        if self.swapped or other.swapped:
            orders.append(Day(other.year, other.day, other.month, other.is_jalali))
        return any(self._same(order) for order in orders)

    def _same(self, other: "Day") -> bool:
        mine, theirs = (self.year, self.month, self.day), (other.year, other.month, other.day)
        return all(a == b or not a or not b for a, b in zip(mine, theirs, strict=True))


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, or a span of it, in minutes after midnight.

    Args:
        end: None where one moment is meant.
        is_vague: nobody said before or after noon, and hours up to 12 were written.
    """

    start: int
    end: int | None = None
    is_vague: bool = False
    bound: Bound = Bound.EXACT

    def __str__(self) -> str:
        moments = [self.start] if self.end is None else [self.start, self.end]
        return _SIGNS[self.bound] + "–".join(f"{at // 60:02}:{at % 60:02}" for at in moments)

    def is_comparable(self, other: "Clock") -> bool:
        """Whether both are moments, or both spans, with the same edge."""
        same_bound = self.bound is other.bound or Bound.EXACT in (self.bound, other.bound)
        return (self.end is None) == (other.end is None) and same_bound

    def agrees(self, other: "Clock") -> bool:
        """Whether the moments are equal, half a day aside where one text does not say which half."""
        cycle = 720 if self.is_vague or other.is_vague else 1440
        if (self.start - other.start) % cycle:
            return False
        return self.end is None or other.end is None or not (self.end - other.end) % cycle


@dataclass(frozen=True, slots=True)
class Name:
    """A telephone number, address, code, version or set of weekdays in its normal form.

    Args:
        label: what it is the name of, where a word said it ("extension"); names of different labels are
            not compared.
    """

    text: str
    label: str = ""
    bound: Bound = Bound.EXACT

    def __str__(self) -> str:
        return _SIGNS[self.bound] + (f"{self.label} {self.text}" if self.label else self.text)

    def is_comparable(self, other: "Name") -> bool:
        """Whether they are names of the same sort."""
        return self.label == other.label

    def agrees(self, other: "Name") -> bool:
        """Whether they are equal, or one says less: 5.2 and 5.2.1, 91000000 and 021-91000000."""
        if self.text == other.text:
            return True
        shorter, longer = sorted((self.text, other.text), key=len)
        if self.text[:1].isdigit() and "." in longer:
            return longer.startswith(shorter + ".")
        return (
            len(shorter) >= 7
            and shorter.isdigit()
            and longer.lstrip("+").isdigit()
            and longer.endswith(shorter)
        )


@dataclass(frozen=True, slots=True)
class Polarity:
    """Whether a clause says that something is so; `about` of the fact is the something."""

    is_positive: bool

    def __str__(self) -> str:
        return "yes" if self.is_positive else "no"

    def is_comparable(self, other: "Polarity") -> bool:
        """Always."""
        return isinstance(other, Polarity)

    def agrees(self, other: "Polarity") -> bool:
        """Whether both say yes or both no."""
        return self.is_positive == other.is_positive


Value = Quantity | Day | Clock | Name | Polarity


def conflict(one: Value, two: Value) -> bool:
    """Whether two values of the same thing cannot both be true; values that cannot be compared never do."""
    if isinstance(one, Quantity) and isinstance(two, Quantity):
        return one.is_comparable(two) and not one.agrees(two)
    if isinstance(one, Day) and isinstance(two, Day):
        return one.is_comparable(two) and not one.agrees(two)
    if isinstance(one, Clock) and isinstance(two, Clock):
        return one.is_comparable(two) and not one.agrees(two)
    if isinstance(one, Name) and isinstance(two, Name):
        return one.is_comparable(two) and not one.agrees(two)
    if isinstance(one, Polarity) and isinstance(two, Polarity):
        return not one.agrees(two)
    return False


@dataclass(frozen=True, slots=True)
class Found:
    """A value at its place in the text it was read from, code points, half-open."""

    kind: FactKind
    start: int
    end: int
    value: Value
