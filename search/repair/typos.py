"""Words of a list that one or two slips away from a misspelt one."""

from functools import lru_cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from search.repair.letters import LATIN, PERSIAN, code_of, encode
from search.repair.wordlist import WordList

#: Costs of slips; any other edit costs 1.
SOUND, NEIGHBOUR, WEAK_LETTER, DOUBLED, SWAPPED = 0.35, 0.6, 0.7, 0.5, 0.6
#: The first letter is seldom wrong.
FIRST_LETTER = 0.25
_SOUNDS = ("سصث", "زذضظ", "تط", "هح", "قغ", "اع")
_KEYBOARDS = (
    ("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو"),
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
)
#: letters that are left out or put in by habit
_WEAK = "اویaeiou"
_SHORTEST = 3

_GAP = np.ones(256, np.float32)
_GAP[[code_of(_letter) for _letter in _WEAK]] = WEAK_LETTER
_BIT = np.zeros(256, np.uint64)
for _place, _letter in enumerate(LATIN + PERSIAN):
    _BIT[code_of(_letter)] = np.uint64(1 << _place)


def limit_of(word: str) -> float:
    """The dearest slip that a word of this length may have suffered; -1 for words too short to tell."""
    if len(word) < _SHORTEST:
        return -1.0
    if len(word) == _SHORTEST:
        return 0.6
    return 1.0 if len(word) < 7 else 1.6


def near(word: str, words: WordList) -> list[tuple[str, float, float]]:
    """Words at most `limit_of(word)` away, as (word, cost, frequency class), nearest first.

    A bit mask of letters and the lengths of the common beginning and end leave few words to compare.
    """
    code, limit = encode(word), limit_of(word)
    if code is None or limit < 0 or not len(words):
        return []
    reach = 1 if limit <= 1.0 else 2
    lengths, size = words.lengths, len(code)
    differing = np.bitwise_count(words.letter_masks(_BIT) ^ _mask(code))
    rows = np.flatnonzero((differing <= 2 * reach) & (lengths <= size + reach) & (lengths + reach >= size))
    rows = rows[_middle(words.letters[rows], lengths[rows], code) <= 2 * reach]
    costs = distances(word, words.letters[rows])
    close = np.flatnonzero((costs <= limit + 1e-4) & (costs > 0))
    found = [
        (other, round(float(costs[at]), 3), float(words.classes[rows[at]]))
        for at, other in zip(close.tolist(), words.words(rows[close]), strict=True)
    ]
    return sorted(found, key=lambda item: (item[1], -item[2]))


def _mask(code: bytes) -> np.uint64:
    return np.uint64(np.bitwise_or.reduce(_BIT[np.frombuffer(code, np.uint8)]))


def _middle(letters: NDArray[np.uint8], lengths: NDArray[np.uint8], code: bytes) -> NDArray[np.intp]:
    """Letters between the common beginning and the common end, of the longer of both words."""
    size, width = len(code), letters.shape[1]
    own = np.zeros(width, np.uint8)
    own[:size] = np.frombuffer(code, np.uint8)
    same = letters == own
    same[:, size:] = False
    begins = np.cumprod(same, axis=1, dtype=np.uint8).sum(axis=1)
    # Aligned at the end: the column counted from each word's last letter.
    back = lengths[:, None].astype(np.intp) - 1 - np.arange(width)
    theirs = np.take_along_axis(letters, np.maximum(back, 0), axis=1)
    mine = np.zeros(width, np.uint8)
    mine[:size] = own[:size][::-1]
    same_end = (theirs == mine) & (back >= 0)
    same_end[:, size:] = False
    ends = np.cumprod(same_end, axis=1, dtype=np.uint8).sum(axis=1)
    middle: NDArray[np.intp] = np.maximum(lengths, size).astype(np.intp) - begins - ends
    return middle


def distances(typed: str, letters: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Weighted Damerau-Levenshtein distance (optimal string alignment) of `typed` from each word.

    Args:
        letters: [n, L] codes, zero after a word's end.
    Returns:
        [n] float32.
    Source:
        Damerau (1964) for the four edits; the weights are those of slips in Persian and on keyboards.
    """
    lengths = np.count_nonzero(letters, axis=1)
    codes = letters[:, : int(lengths.max(initial=1))]
    own = np.frombuffer(encode(typed) or b"", np.uint8)
    gaps = _GAP[codes]
    gaps[:, 0] = 1.0
    gaps[:, 1:][codes[:, 1:] == codes[:, :-1]] = DOUBLED
    # Along a row, a run of missing letters is a running minimum once their costs are taken off.
    run = np.concatenate([np.zeros((len(codes), 1), np.float32), np.cumsum(gaps, axis=1)], axis=1)
    before, last = run, run
    for at, code in enumerate(own):
        changed = _changes()[code][codes]
        if at == 0:
            changed[:, 0] += np.where(changed[:, 0] > 0, FIRST_LETTER, 0).astype(np.float32)
        extra = DOUBLED if at and code == own[at - 1] else float(_GAP[code]) if at else 1.0
        row = last + np.float32(extra)
        np.minimum(row[:, 1:], last[:, :-1] + changed, out=row[:, 1:])
        if at:
            swapped = (codes[:, :-1] == code) & (codes[:, 1:] == own[at - 1]) & (code != own[at - 1])
            step = np.where(swapped, before[:, :-2] + np.float32(SWAPPED), np.float32(np.inf))
            np.minimum(row[:, 2:], step, out=row[:, 2:])
        row = run + np.minimum.accumulate(row - run, axis=1)
        before, last = last, row
    found: NDArray[np.float32] = last[np.arange(len(codes)), lengths]
    return found


@lru_cache(maxsize=1)
def _changes() -> NDArray[np.float32]:
    """[256, 256] the cost of typing the first letter for the second."""
    table = np.ones((256, 256), np.float32)
    for key, others in _neighbours().items():
        for other in others:
            table[code_of(key), code_of(other)] = NEIGHBOUR
    for group in _SOUNDS:
        for own, other in permutations(group, 2):
            table[code_of(own), code_of(other)] = SOUND
    np.fill_diagonal(table, 0.0)
    return table


@lru_cache(maxsize=1)
def _neighbours() -> dict[str, frozenset[str]]:
    """Keys beside, above and below each key; each row is half a key to the right of the one above."""
    found: dict[str, set[str]] = {}
    for rows in _KEYBOARDS:
        places = {key: (line, at + line / 2) for line, row in enumerate(rows) for at, key in enumerate(row)}
        for key, (line, at) in places.items():
            found[key] = {
                other
                for other, (other_line, other_at) in places.items()
                if other != key and abs(line - other_line) <= 1 and abs(at - other_at) <= 1
            }
    return {key: frozenset(others) for key, others in found.items()}
