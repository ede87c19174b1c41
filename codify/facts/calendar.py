"""Calendar days in folded text, Jalali and Gregorian."""

import re
from collections.abc import Iterator
from datetime import date

from persiantools.jdatetime import JalaliDate

from codify.facts.numbers import find_numbers
from codify.facts.value import Bound, Day, FactKind, Found
from search.analysis.tokens import MONTHS

_GAP = "[ \t]*"
_L = "a-z\u0621-\u063a\u0641-\u064a\u067e-\u06cc"
_JALALI = {name: number for number, name in enumerate(MONTHS, start=1)} | {"امرداد": 5}
_ENGLISH = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_GREGORIAN = {name: number for number, name in enumerate(_ENGLISH, start=1)}
_GREGORIAN |= {name[:3]: number for number, name in enumerate(_ENGLISH, start=1)} | {"sept": 9}
_LATE_MONTHS = ("ژوییه|جولای", "اوت|اگوست", "سپتامبر", "اکتبر", "نوامبر", "دسامبر")
_GREGORIAN |= {
    name: number
    for number, names in enumerate(
        (*["ژانویه", "فوریه|فبریه", "مارس", "اوریل|اپریل", "مه", "ژوین|جون"], *_LATE_MONTHS),
        start=1,
    )
    for name in names.split("|")
}
_MONTH = "|".join(sorted((*_JALALI, *_GREGORIAN), key=len, reverse=True))
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?![\d]|[/.-]\d)")
_DAY_MONTH = re.compile(
    rf"(?<![\d{_L}./-])(\d{{1,2}})(?:st|nd|rd|th|م|ام|مین)?{_GAP}(?:of )?(?:{_GAP}ماه )?({_MONTH})(?![{_L}])"
    rf"(?:{_GAP}ماه)?(?:,?{_GAP}(?:سال )?(1[34]\d\d|20\d\d|19\d\d)(?!\d))?"
)
_MONTH_DAY = re.compile(
    rf"(?<![{_L}])({_MONTH})\.?{_GAP}(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|{_GAP}(?:am|pm|a\.m|p\.m))"
    rf"(?:,?{_GAP}(20\d\d|19\d\d)(?!\d))?"
)
_MONTH_YEAR = re.compile(
    rf"(?<![{_L}])({_MONTH})(?:{_GAP}ماه)?,?{_GAP}(?:سال )?(1[34]\d\d|20\d\d|19\d\d)(?!\d)"
)
_YEAR = re.compile(
    rf"(?<![{_L}])(?:سال|year|in|since|until|تا پایان)[ \t]+"
    r"(1[34]\d\d|20\d\d|19\d\d)(?![\d,./]|[ \t]*(?:تومان|ریال))"
)
_SPELLED_DAY = re.compile(
    rf"(?<![{_L}])((?:بیست و |سی و )?[{_L}]{{2,9}}م) ({_MONTH})(?![{_L}])"
    rf"(?:{_GAP}ماه)?(?:{_GAP}(1[34]\d\d)(?!\d))?"
)
_UNTIL = re.compile(
    rf"(?<![{_L}])(?:تا|تا پایان|تا اخر|حداکثر تا|until|till|by|before|through|no later than|expires?(?: on)?"
    rf"|پیش از|قبل از)(?: (?:تاریخ|روز|the|end of))*{_GAP}\Z"
)
_SINCE = re.compile(
    rf"(?<![{_L}])(?:از|از تاریخ|since|from|starting|as of|after|پس از|بعد از)"
    rf"(?: (?:تاریخ|روز|the))*{_GAP}\Z"
)


def find_days(folded: str) -> list[Found]:
    """Calendar days and parts of them, Jalali ones as Gregorian where they are whole."""
    found: list[Found] = []
    seen: list[tuple[int, int]] = []
    for start, end, year, month, day, swapped in _days(folded):
        if any(left < end and start < right for left, right in seen):
            continue
        seen.append((start, end))
        made = _day(year, month, day, swapped=swapped, bound=_edge(folded, start))
        if made is not None:
            found.append(Found(FactKind.DATE, start, end, made))
    return sorted(found, key=lambda f: f.start)


_Written = tuple[int, int, int, str | int, int, bool]


def _days(folded: str) -> Iterator[_Written]:
    """Start, end, year, month, day (0: not written), and whether the last two may be swapped."""
    for m in _NUMERIC.finditer(folded):
        yield from _numeric(m)
    for m in _DAY_MONTH.finditer(folded):
        yield m.start(), m.end(), int(m[3] or 0), m[2], int(m[1]), False
    for m in _SPELLED_DAY.finditer(folded):
        day = _ordinal(m[1])
        if day:
            yield m.start(), m.end(), int(m[3] or 0), m[2], day, False
    for m in _MONTH_DAY.finditer(folded):
        if m[1] not in _JALALI and m[1].isascii():
            yield m.start(), m.end(), int(m[3] or 0), m[1], int(m[2]), False
    for m in _MONTH_YEAR.finditer(folded):
        yield m.start(), m.end(), int(m[2]), m[1], 0, False
    for m in _YEAR.finditer(folded):
        yield m.start(1), m.end(1), int(m[1]), 0, 0, False


def _numeric(match: re.Match[str]) -> Iterator[_Written]:
    """1403/5/21, 2024-08-11, 11.8.2024, and 03/05/21 as Iranians shorten it."""
    start, end = match.span()
    first, mark, second, third = match.groups()
    if len(first) == 4:
        yield start, end, int(first), int(second), int(third), False
    elif len(third) == 4:
        day, month = int(first), int(second)
        if month > 12:
            day, month = month, day
        yield start, end, int(third), month, day, day <= 12 and int(third) > 1900
    elif len(first) == 2 and first[0] in "09" and mark == "/" and int(second) <= 12:
        yield start, end, (1300 if first[0] == "9" else 1400) + int(first), int(second), int(third), False


def _ordinal(word: str) -> int:
    """بیست و یکم is 21; 0 for what is no ordinal up to 31."""
    bare = {"اول": "یک", "سوم": "سه"}.get(word, word[:-1])
    if bare.endswith("سو"):
        bare = bare[:-2] + "سه"
    numbers = find_numbers(bare)
    fits = len(numbers) == 1 and numbers[0].end == len(bare) and 1 <= numbers[0].value <= 31
    return int(numbers[0].value) if fits else 0


def _day(year: int, month: str | int, day: int, *, swapped: bool, bound: Bound) -> Day | None:
    if isinstance(month, str):
        jalali = month in _JALALI
        number = _JALALI.get(month) or _GREGORIAN[month]
    else:
        jalali, number = 1300 <= year < 1500, month
    if not (0 <= number <= 12 and 0 <= day <= 31):
        return None
    if year and day:
        try:
            whole: date = _jalali(year, number, day).to_gregorian() if jalali else date(year, number, day)
        except ValueError:
            return None
        return Day(whole.year, whole.month, whole.day, swapped=swapped and not jalali, bound=bound)
    return Day(year, number, day, jalali, bound=bound)


def _jalali(year: int, month: int, day: int) -> JalaliDate:
    return JalaliDate(year, month, day)  # type: ignore[no-untyped-call]


def _edge(folded: str, start: int) -> Bound:
    head = folded[max(0, start - 30) : start]
    if _UNTIL.search(head):
        return Bound.AT_MOST
    return Bound.AT_LEAST if _SINCE.search(head) else Bound.EXACT
