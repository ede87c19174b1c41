"""Figures and addresses in a generated answer that no cited passage holds: the commonest harmful invention.

A simple guard: it knows nothing of units, and numbers that the answer writes in words pass.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from search.analysis.fold import fold_text

#: powers of ten
_SCALES = {
    "هزار": 3,
    "میلیون": 6,
    "میلیارد": 9,
    "thousand": 3,
    "million": 6,
    "billion": 9,
}
_SPELT_OUT: tuple[tuple[str, range], ...] = (
    ("یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده", range(1, 17)),
    ("هفده هجده نوزده بیست", range(17, 21)),
    ("سی چهل پنجاه شصت هفتاد هشتاد نود صد", range(30, 101, 10)),
    ("دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد", range(200, 901, 100)),
    ("one two three four five six seven eight nine ten eleven twelve", range(1, 13)),
    ("thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty", range(13, 21)),
    ("thirty forty fifty sixty seventy eighty ninety", range(30, 91, 10)),
)
_WORDS = {
    word: value for words, values in _SPELT_OUT for word, value in zip(words.split(), values, strict=True)
}
_GAP = r"[ \t\u200c]*"
_SCALE = "|".join(_SCALES)
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
#: digits with whatever may stand inside an amount, a date, a time or a version
_FIGURE = re.compile(rf"(\d+(?:[.,،:/]\d+)*)(?:{_GAP}({_SCALE}))?")
_SPELT = re.compile(rf"\b((?:{_WORD})(?:(?:{_GAP}و{_GAP}|[ -])(?:{_WORD}))*)\b(?:{_GAP}({_SCALE}))?")
_GROUPED = re.compile(r"\d{1,3}(?:[.,،]\d{3})+")
_LIST_NUMBER = re.compile(r"^[ \t]*\d{1,2}[.)-][ \t]", re.MULTILINE)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>«»\"'()\[\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def invented(answer: str, passages: str) -> list[str]:
    """Figures and addresses of `answer` that stand nowhere in `passages`; each as the folded answer has it.

    Figures are compared by value: «۴۵٬۰۰۰», 45,000 and «۴۵ هزار» are one, and so are ۳ and «سه» in a passage.
    Dates and times are compared part by part. The numbers of a list's items are no figures.
    """
    claimed, known = fold_text(_LIST_NUMBER.sub("", answer)), fold_text(passages)
    values = set(_values(known))
    wrong = [
        figure[0]
        for figure in _FIGURE.finditer(claimed)
        if not all(readings & values for readings in _readings(figure[1], figure[2]))
    ]
    addresses = (found.rstrip(".,،؛:!؟?") for found in _ADDRESS.findall(claimed))
    return wrong + [address for address in addresses if address not in known]


def _values(text: str) -> Iterator[Decimal | str]:
    """Every value that `text` gives, in digits or in words."""
    for figure in _FIGURE.finditer(text):
        for readings in _readings(figure[1], figure[2]):
            yield from readings
    for spelt in _SPELT.finditer(text):
        words = [_WORDS[word] for word in re.findall(_WORD, spelt[1])]
        for number in (*words, sum(words)):
            yield _value(str(number), spelt[2])


def _readings(digits: str, scale: str | None) -> list[set[Decimal | str]]:
    """For each part of a figure the values it may mean: 45.000 is forty-five or forty-five thousand."""
    parts: list[set[Decimal | str]] = []
    for part in re.split("[:/]", digits):
        if _GROUPED.fullmatch(part):
            parts.append({_value(re.sub("[.,،]", "", part), scale)})
            if re.fullmatch(r"\d+\.\d+", part):
                parts[-1].add(_value(part, scale))
        elif part.count(".") > 1:
            parts.append({part})  # a version
        else:
            parts += ({_value(number, scale)} for number in re.split("[,،]", part))
    return parts


def _value(number: str, scale: str | None) -> Decimal:
    """Exact, however many digits."""
    return Decimal(f"{number}e{_SCALES.get(scale or '', 0)}")
