"""Find numbers of persons - accounts, cards, telephones, ids, postal codes - by shape, checksum, context.

All text here is folded by `search.personal`: ASCII digits, lower case, one shape per letter, ZWNJ for
everything invisible. What stands around a number decides the doubtful cases (`search.personal.context`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from search.personal.checks import (
    IBAN_LENGTHS,
    IRANIAN_BANKS,
    PersonalKind,
    PersonalSpan,
    is_iban,
    is_landline,
    is_legal_id,
    is_mobile,
    is_national_id,
    passes_luhn,
)
from search.personal.context import is_other_number, is_own_line, label_of

_SEPARATOR = r"[ \-./\u200c()]{1,3}"
_CHAIN = re.compile(rf"[0-9]+(?:{_SEPARATOR}[0-9]+)*")
_LATIN = re.compile("[a-z0-9]")
_DIGITS = re.compile(r"[0-9]+")
#: Country letters (nothing before them) and, looked ahead to, what may be the rest.
_IBAN = re.compile(
    rf"(?:{'|'.join(IBAN_LENGTHS)})(?<![a-z0-9]..)(?=([ \u200c]*[0-9](?:(?:{_SEPARATOR})?[a-z0-9]){{12,28}}))"
)
#: Fewer digits than this are words that happen to follow two letters: "at 20 euros each".
_IBAN_DIGITS = 10
#: What makes the digits after it part of a code or an address of the web: SB-403, id=12, x.ir/12.
_CODE_BEFORE = re.compile(r"(?:(?<![a-z])(?!tel|mob|ph)[a-z]{1,4}[-_#.]?|[&#%_@]|[a-z0-9_][=/])\Z")
_CODE_AFTER = re.compile(r"[a-z_@%]")


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring groups of digits, read as one number."""

    folded: str
    start: int
    end: int
    digits: str
    sizes: tuple[int, ...]
    #: nothing but these digits stands between the words around them
    whole: bool
    plus: bool

    @property
    def label(self) -> str | None:
        """What the words around it call this number (`label_of`)."""
        return label_of(self.folded, self.start, self.end)

    @property
    def is_other(self) -> bool:
        """Whether an order, an amount or the like is spoken of."""
        return is_other_number(self.folded, self.start, self.end)

    @property
    def is_own(self) -> bool:
        """Whether it is somebody's own telephone."""
        return is_own_line(self.folded, self.start, self.end)

    @property
    def is_led(self) -> bool:
        """Whether the first group is long enough to open a telephone number: 2024-09-12 1234567 is none."""
        return self.whole or self.plus or self.sizes[0] >= 3


def _is_bare_iban(run: _Run) -> bool:
    usual = run.sizes in {(24,), (4,) * 6, (2, 4, 4, 4, 4, 4, 2)}
    return run.label == "iban" or (usual and not run.is_other)


def _may_be_card(digits: str) -> bool:
    if len(digits) == 15 and digits[:2] not in {"34", "37"}:
        return False
    return (digits[0] in "23456" or digits[:6] in IRANIAN_BANKS) and passes_luhn(digits)


def _is_card(run: _Run) -> bool:
    if run.digits[:6] in IRANIAN_BANKS and len(run.digits) == 16:
        return True
    usual = run.sizes in {(16,), (4, 4, 4, 4), (8, 8), (6, 2, 4, 4), (6, 10)}
    return run.label == "card" or (usual and not run.is_other)


def _may_be_mobile(digits: str) -> bool:
    return digits[0] == "9" if len(digits) == 10 else is_mobile(digits)


def _is_mobile(run: _Run) -> bool:
    return run.is_led and (len(run.digits) > 10 or run.label == "phone")


def _may_be_landline(digits: str) -> bool:
    return digits[0] not in "01" if len(digits) == 8 else is_landline(digits)


def _is_landline(run: _Run) -> bool:
    if len(run.digits) == 8:
        local = run.whole and len(run.sizes) <= 2 and not run.plus
        return local and run.is_own and not run.is_other
    return run.is_led and run.is_own


def _is_postal_code(run: _Run) -> bool:
    return (run.whole or run.sizes in {(10,), (5, 5)}) and run.label == "postal"


def _is_national_id(run: _Run) -> bool:
    one = len(run.sizes) == 1
    if len(run.digits) < 10 and not one:
        return False
    if run.label == "national":
        return True
    return len(run.digits) == 10 and (one or run.sizes == (3, 6, 1)) and not run.is_other


def _is_legal_id(run: _Run) -> bool:
    return run.label in {"national", "legal"}


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: PersonalKind
    #: of the digits, the longest tried first
    lengths: tuple[int, ...]
    #: by the digits alone, which is quick
    fits: Callable[[str], bool]
    #: by what stands around them
    accepts: Callable[[_Run], bool]


#: In the order in which they may claim digits.
_RULES = (
    _Rule(PersonalKind.IBAN, (24,), lambda digits: is_iban("ir" + digits), _is_bare_iban),
    _Rule(PersonalKind.CARD, (16, 15), _may_be_card, _is_card),
    _Rule(PersonalKind.MOBILE, (15, 14, 13, 12, 11, 10), _may_be_mobile, _is_mobile),
    _Rule(PersonalKind.LANDLINE, (15, 14, 13, 12, 11, 8), _may_be_landline, _is_landline),
    _Rule(PersonalKind.POSTAL_CODE, (10,), str.isdigit, _is_postal_code),
    _Rule(PersonalKind.NATIONAL_ID, (10, 9, 8), is_national_id, _is_national_id),
    _Rule(PersonalKind.LEGAL_ID, (11,), is_legal_id, _is_legal_id),
)
#: A number with + and another country's code, where the sentence says whose it is (ITU-T E.164).
_FOREIGN = _Rule(
    PersonalKind.LANDLINE,
    tuple(range(15, 8, -1)),
    str.isdigit,
    lambda run: run.plus and run.whole and run.is_own,
)
_LONGEST = 24


def find_ibans(folded: str) -> Iterator[PersonalSpan]:
    """IBANs with their country letters, in reading order."""
    for match in _IBAN.finditer(folded):
        begin, reach = match.start(), match.end(1)
        places = [at for at in range(begin, reach) if folded[at].isalnum()][: IBAN_LENGTHS[match[0]]]
        number = "".join(folded[at] for at in places)
        end = places[-1] + 1
        if _LATIN.match(folded, end) or sum(map(str.isdigit, number)) < _IBAN_DIGITS:
            continue
        if is_iban(number):
            yield PersonalSpan(PersonalKind.IBAN, begin, end)


def find_numbers(folded: str) -> Iterator[PersonalSpan]:
    """Numbers of persons without letters in them; disjoint, in no order."""
    for chain in _CHAIN.finditer(folded):
        start, end = chain.span()
        if end - start < 8:
            continue
        slash = start > 0 and folded[start - 1] == "/"
        is_code = _CODE_BEFORE.search(folded, max(0, start - 6), start) or _CODE_AFTER.match(folded, end)
        if is_code and not slash:
            continue
        rules = (_RULES[2],) if is_code else _RULES  # a link may hold a mobile number: wa.me/98912...
        if folded[start - 1 : start] == "+":
            rules = (*rules, _FOREIGN)
        groups = [match.span() for match in _DIGITS.finditer(folded, start, end)]
        yield from _in_chain(folded, groups, rules)


def _in_chain(folded: str, groups: list[tuple[int, int]], rules: tuple[_Rule, ...]) -> Iterator[PersonalSpan]:
    """Numbers made of neighbouring groups; what one rule claims, no later one reads."""
    digits = [folded[start:end] for start, end in groups]
    lasts = [_lasts(digits, first) for first in range(len(groups))]
    taken = [False] * len(groups)
    for rule in rules:
        for first, reached in enumerate(lasts):
            for length in rule.lengths:
                last = reached.get(length)
                if last is None or any(taken[first : last + 1]):
                    continue
                if not rule.fits("".join(digits[first : last + 1])):
                    continue
                run = _run(folded, groups, first, last)
                if rule.accepts(run):
                    taken[first : last + 1] = [True] * (last + 1 - first)
                    opened = folded[run.start - 1 : run.start] == "(" and ")" in folded[run.start : run.end]
                    yield PersonalSpan(rule.kind, run.start - (run.plus or opened), run.end)
                    break


def _lasts(digits: list[str], first: int) -> dict[int, int]:
    """By count of digits: the last of the groups that, from `first` on, have that many."""
    lasts: dict[int, int] = {}
    count = 0
    for last in range(first, len(digits)):
        count += len(digits[last])
        if count > _LONGEST:
            break
        lasts[count] = last
    return lasts


def _run(folded: str, groups: list[tuple[int, int]], first: int, last: int) -> _Run:
    chosen = groups[first : last + 1]
    start, end = chosen[0][0], chosen[-1][1]
    return _Run(
        folded=folded,
        start=start,
        end=end,
        digits="".join(folded[begin:stop] for begin, stop in chosen),
        sizes=tuple(stop - begin for begin, stop in chosen),
        whole=len(chosen) == len(groups),
        plus=folded[start - 1 : start] == "+",
    )
