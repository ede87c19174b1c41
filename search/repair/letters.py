"""Words as bytes, one a letter, so that a hundred thousand of them are one numpy array."""

import numpy as np
from numpy.typing import NDArray

#: Longer words are neither kept nor repaired.
LONGEST = 24
PERSIAN = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
LATIN = "abcdefghijklmnopqrstuvwxyz"

#: Persian letters become the bytes from here on; Latin ones stay ASCII, so no byte is ever zero.
_FIRST = 0x80
_TO_BYTES = {ord(letter): chr(_FIRST + place) for place, letter in enumerate(PERSIAN)}
_FROM_BYTES = {_FIRST + place: letter for place, letter in enumerate(PERSIAN)}
_KNOWN = frozenset(PERSIAN + LATIN)
_PERSIAN = frozenset(PERSIAN)
_LATIN = frozenset(LATIN)


def is_persian(word: str) -> bool:
    """Whether `word` has Persian letters only."""
    return bool(word) and _PERSIAN.issuperset(word)


def is_latin(word: str) -> bool:
    """Whether `word` has the letters a to z only."""
    return bool(word) and _LATIN.issuperset(word)


def encode(word: str) -> bytes | None:
    """One byte a letter; None for a word that is too long or has anything but folded letters."""
    if not 0 < len(word) <= LONGEST or not _KNOWN.issuperset(word):
        return None
    return word.translate(_TO_BYTES).encode("latin-1")


def decode(code: bytes) -> str:
    """The word that `encode` encoded."""
    return code.decode("latin-1").translate(_FROM_BYTES)


def code_of(letter: str) -> int:
    """The byte of one letter."""
    return ord(_TO_BYTES.get(ord(letter), letter))


def matrix(codes: NDArray[np.bytes_]) -> NDArray[np.uint8]:
    """[n, LONGEST] uint8 view of [n] encoded words; zero after a word's end."""
    return np.ascontiguousarray(codes).view(np.uint8).reshape(len(codes), LONGEST)
