"""Dates and numbers as readers write them: Jalali with Persian digits, or Gregorian."""

from datetime import datetime, timedelta, timezone

from persiantools.digits import en_to_fa
from persiantools.jdatetime import JalaliDate

from kb.errors import MessageLanguage

#: Iran has kept UTC+03:30 all year since 2022
_IRAN = timezone(timedelta(hours=3, minutes=30))


def shown_date(at: datetime, language: MessageLanguage) -> str:
    """`۱ آذر ۱۴۰۵` or `22 November 2026`; days begin at Iran's midnight for Persian readers."""
    if language == "en":
        return f"{at.day} {at:%B %Y}"
    day = JalaliDate(at.astimezone(_IRAN).date(), locale="fa")  # type: ignore[no-untyped-call]
    return en_to_fa(f"{day.day} {day.strftime('%B')} {day.year}")


def shown_number(number: int, language: MessageLanguage) -> str:
    return en_to_fa(str(number)) if language == "fa" else str(number)
