"""What kind of thing a question asks for, and whether a text holds one.

A sentence that repeats the question's words need not answer it: «پولم کی برمی‌گردد» wants a time. Expected
answer types after Li and Roth 2002 ("Learning question classifiers"), those of support questions. Persons,
places and reasons are left out: told by words alone they chose worse sentences on public questions.
"""

import re
from enum import Enum

from search.analysis.fold import fold_text

_GAP = "[ \u200c]?"
_FA_TIME = f"(?:ثانیه|دقیقه|ساعت|روز|هفته|ماه|سال|شبانه{_GAP}روز)"
_EN_TIME = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)"
_HOW_MUCH = f"(?:چه{_GAP}|چ)قدر"
_COUNT = (
    r"(?:\d+|یک|دو|سه|چهار|پنج|شش|هفت|هشت|نه|ده|پانزده|بیست|سی|چهل|پنجاه|شصت|صد|"
    r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|thirty)\b)"
)
_NUMBER = re.compile(r"\d")
_PROCEDURE = re.compile(
    rf"\b(?:(?:چه{_GAP}|چ)(?:طور|جور)ی?|چگونه|(?:روش|نحوه|شیوه|مراحل|طریقه|راه) |"
    r"how (?:to|do|does|can|could|should|would|must|may)\b|steps (?:to|for)\b|way to\b)"
)


class Expected(Enum):
    """A kind of quantity: how it is asked for, how it is given, how a column is named (in folded text)."""

    TIME = (
        rf"\b(?:(?:تا{_GAP})?کی\b|(?:چه|کدام){_GAP}(?:وقت|زمان|مدت|موقع|تاریخ|روز|ساعت|سال)|چند{_GAP}{_FA_TIME}|"
        rf"{_HOW_MUCH} (?:طول|زمان|وقت)|طول می{_GAP}کش|مهلت|when\b|how (?:long|soon|late|many {_EN_TIME}))",
        rf"\b{_COUNT}[\s\u200c]*(?:[a-z]+\s+)?(?:{_FA_TIME}|{_EN_TIME}\b)|\b\d{{1,2}}:\d\d\b|\b1[2-4]\d\d\b|\b(?:19|20)\d\d\b",
        r"\b(?:زمان|مدت|مهلت|موعد|تاریخ|ساعت|روز|time|when|duration|deadline|hours|days|dates?)\b",
    )
    MONEY = (
        rf"\b(?:{_HOW_MUCH}ه?\b(?! ?(?:طول|زمان|وقت))|چند{_GAP}(?:تومان|تومن|ریال)|چنده|"
        r"(?:هزینه|قیمت|مبلغ|کارمزد|کرایه)(?:ش|م|ت)?|"
        r"how much|costs?|prices?|fees?|charges?)\b",
        r"\d[\d.,]*\s*(?:هزار|میلیون|میلیارد)?\s*(?:تومان|تومن|ریال|دلار|یورو|%|درصد|tomans?|rials?|percent|usd\b|eur\b|dollars?|euros?\b)|"
        r"[$€]\s*\d|\bرایگان\b|\bfree\b",
        r"\b(?:هزینه|قیمت|مبلغ|کارمزد|کرایه|جریمه|سقف|costs?|prices?|fees?|charges?|amount)\b",
    )
    COUNT = (
        r"\b(?:چند(?!ان)|شماره|how many|numbers?)\b",
        r"\d",
        r"\b(?:تعداد|شماره|number|count)\b",
    )

    def __init__(self, asked: str, given: str, named: str) -> None:
        self._asked = re.compile(asked, re.IGNORECASE)
        self._given = re.compile(given, re.IGNORECASE)
        self._named = re.compile(named, re.IGNORECASE)

    def is_asked(self, folded: str) -> bool:
        return self._asked.search(folded) is not None

    def is_given(self, folded: str) -> bool:
        return self._given.search(folded) is not None

    def is_named(self, folded: str) -> bool:
        return self._named.search(folded) is not None


def expected_of(question: str) -> tuple[Expected, ...]:
    """What `question` asks for; the more telling kinds alone where there are several."""
    folded = fold_text(question)
    kinds = tuple(kind for kind in Expected if kind.is_asked(folded))
    telling = tuple(kind for kind in kinds if kind is not Expected.COUNT)
    return telling or kinds


def holds_expected(text: str, expected: tuple[Expected, ...]) -> bool:
    """Whether `text` gives a quantity of one of the kinds."""
    if not expected:
        return False
    folded = fold_text(text)
    return any(kind.is_given(folded) for kind in expected)


def names_expected(header: str, cell: str, expected: tuple[Expected, ...]) -> bool:
    """Whether a table's `cell` («۷۵٬۰۰۰») is a number under a `header` («هزینه») that names a kind."""
    return any(kind.is_named(fold_text(header)) and _NUMBER.search(cell) is not None for kind in expected)


def asks_how(question: str) -> bool:
    """Whether `question` asks how something is done, so that steps answer it."""
    return _PROCEDURE.search(fold_text(question)) is not None
