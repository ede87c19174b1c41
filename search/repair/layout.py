"""Words typed on the wrong keyboard: the Persian standard layout (ISIRI 9147) over US QWERTY, both ways."""

#: the rows of a US keyboard and what the same keys give in Persian
_ROWS = (
    ("qwertyuiop[]", "ضصثقفغعهخحجچ"),
    ("asdfghjkl;'", "شسیبلاتنمکگ"),
    ("zxcvbnm,", "ظطزرذدپو"),
)
_PERSIAN = dict(pair for keys, letters in _ROWS for pair in zip(keys, letters, strict=True))
#: with shift
_SHIFTED = {
    "H": "آ",
    "C": "ژ",
    "S": "ئ",
    "A": "ؤ",
    "G": "أ",
    "F": "إ",
    "M": "ء",
    "J": "ة",
    "D": "ي",
    "Z": "ك",
}
#: Older Windows keyboards: پ beside Enter or Escape, ئ on m, ژ on backslash where پ is elsewhere.
_OLD_WINDOWS = {**_PERSIAN, "\\": "پ", "`": "پ", "m": "ئ"}
_OLD_WINDOWS_ZHEH = {**_PERSIAN, "\\": "ژ", "`": "پ", "m": "ئ"}
_LAYOUTS = (_PERSIAN, _OLD_WINDOWS, _OLD_WINDOWS_ZHEH)

_LATIN = {letter: key for key, letter in _PERSIAN.items()}
#: Other letters that these keys give, by layout or by folding.
_LATIN |= {"آ": "h", "ئ": "m", "ژ": "c", "ي": "d", "ك": ";", "ؤ": "v", "أ": "g", "إ": "f", "ة": "j"}
_LATIN_OLD = {**_LATIN, "پ": "\\", "ژ": "\\"}


def to_persian(typed: str) -> list[str]:
    """What the keys of `typed` give on Persian keyboards, the standard one first; nothing for other keys."""
    found = []
    for layout in _LAYOUTS:
        letters = [_SHIFTED.get(key) or layout.get(key.lower()) for key in typed]
        if all(letters):
            found.append("".join(letter for letter in letters if letter))
    return list(dict.fromkeys(found))


def to_latin(typed: str) -> list[str]:
    """What the keys of `typed` give on a US keyboard; nothing for letters that no key gives."""
    found = []
    for layout in (_LATIN, _LATIN_OLD):
        keys = [layout.get(letter) for letter in typed]
        if all(keys):
            found.append("".join(key for key in keys if key))
    return list(dict.fromkeys(found))
