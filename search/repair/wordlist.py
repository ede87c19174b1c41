"""A sorted list of words with their frequency classes, and the keys it is searched by."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.repair.letters import LONGEST, decode, encode, matrix

CODE = np.dtype(f"S{LONGEST}")


class WordList:
    """Words as bytes in ascending order; immutable.

    Attributes:
        codes: [n] S24, sorted, unique.
        classes: [n] float32, 2 * log2 of how often each word occurs, at least 0.
    """

    def __init__(self, codes: NDArray[np.bytes_], classes: NDArray[np.float32]) -> None:
        self.codes = codes
        self.classes = classes
        self._masks: NDArray[np.uint64] | None = None
        self._buckets: dict[Callable[[NDArray[np.uint8]], NDArray[np.uint64]], _Buckets] = {}

    @classmethod
    def of(cls, classes: Mapping[str, float]) -> "WordList":
        """From words to their classes; words that cannot be encoded are left out."""
        encoded = {code: value for word, value in classes.items() if (code := encode(word))}
        codes = np.array(sorted(encoded), dtype=CODE)
        return cls(codes, np.array([encoded[code] for code in codes.tolist()], dtype=np.float32))

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, word: str) -> bool:
        return self.class_of(word) >= 0

    def class_of(self, word: str) -> float:
        """The word's frequency class; -1 where it is not listed."""
        code = encode(word)
        if code is None or not len(self.codes):
            return -1.0
        at = int(self.codes.searchsorted(np.bytes_(code)))
        return float(self.classes[at]) if at < len(self.codes) and self.codes[at] == code else -1.0

    def words(self, rows: Iterable[int]) -> list[str]:
        """The words in `rows`."""
        return [decode(bytes(self.codes[row])) for row in rows]

    @cached_property
    def letters(self) -> NDArray[np.uint8]:
        """[n, 24] uint8, zero after the end."""
        letters: NDArray[np.uint8] = matrix(self.codes)
        return letters

    @cached_property
    def lengths(self) -> NDArray[np.uint8]:
        """[n] letters a word."""
        lengths: NDArray[np.uint8] = np.count_nonzero(self.letters, axis=1).astype(np.uint8)
        return lengths

    def letter_masks(self, bit_of: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """[n] which letters each word has, as bits; made once a list.

        Args:
            bit_of: [256] the bit of each code.
        """
        if self._masks is None:
            masks = np.zeros(len(self.codes), np.uint64)
            for column in self.letters.T:
                masks |= bit_of[column]
            self._masks = masks
        return self._masks

    def bucket(self, key_of: Callable[[NDArray[np.uint8]], NDArray[np.uint64]], key: int) -> NDArray[np.intp]:
        """Rows of the words whose `key_of` is `key`; keys are computed once a list."""
        buckets = self._buckets.get(key_of)
        if buckets is None:
            buckets = self._buckets[key_of] = _Buckets(key_of(self.letters))
        return buckets.rows(key)


class _Buckets:
    """Rows by key."""

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]

    def rows(self, key: int) -> NDArray[np.intp]:
        wanted = np.uint64(key)
        low, high = self._keys.searchsorted(wanted, "left"), self._keys.searchsorted(wanted, "right")
        return self._order[low:high]


NO_WORDS = WordList(np.empty(0, CODE), np.empty(0, np.float32))
