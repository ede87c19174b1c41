"""Whether two terms are one word, misspelt in one of them."""

from functools import lru_cache

from search.analysis.english import stem_english
from search.analysis.lexicon import load_lexicon
from search.repair.lexis import ENGLISH_DATA

_SHORT, _LONG = 4, 8
#: words rarer than this class are not sure to be words
_SURE = 20


@lru_cache(maxsize=65536)
def same_word(one: str, two: str) -> bool:
    """Whether the terms differ by a typo (one edit, two in eight letters), one of them no known word."""
    if one == two:
        return True
    if min(len(one), len(two)) < _SHORT or one[:1] in "@=" or two[:1] in "@=":
        return False
    if any(char.isdigit() for char in one + two):
        return False
    most = 2 if min(len(one), len(two)) >= _LONG else 1
    if abs(len(one) - len(two)) > most or (is_known(one) and is_known(two)):
        return False
    return edits(one, two) <= most


@lru_cache(maxsize=65536)
def is_known(term: str) -> bool:
    """Whether a lexicon has the term."""
    if term.isascii():
        return term in _english_stems()
    return load_lexicon().known(term, _SURE)


@lru_cache(maxsize=1)
def _english_stems() -> frozenset[str]:
    import gzip
    import json

    words = json.loads(gzip.decompress(ENGLISH_DATA.read_bytes()))["words"].split(" ")
    return frozenset(stem_english(word) for word in words)


def edits(one: str, two: str) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(two) + 1))
    for i, char in enumerate(one, start=1):
        row = [i]
        for j, other in enumerate(two, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (char != other))
            if i > 1 and j > 1 and char == two[j - 2] and one[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
