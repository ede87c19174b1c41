"""Other ways people spell the same text, made on purpose: for property tests and the spelling matrix."""

import random
import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from search.analysis.fold import ZWNJ


class Zwnj(StrEnum):
    """What becomes of the zero-width non-joiners of a text."""

    KEEP = "keep"
    STRIP = "strip"
    SPACE = "space"


_LETTERS = str.maketrans({"ی": "ي", "ک": "ك", "ۀ": "هٔ"})
_FARSI = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_ASCII = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_WORD = re.compile("[\u0621-\u063a\u0641-\u064a\u067e-\u06cc]{4,}|[A-Za-z]{4,}")
_PERSIAN_LETTER = re.compile("[\u0621-\u063a\u0641-\u064a\u067e-\u06cc]")
_ALPHABET = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
#: Letters with one sound, and neighbours on the ISIRI 9147 keyboard.
_CONFUSED = ("سصث", "زذضظ", "تط", "هح", "قغ", "اع", "بی", "لا", "نت", "کگ", "رذ", "فق", "خح")


def with_zwnj(text: str, how: Zwnj) -> str:
    """The text with its ZWNJ kept, deleted or turned into spaces."""
    if how is Zwnj.KEEP:
        return text
    return text.replace(ZWNJ, "" if how is Zwnj.STRIP else " ")


def with_arabic_letters(text: str) -> str:
    """Persian yeh, kaf and heh-yeh as an Arabic keyboard types them."""
    return text.translate(_LETTERS)


def with_digits(text: str, script: str) -> str:
    """All digits in one script: 'fa', 'ar' or 'en'."""
    plain = text.translate(_ASCII)
    return {"fa": plain.translate(_FARSI), "ar": plain.translate(_ARABIC), "en": plain}[script]


def with_diacritics(text: str, seed: int) -> str:
    """Vowel marks strewn after some letters."""
    chance = random.Random(seed)  # noqa: S311 - spelling, not secrets
    return "".join(
        char + chance.choice("\u064e\u0650\u064f\u0651")
        if _PERSIAN_LETTER.match(char) and chance.random() < 0.2
        else char
        for char in text
    )


def with_tatweel(text: str, seed: int) -> str:
    """Some words stretched with tatweel between two letters."""
    chance = random.Random(seed)  # noqa: S311
    stretched = []
    for char, following in zip(text, text[1:] + " ", strict=True):
        stretched.append(char)
        both = _PERSIAN_LETTER.match(char) and _PERSIAN_LETTER.match(following)
        if both and chance.random() < 0.15:
            stretched.append("\u0640" * chance.randint(1, 3))
    return "".join(stretched)


@lru_cache(maxsize=1)
def _presentation_forms() -> dict[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for code in [*range(0xFB50, 0xFDFC), *range(0xFE80, 0xFEFD)]:
        letters = unicodedata.normalize("NFKC", chr(code))
        if len(letters) == 1:
            forms.setdefault(letters, []).append(chr(code))
    return forms


def with_presentation_forms(text: str, seed: int) -> str:
    """Letters as the positional forms that PDF text layers hold."""
    chance = random.Random(seed)  # noqa: S311
    forms = _presentation_forms()
    return "".join(chance.choice(forms[char]) if char in forms else char for char in text)


def with_wide_spaces(text: str) -> str:
    """Every space doubled, as justified text has it."""
    return text.replace(" ", "  ")


def with_typos(text: str, count: int, seed: int) -> str:
    """The text with `count` random edits, at most one a word, in words of four letters or more.

    An edit is a deletion, a doubled letter, a swap of neighbours, or a letter confused by sound or keyboard.
    """
    chance = random.Random(seed)  # noqa: S311
    words = list(_WORD.finditer(text))
    chosen = sorted(chance.sample(words, min(count, len(words))), key=lambda m: m.start(), reverse=True)
    for match in chosen:
        text = text[: match.start()] + _mistyped(match.group(), chance) + text[match.end() :]
    return text


def _mistyped(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    kind = chance.choice(("delete", "double", "swap", "confuse"))
    if kind == "delete":
        return word[:at] + word[at + 1 :]
    if kind == "double":
        return word[:at] + word[at] + word[at:]
    if kind == "swap" and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    similar = [other for group in _CONFUSED if word[at] in group for other in group if other != word[at]]
    alphabet = _ALPHABET if _PERSIAN_LETTER.match(word[at]) else "abcdefghijklmnopqrstuvwxyz"
    others = similar or [letter for letter in alphabet if letter != word[at]]
    return word[:at] + chance.choice(others) + word[at + 1 :]


def spelling_variants(text: str, seed: int) -> dict[str, str]:
    """Every spelling of `text` that must find the same passages, by name; no typos."""
    return {
        "zwnj_strip": with_zwnj(text, Zwnj.STRIP),
        "zwnj_space": with_zwnj(text, Zwnj.SPACE),
        "arabic_letters": with_arabic_letters(text),
        "digits_fa": with_digits(text, "fa"),
        "digits_ar": with_digits(text, "ar"),
        "digits_en": with_digits(text, "en"),
        "diacritics": with_diacritics(text, seed),
        "tatweel": with_tatweel(text, seed),
        "presentation_forms": with_presentation_forms(text, seed),
        "wide_spaces": with_wide_spaces(text),
    }
