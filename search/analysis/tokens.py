"""Cut folded text into surface words, numbers and codes; affixes written apart stay with their host."""

import re
from dataclasses import dataclass
from enum import StrEnum

from search.analysis.fold import ZWNJ


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    CODE = "code"


_L = "[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f]"
_GAP = f"[ \t{ZWNJ}]{{1,4}}"
_PLURAL = "ها(?:ی(?:ی|م|ت|ش|مان|تان|شان|مون|تون|شون|ند)?|م|ت|ش|مان|تان|شان|مون|تون|شون|ست|رو|را)?"
#: Suffix tokens that may stand apart, with what must come before the gap. Those of the last line are
#: only joined to a known word (`split_surface`).
_AFTER_HOST = (
    f"{_GAP}{_PLURAL}",
    f"(?<=[هاو]){_GAP}ی",
    f"(?<=ه){_GAP}(?:ای|ایم|اید|اند|است)",
    f"{_GAP}(?:ترین|ترها|تری|تر|مان|تان|شان|مون|تون|شون|ام|ات|اش)",
)
CONDITIONAL = frozenset(
    ("ترین", "ترها", "تری", "تر", "مان", "تان", "شان", "مون", "تون", "شون", "ام", "ات", "اش")
)
#: Verb endings that stand apart only after a participle in -eh: بک‌اند is no verb.
AFTER_PARTICIPLE = frozenset(("ای", "ایم", "اید", "اند", "است"))
PREVERBS = frozenset(("بر", "در", "باز", "فرا", "فرو", "وا", "ور"))
PREFIXES = frozenset(
    ("می", "نمی", "همی", *(preverb + prefix for preverb in PREVERBS for prefix in ("می", "نمی")))
)

_PREVERB = "(?:بر|در|باز|فرا|فرو|وا|ور)"
#: Looks at one letter first: most words begin and end a surface of their own.
_SURFACE = (
    f"(?:(?=[بدفونهم])(?:{_PREVERB}{_GAP}(?=ن?می))?(?:{_PREVERB}?[نه]?می{_GAP}(?={_L}))?)?"
    f"{_L}+(?:{ZWNJ}+{_L}+)*"
    f"(?:(?=[ \t{ZWNJ}]{{1,4}}[هیاتمش])(?:{'|'.join(_AFTER_HOST)})(?!{_L}|{ZWNJ}+{_L}))*"
)
_ALNUM = "[a-z0-9]"
#: Iranian numbers with any grouping: mobile with or without the country's code, landline, bank card.
_MOBILE = r"(?:(?:\+|00)98[ -]?0?|0)9\d{2}[ -]?\d{3}[ -]?(?:\d{4}|\d{2}[ -]\d{2})"
_LANDLINE = r"(?:(?:\+|00)98[ -]?|0)[1-8]\d[ -]?\d{4}[ -]?\d{4}"
_CARD = r"[4-9]\d{3}[ -]\d{4}[ -]\d{4}[ -]\d{4}"
#: Months of the Iranian calendar, folded, in order.
MONTHS = tuple(
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر ابان اذر دی بهمن اسفند".split()  # noqa: SIM905 - twelve quoted words fit no line
)
_NEAR = f"[ \t{ZWNJ}]{{1,2}}"
_WRITTEN_DATE = rf"\d{{1,2}}{_NEAR}(?:{'|'.join(MONTHS)})(?:{_NEAR}?ماه)?{_NEAR}1[34]\d{{2}}(?!\d)"
_AMOUNT = (
    r"\d{1,3}(?:(?:[,،]\d{3})+(?:\.\d+)?(?![\d,])"
    r"|(?P<point>[./])\d{3}(?:(?P=point)\d{3})+(?<=000)(?![\d./]*\d))"
)
TOKEN = re.compile(
    f"(?P<persian>{_SURFACE})"
    rf"|(?P<email>[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{{2,}})"
    rf"|(?P<phone>(?:{_MOBILE}|{_LANDLINE}|{_CARD})(?![a-z0-9]|[-.]\d))"
    rf"|(?P<written>{_WRITTEN_DATE})"
    rf"|(?P<amount>{_AMOUNT})"
    r"|(?P<date>\d{1,4}(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,4}(?![-/.]?[a-z0-9]))"
    r"|(?P<sign>(?:c\+\+|[cf]#)(?![a-z0-9]))"
    rf"|(?P<latin>{_ALNUM}+(?:[-_.]{_ALNUM}+|(?<=[a-z])['’][a-z]+)*)"
    r"|(?P<other>[^\W_]+)"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One Persian surface word inside a surface run.

    Attributes:
        start, end: place inside the run.
        joined: the letters without ZWNJ or gaps.
        pieces: what the writer set apart by ZWNJ, without inflection; one piece if nothing was.
    """

    start: int
    end: int
    joined: str
    pieces: tuple[str, ...]


_SPLIT = re.compile(f"[^ \t{ZWNJ}]+")
_INFLECTION = re.compile(f"(?:{_PLURAL}|ی|ای|یی|م|ت|ش)")


def _is_inflection(host: str, piece: str) -> bool:
    if piece in AFTER_PARTICIPLE and piece != "ای":
        return host.endswith("ه")
    return piece in CONDITIONAL or _INFLECTION.fullmatch(piece) is not None


def letters(surface: str) -> str:
    """The surface without ZWNJ and gaps."""
    return "".join(_SPLIT.findall(surface))


def word_of(surface: str, start: int, end: int) -> Word:
    """The word that covers `surface[start:end]`."""
    parts = _SPLIT.findall(surface, start, end)
    kept = len(parts)
    while kept > 1 and _is_inflection(parts[kept - 2], parts[kept - 1]):
        kept -= 1
    if parts[0] in PREFIXES:
        kept = 1
    return Word(start, end, "".join(parts), tuple(parts[:kept]))


def space_split(surface: str) -> list[tuple[int, int]]:
    """Spans of the tokens in `surface` that spaces separate; a gap of ZWNJ alone does not."""
    spans: list[tuple[int, int]] = []
    for match in re.finditer("[^ \t]+", surface):
        start = match.start() + len(match.group()) - len(match.group().lstrip(ZWNJ))
        end = match.start() + len(match.group().rstrip(ZWNJ))
        if start < end:
            spans.append((start, end))
    return spans
