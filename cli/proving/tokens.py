"""Words that occur nowhere else: made, disguised in questions, and found again in whatever came out."""

import base64
import binascii
import html
import json
import random
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from urllib.parse import quote, quote_plus, unquote_plus

#: every token begins so, and no word does: one pattern finds them all
_LATIN, _PERSIAN = "zq", "ژغ"
#: none of them makes an ending or a prefix together with its neighbours
_LATIN_LETTERS = "abfghjkmopruvwxz"
_PERSIAN_LETTERS = "بپجچحخدذرزسشصضطظعفقک"
_PERSIAN_LAST = "قصطظضخ"
_FOUND = re.compile(f"{_LATIN}[a-z]{{4,10}}|{_PERSIAN}[{_PERSIAN_LETTERS}]{{4,10}}")
#: a token cut short is still a sight of it
_LEAST_CHARS = 6

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
#: Arabic letters to Persian ones; what is between letters and is no letter goes
_FOLD = str.maketrans({"ي": "ی", "ك": "ک"} | dict.fromkeys("\u200c\u200d\u200e\u200f\u0640\u00ad\u2060"))
TATWEEL = "\u0640"


class Mint:
    """Makes tokens, each once; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - names, not keys
        self._made: set[str] = set()

    def pair(self) -> tuple[str, str]:
        """A new token in Persian and one in Latin letters."""
        return self._new(self._persian), self._new(self._latin)

    def _new(self, make: Callable[[], str]) -> str:
        while True:
            token = make()
            # Not even cut short or misspelt may one be taken for another.
            if token[:_LEAST_CHARS] not in self._made:
                self._made.add(token[:_LEAST_CHARS])
                return token

    def _latin(self) -> str:
        return _LATIN + "".join(self._random.choice(_LATIN_LETTERS) for _ in range(10))

    def _persian(self) -> str:
        letters = (self._random.choice(_PERSIAN_LETTERS) for _ in range(9))
        return _PERSIAN + "".join(letters) + self._random.choice(_PERSIAN_LAST)


def disguised(token: str) -> str:
    """The token as a searcher may write it, and no text has it: an echo is told from a sight."""
    return token.upper() if token.isascii() else token[:3] + TATWEEL + token[3:]


def misspelt(token: str) -> str:
    """The token with one letter wrong: only who knows it can put it right."""
    if token.isascii():
        return token[:-1] + ("s" if token[-1] != "s" else "n")
    return token[:-1] + ("ل" if token[-1] != "ل" else "گ")


def beginning(token: str) -> str:
    """What is typed of it, when suggestions come; too short to be taken for the token."""
    return token[: _LEAST_CHARS - 1]


class Finder:
    """Finds tokens in what came out, however it is written."""

    def __init__(self, tokens: Iterable[str]) -> None:
        self._whole = set(tokens)
        self._cut = {token[:_LEAST_CHARS]: token for token in self._whole}

    def find(self, text: str, echoes: Collection[str] = ()) -> set[str]:
        """The tokens in `text`, less those of `echoes`, which were said by who asked."""
        if echoes:
            text = _without(text, echoes)
        found: set[str] = set()
        for view in _views(text):
            for match in _FOUND.finditer(view):
                token = self._cut.get(match[0][:_LEAST_CHARS])
                if token is not None and token.startswith(match[0][: len(token)]):
                    found.add(token)
        return found


def _without(text: str, echoes: Collection[str]) -> str:
    for echo in sorted(echoes, key=len, reverse=True):
        for form in {
            echo,
            html.escape(echo),
            quote(echo),
            quote(echo, safe=""),
            quote_plus(echo),
            json.dumps(echo)[1:-1],
            json.dumps(echo, ensure_ascii=False)[1:-1],
        }:
            text = text.replace(form, " ")
    return text


def _views(text: str) -> Iterator[str]:
    """`text` in one spelling, as it is and with every escape undone."""
    yield _folded(text)
    plain = text
    for _ in range(2):  # an address within JSON within a page
        before = plain
        plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), plain) if "\\u" in plain else plain
        plain = html.unescape(plain) if "&" in plain else plain
        plain = unquote_plus(plain, errors="replace") if "%" in plain else plain
        if plain == before:
            break
        yield _folded(plain)
    for blob in _BASE64.findall(text):
        decoded = _decoded(blob)
        if decoded:
            yield _folded(decoded)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_FOLD).lower()


def _decoded(blob: str) -> str:
    padded = blob.rstrip("=") + "=" * (-len(blob.rstrip("=")) % 4)
    try:
        return base64.b64decode(padded.replace("-", "+").replace("_", "/"), validate=True).decode(
            errors="ignore"
        )
    except (binascii.Error, ValueError):
        return ""
