"""Dates and numbers as readers write them: Jalali with Persian digits, or Gregorian."""

import re
from datetime import datetime, timedelta, timezone

from persiantools.digits import en_to_fa
from persiantools.jdatetime import JalaliDate

from kb.errors import InvalidInput, MessageLanguage

#: Iran has kept UTC+03:30 all year since 2022
_IRAN = timezone(timedelta(hours=3, minutes=30))
#: digits of either script; day and time may be parted by a space, a comma or the T of a browser's own field
_MOMENT = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[\s،,T]+(\d{1,2}):(\d{2}))?")
_FIRST_GREGORIAN = 1700
_HOW = "1405/9/1 9:30"


def shown_date(at: datetime, language: MessageLanguage) -> str:
    """`۱ آذر ۱۴۰۵` or `22 November 2026`; days begin at Iran's midnight for Persian readers."""
    if language == "en":
        return f"{at.day} {at:%B %Y}"
    day = JalaliDate(at.astimezone(_IRAN).date(), locale="fa")  # type: ignore[no-untyped-call]
    return en_to_fa(f"{day.day} {day.strftime('%B')} {day.year}")


def shown_number(number: int, language: MessageLanguage) -> str:
    return en_to_fa(str(number)) if language == "fa" else str(number)


def shown_moment(at: datetime, language: MessageLanguage) -> str:
    """Day and time of day in Iran: `۱ آذر ۱۴۰۵، ۹:۳۰` or `22 November 2026, 9:30`."""
    local = at.astimezone(_IRAN)
    clock = f"{local.hour}:{local.minute:02}"
    if language == "en":
        return f"{shown_date(local, language)}, {clock}"
    return f"{shown_date(at, language)}، {en_to_fa(clock)}"


def moment_field(at: datetime | None, language: MessageLanguage) -> str:
    """As `typed_moment` reads it, in the reader's calendar."""
    if at is None:
        return ""
    local = at.astimezone(_IRAN)
    if language == "en":
        return f"{local:%Y-%m-%d %H:%M}"
    day = JalaliDate(local.date())  # type: ignore[no-untyped-call]
    return f"{day.year}/{day.month}/{day.day} {local:%H:%M}"


def typed_moment(text: str, *, field: str) -> datetime | None:
    """What somebody typed as day and time in Iran: `۱۴۰۵/۹/۱ ۹:۳۰`, `2026-11-22 9:30`; None where nothing.

    Years before 1700 are Jalali. Without a time it is midnight.

    Raises:
        InvalidInput: it is no such day or time.
    """
    if not text.strip():
        return None
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(field=field, reason=_HOW)
    year, month, day, hour, minute = (int(part or 0) for part in found.groups())
    try:
        if year < _FIRST_GREGORIAN:
            date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
        else:
            date = datetime(year, month, day, tzinfo=_IRAN).date()
        return datetime(date.year, date.month, date.day, hour, minute, tzinfo=_IRAN)
    except ValueError:
        raise InvalidInput(field=field, reason=_HOW) from None
