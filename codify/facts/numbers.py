"""Numbers in folded Persian and English text, in digits and in words: ۲ میلیون و ۵۰۰ هزار, twenty-five."""

import re
from dataclasses import dataclass


def _values(text: str) -> dict[str, float]:
    pairs = (part.partition("=") for part in text.split())
    return {word: float(value) for value, _, words in pairs for word in words.split("|")}


#: below a thousand, folded, spoken forms too
_SMALL = _values(
    """
    0=صفر|zero 1=یک|یه|one 2=دو|two 3=سه|three 4=چهار|چار|four 5=پنج|five 6=شش|شیش|six 7=هفت|seven
    8=هشت|eight 9=نه|nine 10=ده|ten 11=یازده|eleven 12=دوازده|twelve|dozen 13=سیزده|thirteen
    14=چهارده|چارده|fourteen 15=پانزده|پونزده|fifteen 16=شانزده|شونزده|sixteen 17=هفده|هیفده|seventeen
    18=هجده|هیجده|هژده|eighteen 19=نوزده|nineteen 20=بیست|twenty 30=سی|thirty 40=چهل|forty 50=پنجاه|fifty
    60=شصت|sixty 70=هفتاد|seventy 80=هشتاد|eighty 90=نود|ninety 100=صد|یکصد 200=دویست 300=سیصد
    400=چهارصد|چارصد 500=پانصد|پونصد 600=ششصد|شیشصد 700=هفتصد 800=هشتصد 900=نهصد
    """
)
_LARGE = _values("1000=هزار|thousand|k 1000000=میلیون|ملیون|میلیونی|million 1000000000=میلیارد|billion")
_HALF = frozenset(("نیم", "half"))
_ARTICLES = frozenset(("a", "an"))
_AND = frozenset(("و", "and"))
#: words that are numbers only right before a unit: نه is also "no", سی a name, ده a village, یک an article
_WEAK = frozenset(("یک", "یه", "نه", "ده", "one", "a", "an", "نیم", "half", "k"))
_LETTER = "[\u0621-\u063a\u0641-\u064a\u067e-\u06cc]"
_TOKEN = re.compile(
    r"\d{1,3}(?:[,،]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    r"|(?:هزار|میلیون|میلیارد)(?=(?:تومان|تومن|ریال|تا))|half an?(?= )"
    rf"|{_LETTER}+|[a-z]+"
)
_GAP = re.compile(r"[ \t]*")
#: twenty-five
_HYPHEN = re.compile(r"(?<=ty)-(?=[a-z])")
_GROUPED_BY_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})+(?![\d.])")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at its place in the folded text.

    Args:
        is_weak: a word that is a number only where a unit follows at once.
        has_digits: not only words.
        low: the smaller one of "دو سه روز", else the number itself.
    """

    start: int
    end: int
    value: float
    low: float
    is_weak: bool
    has_digits: bool


_Token = tuple[int, int, str]


class _Reading:
    """A number being read, token by token."""

    def __init__(self, folded: str, tokens: list[_Token], at: int) -> None:
        self._folded = folded
        self._tokens = tokens
        self._first = at
        self.upto = at
        self.end = tokens[at][0]
        self.total = 0.0
        self.group: float | None = None
        self.least = float("inf")
        self.low: float | None = None
        self.has_digits = False
        self.is_weak = True

    @property
    def value(self) -> float:
        return self.total + (self.group or 0.0)

    def read(self) -> None:
        """Take tokens as long as they belong to the number."""
        while self.upto < len(self._tokens):
            at = self.upto
            joined = at > self._first and self._tokens[at][2] in _AND
            if joined:
                at += 1
            if at >= len(self._tokens) or not self._is_near(at, joined):
                return
            start, stop, word = self._tokens[at]
            grouped = _grouped(self._folded, start) if word[0].isdigit() else None
            if not self._take(grouped or word, start, joined):
                return
            self.end = start + len(grouped) if grouped else stop
            self.upto = at + 1 + sum(1 for token in self._tokens[at + 1 : at + 5] if token[0] < self.end)
            self.is_weak = self.is_weak and word in _WEAK
            if word in _HALF:
                return

    def _is_near(self, at: int, joined: bool) -> bool:
        """Whether a token follows what was read, with at most spaces and one "and" between."""
        if at == self._first:
            return True
        before = self._tokens[at - 1][1] if joined else self.end
        start = self._tokens[at][0]
        if joined and not _GAP.fullmatch(self._folded, self.end, self._tokens[at - 1][0]):
            return False
        hyphen = start == before + 1 and _HYPHEN.match(self._folded, before)
        return _GAP.fullmatch(self._folded, before, start) is not None or hyphen is not None

    def _take(self, word: str, start: int, joined: bool) -> bool:
        """Add a token; False where it cannot belong to the number."""
        if word[0].isdigit():
            self.has_digits = True
            return self._add(_digits(word))
        if word in _SMALL:
            return self._add(_SMALL[word]) or (not joined and self._becomes_range(_SMALL[word]))
        if word == "hundred" and self.group:
            self.group *= 100
            return True
        if word in _LARGE and (word != "k" or (self.has_digits and self.end == start)):
            return self._multiply(_LARGE[word])
        if word in _HALF and (joined or self.upto == self._first):
            self.total += 0.5 * (self.least if self.group is None and self.total else 1.0)
            return True
        return False

    def _add(self, value: float) -> bool:
        if self.group is None:
            if self.total and value >= self.least:
                return False
            self.group = value
            return True
        tens = value < 100 and self.group >= 100 and not self.group % 100
        ones = value < 10 and self.group % 100 >= 20 and not self.group % 10
        if value > 0 and (tens or ones):
            self.group += value
            return True
        return False

    def _becomes_range(self, value: float) -> bool:
        """دو سه روز: two or three."""
        if self.has_digits or self.group is None or self.total or not self.group < value <= 10:
            return False
        self.low, self.group = self.group, value
        return True

    def _multiply(self, by: float) -> bool:
        if by >= self.least:
            return False
        self.total += (1.0 if self.group is None else self.group) * by
        self.group, self.least = None, by
        return True


def find_numbers(folded: str) -> list[Number]:
    """Numbers in reading order; text is folded and has spaces for ZWNJ."""
    tokens = [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(folded)]
    found: list[Number] = []
    at = 0
    while at < len(tokens):
        start, end, word = tokens[at]
        if _stands_in_word(folded, start):
            at += 1
        elif word in _ARTICLES or word.startswith("half a"):
            value = 1.0 if word in _ARTICLES else 0.5
            found.append(Number(start, end, value, value, True, False))
            at += 1
        else:
            reading = _Reading(folded, tokens, at)
            reading.read()
            if reading.upto > at:
                low = reading.value if reading.low is None else reading.low
                weak = reading.is_weak and not reading.has_digits
                found.append(Number(start, reading.end, reading.value, low, weak, reading.has_digits))
            at = max(reading.upto, at + 1)
    return found


def _digits(word: str) -> float:
    word = word.replace(",", "").replace("،", "")
    if word.count(".") > 1 or (_GROUPED_BY_POINTS.fullmatch(word) and word.endswith("000")):
        word = word.replace(".", "")
    return float(word)


def _grouped(folded: str, start: int) -> str | None:
    """10.000.000 and 250.000: points between thousands, where a currency may follow."""
    match = _GROUPED_BY_POINTS.match(folded, start)
    if match is None:
        return None
    text = match[0]
    if text.count(".") > 1 or (text.endswith("000") and not text.startswith("0")):
        return text
    return None


def _stands_in_word(folded: str, start: int) -> bool:
    """Whether a letter or a code goes on right before: the 3 of mp3, the 12 of A-12."""
    before = folded[start - 1 : start]
    if not before:
        return False
    if before.isascii() and (before.isalpha() or before == "_"):
        return True
    return (
        folded[start].isdigit()
        and before in "-./"
        and folded[start - 2 : start - 1].isalnum()
        and (folded[start - 2].isascii() and folded[start - 2].isalpha())
    )
