"""Days, times of day and weekdays in folded text."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from persiantools.jdatetime import JalaliDate

from codify.facts.numbers import find_numbers
from codify.facts.value import Bound, Clock, Day, FactKind, Found, Name
from search.analysis.tokens import MONTHS

_GAP = "[ \t]*"
_L = "a-z\u0621-\u063a\u0641-\u064a\u067e-\u06cc"
_JALALI = {name: number for number, name in enumerate(MONTHS, start=1)} | {"امرداد": 5}
_ENGLISH = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_GREGORIAN = {name: number for number, name in enumerate(_ENGLISH, start=1)}
_GREGORIAN |= {name[:3]: number for number, name in enumerate(_ENGLISH, start=1)} | {"sept": 9}
_GREGORIAN |= {
    name: number
    for number, names in enumerate(
        "ژانویه فوریه|فبریه مارس اوریل|اپریل مه ژوین|جون ژوییه|جولای اوت|اگوست سپتامبر اکتبر نوامبر دسامبر".split(),  # noqa: SIM905
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
    rf"(?<![{_L}])({_MONTH})\.?{_GAP}(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|{_GAP}(?:am|pm|a\.m|p\.m))(?:,?{_GAP}(20\d\d|19\d\d)(?!\d))?"
)
_MONTH_YEAR = re.compile(
    rf"(?<![{_L}])({_MONTH})(?:{_GAP}ماه)?,?{_GAP}(?:سال )?(1[34]\d\d|20\d\d|19\d\d)(?!\d)"
)
_YEAR = re.compile(
    r"(?<![a-z\u0621-\u06cc])(?:سال|year|in|since|until|تا پایان)[ \t]+(1[34]\d\d|20\d\d|19\d\d)(?![\d,./]|[ \t]*(?:تومان|ریال))"
)
_SPELLED_DAY = re.compile(
    rf"(?<![{_L}])((?:بیست و |سی و )?[{_L}]{{2,9}}م) ({_MONTH})(?![{_L}])(?:{_GAP}ماه)?(?:{_GAP}(1[34]\d\d)(?!\d))?"
)
_UNTIL = re.compile(
    rf"(?<![{_L}])(?:تا|تا پایان|تا اخر|حداکثر تا|until|till|by|before|through|no later than|expires?(?: on)?|پیش از|قبل از)(?: (?:تاریخ|روز|the|end of))*{_GAP}\Z"
)
_SINCE = re.compile(
    rf"(?<![{_L}])(?:از|از تاریخ|since|from|starting|as of|after|پس از|بعد از)(?: (?:تاریخ|روز|the))*{_GAP}\Z"
)

_NOON = {
    "صبح": 0,
    "بامداد": 0,
    "am": 0,
    "a.m": 0,
    "a.m.": 0,
    "ظهر": 1,
    "بعد از ظهر": 2,
    "بعدازظهر": 2,
    "عصر": 2,
    "شب": 2,
    "pm": 2,
    "p.m": 2,
    "p.m.": 2,
    "noon": 1,
    "midnight": 3,
}
_HALF = "|".join(map(re.escape, sorted(_NOON, key=len, reverse=True)))
_MOMENT = rf"(\d{{1,2}})(?:[:٫.](\d{{2}}))?(?!\d)(?:{_GAP}({_HALF})(?![{_L}]))?"
_SPAN = re.compile(
    rf"(?<![\d.,/:-])(?:(?:از )?(?:ساعت|hours?:?) |from |between |بین (?:ساعت )?|از (?:ساعت )?)?{_MOMENT}{_GAP}(?:تا|الی|-|–|—|to|until|till|and|و){_GAP}(?:ساعت )?{_MOMENT}"
)
_SINGLE = re.compile(rf"(?<![\d.,/:-]){_MOMENT}")
_NOON_ALONE = re.compile(rf"(?<![{_L}])(?:12 )?(noon|midnight)(?![{_L}])")
_CLOCKED = re.compile(
    rf"(?<![{_L}\d])(?:ساعت|at|by|before|after|until|from|opens?|closes?|تا ساعت|از ساعت){_GAP}\Z"
)
_CLOCK_WORD = re.compile(
    rf"(?<![{_L}\d])(?:ساعت|ساعات){_GAP}(?:از )?\Z|(?<![{_L}])(?:ساعت|ساعات) [^.\d]{{0,20}}\Z"
)
_NO_CLOCK = re.compile(
    rf"{_GAP}(?:%|درصد|[-]?{_GAP}(?:روز|هفته|ماه|سال|ساعت|دقیقه|تومان|تومن|ریال|هزار|میلیون|days?|weeks?|months?|years?|hours?|minutes?|percent|کیلو|گرم|کالا|بار|نفر|عدد|times?|kg|gb|mb|\$|€))"
)

WEEKDAYS = ("sat", "sun", "mon", "tue", "wed", "thu", "fri")
_DAYS: dict[str, int] = {
    "یکشنبه": 1, "یک شنبه": 1, "دوشنبه": 2, "دو شنبه": 2, "سه شنبه": 3, "سهشنبه": 3, "چهارشنبه": 4, "چهار شنبه": 4,
    "پنجشنبه": 5, "پنج شنبه": 5, "شنبه": 0, "جمعه": 6,
    "saturday": 0, "sunday": 1, "monday": 2, "tuesday": 3, "wednesday": 4, "thursday": 5, "friday": 6,
    "sat": 0, "sun": 1, "mon": 2, "tue": 3, "tues": 3, "wed": 4, "thu": 5, "thurs": 5, "thur": 5, "fri": 6,
}  # fmt: skip
_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
_DAY_SPAN = re.compile(
    rf"(?<![{_L}])({_DAY})(?: ?ها)?(?:{_GAP}(?:تا|الی|-|–|to|through|until|till){_GAP}(?:روز )?({_DAY})(?: ?ها)?)?(?:s)?(?![{_L}])"
)
_EVERY_DAY = re.compile(
    rf"(?<![{_L}])(?:همه روزه|همه ی? ?روزها(?:ی هفته)?|تمام روزهای هفته|هر روز هفته|7 روز هفته|every day of the week|seven days a week|7 days a week|24/7|daily, )(?![{_L}])"
)
_DAY_JOIN = re.compile(rf"{_GAP}(?:,|،|و|and|&|/){_GAP}(?:روز )?")


def find_days(folded: str) -> list[Found]:
    """Calendar days and parts of them, Jalali ones as Gregorian where they are whole."""
    found: list[Found] = []
    for start, end, year, month, day, swapped in _days(folded):
        if any(f.start < end and start < f.end for f in found):
            continue
        made = _day(year, month, day, swapped=swapped, bound=_edge(folded, start))
        if made is not None:
            found.append(Found(FactKind.DATE, start, end, made))
    return sorted(found, key=lambda f: f.start)


def _days(folded: str) -> Iterator[tuple[int, int, int, str | int, int, bool]]:
    for m in _NUMERIC.finditer(folded):
        first, _, second, third = m.groups()
        if len(first) == 4:
            yield m.start(), m.end(), int(first), int(second), int(third), False
        elif len(third) == 4:
            day, month = int(first), int(second)
            if month > 12:
                day, month = month, day
            yield m.start(), m.end(), int(third), month, day, day <= 12 and int(third) > 1900
        elif len(first) == 2 and first[0] in "09" and m[2] == "/" and int(second) <= 12 < int(third) + 12:
            yield (
                m.start(),
                m.end(),
                (1300 if first[0] == "9" else 1400) + int(first),
                int(second),
                int(third),
                False,
            )
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
            if jalali:
                whole = JalaliDate(year, number, day).to_gregorian()
            else:
                whole = date(year, number, day)
        except ValueError:
            return None
        return Day(whole.year, whole.month, whole.day, swapped=swapped and not jalali, bound=bound)
    return Day(year, number, day, jalali, bound=bound)


def _edge(folded: str, start: int) -> Bound:
    head = folded[max(0, start - 30) : start]
    if _UNTIL.search(head):
        return Bound.AT_MOST
    return Bound.AT_LEAST if _SINCE.search(head) else Bound.EXACT


def find_times(folded: str, taken: Sequence[tuple[int, int]]) -> list[Found]:
    """Times of day and spans of them; a bare number is one only after a word for a clock."""
    found: list[Found] = []
    has_days = _DAY_SPAN.search(folded) is not None
    for m in _SPAN.finditer(folded):
        if _overlaps(taken, m.start(), m.end()) or _NO_CLOCK.match(folded, m.end()):
            continue
        first, second = m.group(1, 2, 3), m.group(4, 5, 6)
        said = first[1] or second[1] or first[2] or second[2] or "ساعت" in m[0] or m[0].startswith("hours")
        if not said and not _CLOCK_WORD.search(folded[: m.start()]) and not has_days:
            continue
        span = _clock_span(first, second)
        if span is not None:
            found.append(Found(FactKind.TIME, m.start(), m.end(), span))
    for m in _SINGLE.finditer(folded):
        if _overlaps(taken, m.start(), m.end()) or _overlaps(
            [(f.start, f.end) for f in found], m.start(), m.end()
        ):
            continue
        head = folded[max(0, m.start() - 20) : m.start()]
        colon = m[2] and folded[m.end(1)] == ":"
        if not (m[3] or colon or re.search(rf"(?<![{_L}])ساعت{_GAP}\Z", head)) or _NO_CLOCK.match(
            folded, m.end()
        ):
            continue
        if m[3] and not _CLOCKED.search(head) and m[3] in ("شب", "صبح", "عصر", "ظهر") and not colon:
            continue  # ۲ شب is two nights
        moment = _minutes(m[1], m[2], m[3])
        if moment is not None:
            bound = (
                Bound.AT_MOST
                if re.search(rf"(?<![{_L}])(?:تا|by|until|till|before|پیش از|قبل از)(?: ساعت)?{_GAP}\Z", head)
                else Bound.EXACT
            )
            found.append(
                Found(FactKind.TIME, m.start(), m.end(), Clock(moment, None, _vague(m[1], m[3]), bound))
            )
    for m in _NOON_ALONE.finditer(folded):
        if not _overlaps([(f.start, f.end) for f in found], m.start(), m.end()):
            found.append(Found(FactKind.TIME, m.start(), m.end(), Clock(720 if m[1] == "noon" else 0)))
    return sorted(found, key=lambda f: f.start)


def _clock_span(first: tuple[str, str, str], second: tuple[str, str, str]) -> Clock | None:
    start = _minutes(first[0], first[1], first[2])
    end = _minutes(second[0], second[1], second[2])
    if start is None or end is None:
        return None
    if second[2] and not first[2] and int(first[0]) < 12:
        # "9 to 5 pm" begins in the morning, "1 to 5 pm" after noon
        after_noon = _minutes(first[0], first[1], second[2])
        if after_noon is not None and int(first[0]) < int(second[0]) and int(first[0]) not in (12,):
            start = after_noon if _NOON[second[2]] == 2 else start
    vague = _vague(first[0], first[2]) and _vague(second[0], second[2])
    if vague and end <= start and int(second[0]) < 12:
        end, vague = end + 720, False  # ۹ تا ۵
    return Clock(start, end, vague)


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if hours > 24 or minutes > 59:
        return None
    noon = _NOON.get(half or "", -1)
    if (noon == 2 and hours < 12) or (noon == 1 and hours < 4):
        hours += 12
    elif noon == 0 and hours == 12:
        hours = 0
    return (hours % 24) * 60 + minutes


def _vague(hour: str, half: str | None) -> bool:
    return not half and 0 < int(hour) <= 12 and not hour.startswith("0")


def find_weekdays(folded: str) -> list[Found]:
    """Spans and lists of weekdays as the set of them; a single weekday is a condition, not a fact."""
    runs: list[tuple[int, int, set[int], bool]] = []
    for m in _DAY_SPAN.finditer(folded):
        days = _span_of_days(_DAYS[m[1]], _DAYS[m[2]]) if m[2] else {_DAYS[m[1]]}
        if runs and _DAY_JOIN.fullmatch(folded, runs[-1][1], m.start()):
            start, _, before, _ = runs[-1]
            runs[-1] = (start, m.end(), before | days, True)
        else:
            runs.append((m.start(), m.end(), days, bool(m[2])))
    runs += [(m.start(), m.end(), set(range(7)), True) for m in _EVERY_DAY.finditer(folded)]
    return [
        Found(FactKind.WEEKDAYS, start, end, Name(" ".join(WEEKDAYS[day] for day in sorted(days))))
        for start, end, days, many in sorted(runs, key=lambda run: run[0])
        if many
    ]


def single_weekdays(folded: str) -> list[tuple[int, int, str]]:
    """Weekdays as (start, end, name), whether alone or in a span."""
    return [(m.start(), m.end(), WEEKDAYS[_DAYS[m[1]]]) for m in _DAY_SPAN.finditer(folded)]


def _span_of_days(first: int, last: int) -> set[int]:
    return {(first + step) % 7 for step in range((last - first) % 7 + 1)}


def _overlaps(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(a < end and start < b for a, b in taken)
