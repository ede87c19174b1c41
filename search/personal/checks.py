"""Kinds of personal data, and the arithmetic that tells a real number from any other.

Digits are ASCII here; `search.personal` folds Persian and Arabic ones first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class PersonalKind(StrEnum):
    """What a span of text tells about a person."""

    IBAN = "iban"
    CARD = "card"
    MOBILE = "mobile"
    LANDLINE = "landline"
    POSTAL_CODE = "postal_code"
    NATIONAL_ID = "national_id"
    LEGAL_ID = "legal_id"
    EMAIL = "email"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """`text[start:end]` is personal data of this kind (code points)."""

    kind: PersonalKind
    start: int
    end: int


def _listed(items: str) -> frozenset[str]:
    return frozenset(items.split())


#: First six digits of the cards of Iranian banks and credit institutions (list of the Central Bank's Shetab).
IRANIAN_BANKS = _listed(
    """
    502229 502806 502908 502910 502937 502938 504172 504706 505416 505785 505801 505809 507677 589210 589463
    603769 603770 603799 606256 606373 610433 621986 622106 627353 627381 627412 627488 627648 627760 627884
    627961 628023 628157 636214 636795 636797 636949 639194 639217 639346 639347 639370 639599 639607 991975
    """
)
#: Two digits after the zero of a landline: one code for each province of Iran.
AREA_CODES = _listed(
    "11 13 17 21 23 24 25 26 28 31 34 35 38 41 44 45 51 54 56 58 61 66 71 74 76 77 81 83 84 86 87"
)
#: Characters of an IBAN by country (SWIFT IBAN registry).
IBAN_LENGTHS = {
    item[:2]: int(item[2:])
    for item in _listed(
        """
        ae23 at20 az28 be16 ch21 cy28 cz24 de22 dk18 es24 fi18 fr27 gb22 ge22 gr27 hu28 ie22 iq23 ir26
        it27 jo30 kw30 lb28 lu20 nl18 no15 pk24 pl28 pt25 qa29 ro24 sa24 se24 tr26 ua29
        """
    )
}
_LEGAL_WEIGHTS = (29, 27, 23, 19, 17)


def is_iban(folded: str) -> bool:
    """Whether lower-case letters and digits without gaps are an IBAN.

    The length is its country's; with the first four at the end and letters as 10..35, mod 97 = 1 (ISO 13616).
    """
    if len(folded) != IBAN_LENGTHS.get(folded[:2]) or not folded[2:4].isdigit():
        return False
    moved = folded[4:] + folded[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of those before it (ISO/IEC 7812-1)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def is_national_id(digits: str) -> bool:
    """Whether 8 to 10 digits are an Iranian national id (کد ملی); missing leading zeros are put back.

    Weights 10..2, r = sum mod 11, check digit r below 2 and 11 - r above (national civil registration).
    """
    padded = digits.zfill(10)
    if len(padded) != 10 or len(digits) < 8 or len(set(padded)) == 1:
        return False
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(padded[:9])) % 11
    return int(padded[9]) == (rest if rest < 2 else 11 - rest)


def is_legal_id(digits: str) -> bool:
    """Whether 11 digits are the id of an Iranian legal entity (شناسه ملی اشخاص حقوقی)."""
    if len(digits) != 11 or digits[3:9] == "000000":
        return False
    shift = int(digits[9]) + 2
    total = sum((shift + int(digit)) * _LEGAL_WEIGHTS[place % 5] for place, digit in enumerate(digits[:10]))
    return int(digits[10]) == total % 11 % 10


def is_mobile(digits: str) -> bool:
    """Whether digits (a leading + already gone) are an Iranian mobile number with its 0, 98 or 0098."""
    return _after_prefix(digits, lambda rest: rest[0] == "9")


def is_landline(digits: str) -> bool:
    """Whether digits (a leading + already gone) are a landline of Iran with 0, 98 or 0098 and area code."""
    return _after_prefix(digits, lambda rest: rest[:2] in AREA_CODES and rest[2] not in "01")


def _after_prefix(digits: str, accepts: Callable[[str], bool]) -> bool:
    """Whether a prefix of Iran and ten accepted digits make up `digits`."""
    for prefix in ("00980", "0098", "980", "98", "0"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 10:
            return accepts(digits[len(prefix) :])
    return False
