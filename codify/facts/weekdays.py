"""Weekdays in folded text: spans and lists of them."""

import re

from codify.facts.value import FactKind, Found, Name

_GAP = "[ \t]*"
_L = "a-z\u0621-\u063a\u0641-\u064a\u067e-\u06cc"
WEEKDAYS = ("sat", "sun", "mon", "tue", "wed", "thu", "fri")
_DAYS: dict[str, int] = {
    "یکشنبه": 1, "یک شنبه": 1, "دوشنبه": 2, "دو شنبه": 2, "سه شنبه": 3, "سهشنبه": 3, "چهارشنبه": 4,
    "چهار شنبه": 4, "پنجشنبه": 5, "پنج شنبه": 5, "شنبه": 0, "جمعه": 6,
    "saturday": 0, "sunday": 1, "monday": 2, "tuesday": 3, "wednesday": 4, "thursday": 5, "friday": 6,
    "sat": 0, "sun": 1, "mon": 2, "tue": 3, "tues": 3, "wed": 4, "thu": 5, "thurs": 5, "thur": 5, "fri": 6,
}  # fmt: skip
_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
_DAY_SPAN = re.compile(
    rf"(?<![{_L}])({_DAY})(?: ?ها)?(?:{_GAP}(?:تا|الی|-|–|to|through|until|till){_GAP}"
    rf"(?:روز )?({_DAY})(?: ?ها)?)?(?:s)?(?![{_L}])"
)
_EVERY_DAY = re.compile(
    rf"(?<![{_L}])(?:همه روزه|همه ی? ?روزها(?:ی هفته)?|تمام روزهای هفته|هر روز هفته|7 روز هفته|24/7"
    rf"|every day of the week|seven days a week|7 days a week)(?![{_L}])"
)
_DAY_JOIN = re.compile(rf"{_GAP}(?:,|،|و|and|&|/){_GAP}(?:روز )?")


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
