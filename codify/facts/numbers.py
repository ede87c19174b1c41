"""Numbers in folded Persian and English text, in digits, in words and mixed: 49,000 · ۲ میلیون و ۵۰۰ هزار · two."""

import re
from dataclasses import dataclass


def _values(text: str) -> dict[str, float]:
    return {
        word: float(value)
        for value, _, words in (p.partition("=") for p in text.split())
        for word in words.split("|")
    }


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


@dataclass(slots=True)
class _Reading:
    """A number being read, group by group."""

    total: float = 0.0
    group: float | None = None
    least: float = float("inf")

    def take(self, value: float) -> bool:
        """Add a number below a thousand, or digits; False where it cannot belong to what was read."""
        if self.group is None:
            if self.total and value >= self.least:
                return False
            self.group = value
            return True
        if value < 100 and self.group >= 100 and not self.group % 100 and value > 0:
            self.group += value
            return True
        if value < 10 and self.group % 100 >= 20 and not self.group % 10 and value > 0:
            self.group += value
            return True
        return False

    def multiply(self, by: float) -> bool:
        if by >= self.least:
            return False
        self.total += (1.0 if self.group is None else self.group) * by
        self.group, self.least = None, by
        return True

    @property
    def value(self) -> float:
        return self.total + (self.group or 0.0)


def find_numbers(folded: str) -> list[Number]:
    """Numbers in reading order; text is folded and has spaces for ZWNJ."""
    tokens = [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(folded)]
    found: list[Number] = []
    at = 0
    while at < len(tokens):
        upto, number = _read(folded, tokens, at)
        if number is not None:
            found.append(number)
        at = max(upto, at + 1)
    return found


def _read(folded: str, tokens: list[tuple[int, int, str]], at: int) -> tuple[int, Number | None]:
    first, last, word = tokens[at]
    if _stands_in_word(folded, first):
        return at + 1, None
    if word.startswith("half a"):
        return at + 1, Number(first, last, 0.5, 0.5, True, False)
    if word in ("a", "an"):
        return at + 1, Number(first, last, 1.0, 1.0, True, False)
    reading, digits, low = _Reading(), False, None
    end, upto, weak = last, at, True
    joined = False
    while upto < len(tokens):
        start, stop, word = tokens[upto]
        if (
            upto > at
            and not _GAP.fullmatch(folded, end, start)
            and not (start == end + 1 and _HYPHEN.match(folded, end))
        ):
            break
        if word in _AND:
            if upto == at or joined:
                break
            joined, upto = True, upto + 1
            end_of_and = stop
            if upto >= len(tokens) or not _GAP.fullmatch(folded, end_of_and, tokens[upto][0]):
                break
            if not _is_number(tokens[upto][2]) and tokens[upto][2] not in _HALF:
                break
            start, stop, word = tokens[upto]
        if word[0].isdigit():
            text = _grouped(folded, start) or word
            taken = reading.take(
                float(text.replace(",", "").replace("،", "").replace(".", ""))
                if text != word or _is_grouped(word)
                else float(word)
            )
            if not taken:
                break
            digits, stop = True, start + len(text)
            upto += sum(1 for token in tokens[upto + 1 :] if token[0] < stop)
        elif word in _SMALL:
            if not reading.take(_SMALL[word]):
                if (
                    not digits
                    and not joined
                    and reading.group is not None
                    and reading.group < _SMALL[word] <= 10
                ):
                    low, reading = reading.group, _Reading(group=_SMALL[word])  # دو سه روز
                else:
                    break
        elif word == "hundred" and reading.group:
            reading.group *= 100
        elif word in _LARGE and (word != "k" or (digits and end == start)):
            if not reading.multiply(_LARGE[word]):
                break
        elif word in _HALF and (joined or upto == at):
            reading.total += 0.5 * (reading.least if reading.group is None and reading.total else 1.0)
            end, upto = stop, upto + 1
            weak = weak and upto == at + 1
            break
        else:
            break
        weak = weak and word in _WEAK
        end, joined, upto = stop, False, upto + 1
    if end == last and upto == at:
        return at + 1, None
    value = reading.value
    return upto, Number(first, end, value, value if low is None else low, weak and not digits, digits)


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _SMALL or word in _LARGE


def _is_grouped(word: str) -> bool:
    return "," in word or "،" in word


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
