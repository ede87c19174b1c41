"""Times of day in folded text."""

import re
from collections.abc import Sequence

from codify.facts.value import Bound, Clock, FactKind, Found
from codify.facts.weekdays import single_weekdays

_GAP = "[ \t]*"
_L = "a-z\u0621-\u063a\u0641-\u064a\u067e-\u06cc"
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
    rf"(?<![\d.,/:-])(?:(?:از )?(?:ساعت|hours?:?) |from |between |بین (?:ساعت )?|از (?:ساعت )?)?{_MOMENT}"
    rf"{_GAP}(?:تا|الی|-|–|—|to|until|till|and|و){_GAP}(?:ساعت )?{_MOMENT}"
)
_SINGLE = re.compile(rf"(?<![\d.,/:-]){_MOMENT}")
_NOON_ALONE = re.compile(rf"(?<![{_L}])(?:12 )?(noon|midnight)(?![{_L}])")
_CLOCKED = re.compile(rf"(?<![{_L}\d])(?:ساعت|at|by|before|after|until|from|opens?|closes?){_GAP}\Z")
_CLOCK_BEFORE = re.compile(rf"(?<![{_L}])ساعت{_GAP}\Z")
_CLOCK_NEAR = re.compile(rf"(?<![{_L}])(?:ساعت|ساعات) [^.\d]{{0,20}}\Z")
_UNTIL = re.compile(rf"(?<![{_L}])(?:تا|by|until|till|before|پیش از|قبل از)(?: ساعت)?{_GAP}\Z")
#: what makes a number before it an amount of something
_NO_CLOCK = re.compile(
    rf"{_GAP}(?:%|درصد|-?{_GAP}(?:روز|هفته|ماه|سال|ساعت|دقیقه|تومان|تومن|ریال|هزار|میلیون|کیلو|گرم|کالا|بار|نفر|عدد"
    r"|days?|weeks?|months?|years?|hours?|minutes?|percent|times?|kg|gb|mb|\$|€))"
)
_REACH = 40


def find_times(folded: str, taken: Sequence[tuple[int, int]]) -> list[Found]:
    """Times of day and spans of them; a bare number is one only after a word for a clock."""
    found = _spans(folded, taken)
    for moments in (_moments, _noons):
        occupied = [*taken, *((time.start, time.end) for time in found)]
        found += [time for time in moments(folded) if not _overlaps(occupied, time.start, time.end)]
    return sorted(found, key=lambda time: time.start)


def _spans(folded: str, taken: Sequence[tuple[int, int]]) -> list[Found]:
    found = []
    has_days = bool(single_weekdays(folded))
    for m in _SPAN.finditer(folded):
        if _overlaps(taken, m.start(), m.end()) or _NO_CLOCK.match(folded, m.end()):
            continue
        first, second = (m[1], m[2], m[3]), (m[4], m[5], m[6])
        said = first[1] or second[1] or first[2] or second[2] or "ساعت" in m[0] or m[0].startswith("hours")
        near = said or has_days or _CLOCK_NEAR.search(folded[max(0, m.start() - _REACH) : m.start()])
        span = _clock_span(first, second) if near else None
        if span is not None:
            found.append(Found(FactKind.TIME, m.start(), m.end(), span))
    return found


def _moments(folded: str) -> list[Found]:
    found = []
    for m in _SINGLE.finditer(folded):
        head = folded[max(0, m.start() - _REACH) : m.start()]
        colon = m[2] and folded[m.end(1)] == ":"
        if not (m[3] or colon or _CLOCK_BEFORE.search(head)) or _NO_CLOCK.match(folded, m.end()):
            continue
        if m[3] in ("شب", "صبح", "عصر", "ظهر") and not colon and not _CLOCKED.search(head):
            continue  # ۲ شب is two nights
        moment = _minutes(m[1], m[2], m[3])
        if moment is not None:
            bound = Bound.AT_MOST if _UNTIL.search(head) else Bound.EXACT
            value = Clock(moment, None, _vague(m[1], m[3]), bound)
            found.append(Found(FactKind.TIME, m.start(), m.end(), value))
    return found


def _noons(folded: str) -> list[Found]:
    return [
        Found(FactKind.TIME, m.start(), m.end(), Clock(720 if m[1] == "noon" else 0))
        for m in _NOON_ALONE.finditer(folded)
    ]


_Moment = tuple[str, str | None, str | None]


def _clock_span(first: _Moment, second: _Moment) -> Clock | None:
    start = _minutes(first[0], first[1], first[2])
    end = _minutes(second[0], second[1], second[2])
    if start is None or end is None:
        return None
    if second[2] and _NOON[second[2]] == 2 and not first[2] and int(first[0]) < int(second[0]) < 12:
        # "1 to 5 pm" begins after noon; in "9 to 5 pm" the hours fall
        start = _minutes(first[0], first[1], second[2]) or start
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


def _overlaps(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(a < end and start < b for a, b in taken)
