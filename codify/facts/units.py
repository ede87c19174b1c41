"""The units that quantities are counted in, as people write them; folded, with spaces for ZWNJ."""

import re
from dataclasses import dataclass

HOUR, DAY, WEEK = 1.0, 24.0, 168.0
#: hours of a working day as it may be meant: n working days are over after n days at the earliest, and
#: after n·7/5 days and a weekend at the latest
WORKING_DAY_STRETCH, WEEKEND_HOURS = 7 / 5, 2 * DAY


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: `low` and `high` of one of it in the normal unit `name`; equal unless it is inexact."""

    kind: str
    name: str
    low: float
    high: float
    written: str
    is_working: bool = False


_SUFFIX = "(?: ?(?:های|هایی|ها|ای|یی|ی|ه|اش|ش|م))?"


def _rows(text: str) -> list[tuple[Unit, str]]:
    rows = []
    for line in text.strip().splitlines():
        kind, name, low, high, written, *words = line.split()
        pattern = "|".join(word.replace("_", " ?") for word in words)
        rows.append(
            (Unit(kind, name, float(low), float(high), written, written.startswith("working")), pattern)
        )
    return rows


#: kind, normal unit, one of it in the normal unit (least, most), how it is shown, spellings
_ROWS = _rows(
    r"""
    duration hour 0.00027778 0.00027778 second ثانیه seconds? secs?
    duration hour 0.0166667 0.0166667 minute دقیقه دقیقه minutes? mins?
    duration hour 1 1 working_hour ساعت_کاری ساعت_اداری (?:working|business)_hours?
    duration hour 24 24 working_day روز_کاری روز_اداری روز_غیر_تعطیل (?:working|business)[-_]?_?days?
    duration hour 1 1 hour ساعت hours? hrs?
    duration hour 24 24 day شبانه_روز روز days?
    duration hour 168 168 week هفته weeks? wks?
    duration hour 336 336 fortnight fortnights?
    duration hour 672 744 month ماه months?
    duration hour 8760 8784 year سال years? yrs?
    percentage % 1 1 % % درصد percent per_cent pct
    money IRR 10 10 toman تومان تومن تمن tomans? tmn irt
    money IRR 1 1 rial ریال rials? irr
    money USD 1 1 USD دلار(?:_ا?مریکا)? (?:us_)?dollars? usd \$
    money EUR 1 1 EUR یورو euros? eur €
    money GBP 1 1 GBP پوند pounds?(?:_sterling)? gbp £
    money AED 1 1 AED درهم dirhams? aed
    money TRY 1 1 TRY لیر(?:_ترکیه)? lira try ₺
    money INR 1 1 INR روپیه rupees? inr rs ₹
    size byte 1024 1024 KB کیلو_بایت kb kib kilobytes?
    size byte 1048576 1048576 MB مگا_?بایت مگابایت مگ mb mib megabytes? megs?
    size byte 1073741824 1073741824 GB گیگا_?بایت گیگابایت گیگ gb gib gigabytes? gigs?
    size byte 1099511627776 1099511627776 TB ترا_بایت tb terabytes?
    size bit/s 1 1 Mbps مگابیت(?:_بر_ثانیه)? mbps mbit/s
    size gram 1000 1000 kg کیلو_گرم کیلو kgs? kilos? kilograms?
    size gram 1 1 g گرم grams? gr
    size gram 1000000 1000000 t تن tonn?es?
    size gram 453.6 453.6 lb lbs? pounds_weight
    size metre 0.001 0.001 mm میلی_متر mm millimet(?:er|re)s?
    size metre 0.01 0.01 cm سانتی_متر سانت cm centimet(?:er|re)s?
    size metre 1000 1000 km کیلو_متر km kilomet(?:er|re)s?
    size metre 1 1 m متر met(?:er|re)s?
    size metre 0.0254 0.0254 inch اینچ inch(?:es)?
    size metre 1609.34 1609.34 mile مایل miles?
    size litre 1 1 l لیتر lit(?:er|re)s?
    size degree 1 1 ° درجه(?:_سانتی_گراد)? °c? degrees?
    """
)
_NOT_WORD_AFTER = r"(?![a-z\u0621-\u063a\u0641-\u064a\u067e-\u06cc])"
_AFTER = [
    (unit, re.compile(rf"[ \t]*-?[ \t]*(?:{words}){_SUFFIX}{'' if words in ('%',) else _NOT_WORD_AFTER}"))
    for unit, words in _ROWS
]
_MONEY_BEFORE = [
    (unit, re.compile(rf"(?:(?<![a-z])(?:{words}))[ \t]*\Z")) for unit, words in _ROWS if unit.kind == "money"
]
_IN_HEADER = [
    (unit, re.compile(rf"(?<![a-z\u0621-\u06cc])(?:{words}){_SUFFIX}{_NOT_WORD_AFTER}"))
    for unit, words in _ROWS
    if unit.kind in ("duration", "percentage", "money", "size")
]


def unit_after(folded: str, at: int) -> tuple[Unit, int] | None:
    """The unit that begins at `at`, after spaces, and where it ends."""
    for unit, pattern in _AFTER:
        match = pattern.match(folded, at)
        if match:
            return unit, match.end()
    return None


def money_before(folded: str, at: int) -> tuple[Unit, int] | None:
    """The currency that ends right before `at`, and where it begins."""
    head = folded[max(0, at - 12) : at]
    for unit, pattern in _MONEY_BEFORE:
        match = pattern.search(head)
        if match:
            return unit, at - len(head) + match.start()
    return None


def unit_in(header: str) -> Unit | None:
    """The one unit that a table's header names: "هزینه (تومان)", "Days from delivery"."""
    found = {unit: match.start() for unit, pattern in _IN_HEADER if (match := pattern.search(header))}
    if not found:
        return None
    working = [unit for unit in found if unit.is_working]
    return working[0] if working else min(found, key=lambda unit: found[unit])
