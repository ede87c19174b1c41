"""Find and mask personal data in Persian, English and mixed text, for Iran and in general.

Every claim errs on the side of leaving text alone where a mark would damage knowledge: numbers need a
checksum, a label or an unmistakable shape; landlines must be said to be somebody's own; mailboxes
of a team (support@, info@) are public; names stand behind a title.
"""

import re
from bisect import bisect_left

from search.personal.checks import PersonalKind, PersonalSpan
from search.personal.names import find_names
from search.personal.numbers import find_ibans, find_numbers
from search.personal.places import find_addresses, find_emails

__all__ = ["PersonalKind", "PersonalSpan", "find_personal", "mask_personal"]

_PERSIAN_MARKS = {
    PersonalKind.IBAN: "[شماره شبا]",
    PersonalKind.CARD: "[شماره کارت]",
    PersonalKind.MOBILE: "[شماره موبایل]",
    PersonalKind.LANDLINE: "[شماره تلفن]",
    PersonalKind.POSTAL_CODE: "[کد پستی]",
    PersonalKind.NATIONAL_ID: "[کد ملی]",
    PersonalKind.LEGAL_ID: "[شناسه ملی]",
    PersonalKind.EMAIL: "[ایمیل]",
    PersonalKind.ADDRESS: "[نشانی]",
    PersonalKind.NAME: "[نام]",
}
_ENGLISH_MARKS = {
    PersonalKind.IBAN: "[IBAN]",
    PersonalKind.CARD: "[card number]",
    PersonalKind.MOBILE: "[mobile number]",
    PersonalKind.LANDLINE: "[phone number]",
    PersonalKind.POSTAL_CODE: "[postal code]",
    PersonalKind.NATIONAL_ID: "[national ID]",
    PersonalKind.LEGAL_ID: "[company ID]",
    PersonalKind.EMAIL: "[email]",
    PersonalKind.ADDRESS: "[address]",
    PersonalKind.NAME: "[name]",
}
_MARK = re.compile("|".join(map(re.escape, (*_PERSIAN_MARKS.values(), *_ENGLISH_MARKS.values()))))
#: Stands for each character of a mark while searching: no letter, digit, gap or label.
_OPAQUE = "\x00"

_PERSIAN_LETTERS = re.compile("[\u0620-\u064a\u066e-\u06d3]+")
_LATIN_LETTERS = re.compile("[A-Za-z]+")
_PERSIAN_DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9]")


def find_personal(text: str) -> list[PersonalSpan]:
    """Spans of personal data in reading order, disjoint; marks that `mask_personal` left are not looked into.

    Where two readings overlap the wider kind wins: address, e-mail, IBAN, other numbers, name.
    """
    folded = text.translate(_FOLD)
    if "[" in text:
        folded = _MARK.sub(lambda mark: _OPAQUE * len(mark[0]), folded)
    kept: list[PersonalSpan] = []
    starts: list[int] = []
    for found in (
        find_addresses(text, folded),
        find_emails(folded),
        find_ibans(folded),
        find_numbers(folded),
        find_names(text, folded),
    ):
        for span in found:
            at = bisect_left(starts, span.start)
            free_before = at == 0 or kept[at - 1].end <= span.start
            if free_before and (at == len(kept) or span.end <= kept[at].start):
                kept.insert(at, span)
                starts.insert(at, span.start)
    return kept


def mask_personal(text: str) -> str:
    """`text` with a readable mark for each span of personal data; masking twice changes nothing.

    Marks are Persian where the text around the spans is mostly of Persian letters, else English.
    """
    spans = find_personal(text)
    if not spans:
        return text
    marks = _PERSIAN_MARKS if _is_persian(text, spans) else _ENGLISH_MARKS
    while spans:  # a mark can end the context that hid a neighbour, so until nothing is left
        pieces: list[str] = []
        at = 0
        for span in spans:
            pieces += (text[at : span.start], marks[span.kind])
            at = span.end
        text = "".join([*pieces, text[at:]])
        spans = find_personal(text)
    return text


def _is_persian(text: str, spans: list[PersonalSpan]) -> bool:
    """Whether Persian letters outweigh Latin ones outside the spans; without letters the digits decide."""
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    around = "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
    persian = sum(map(len, _PERSIAN_LETTERS.findall(around)))
    latin = sum(map(len, _LATIN_LETTERS.findall(around)))
    if persian or latin:
        return persian >= latin
    return _PERSIAN_DIGITS.search(text) is not None


class _FoldTable(dict[int, str]):
    """Code point to folded character; the rest stay as they are, remembered when first met."""

    def __missing__(self, code: int) -> str:
        self[code] = char = chr(code)
        return char


def _fold_table() -> _FoldTable:
    """One character for one: ASCII digits and dashes, lower case, Persian letters, ZWNJ for the unseen."""
    table = _FoldTable({ord(upper): upper.lower() for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
    for zero in (0x0660, 0x06F0, 0xFF10):
        table.update({zero + digit: str(digit) for digit in range(10)})
    for letter, variants in (("ی", "يىئ"), ("ک", "ك"), ("ه", "ةۀ"), ("ا", "أإ"), ("و", "ؤ")):
        table.update({ord(variant): letter for variant in variants})
    # soft hyphen and not-sign stand for ZWNJ in old texts; marks of direction and of vowels are not seen
    unseen = [0xAC, 0xAD, 0x640, 0x670, 0x61C, 0xFEFF, *range(0x64B, 0x660), *range(0x200B, 0x2010)]
    unseen += [*range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A)]
    table.update(dict.fromkeys(unseen, "\u200c"))
    table.update(dict.fromkeys([0x09, 0xA0, 0x202F, *range(0x2000, 0x200B)], " "))
    table.update(dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE63, 0xFF0D], "-"))
    table.update({0xFF0B: "+", 0x2044: "/", 0x2215: "/", 0xFF20: "@", 0x00B7: ".", 0x2022: "."})
    return table


_FOLD = _fold_table()
