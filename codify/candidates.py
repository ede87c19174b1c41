"""Which pairs of many texts are worth comparing, without comparing all with all.

Prefix filtering (Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007): two texts that are much alike
share some of their rarest terms, so only texts that meet in the short lists of rare terms are paired. Terms
that many texts have, as in series of pages cut from one template, pair each text with its neighbours in the
order of min-hashes (Broder 1997) alone. Time and memory grow with the texts, not with their pairs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search.terms import TermCounts

#: so many of a text's rarest terms are its prefix
RAREST = 24
#: lists of a term longer than this pair neighbours only
LONGEST_LIST = 80
NEIGHBOURS = 6
#: a pair meets in so many lists at least, unless the texts have fewer terms
LEAST_MEETINGS = 2
#: of the pairs of one text, so many are measured exactly
MOST_PER_TEXT = 10

_Ids = NDArray[np.int64]
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two texts by their places in the given list, and the cosine of their sets of terms, 0 to 1."""

    first: int
    second: int
    likeness: float


def signature(counts: TermCounts) -> NDArray[np.uint32]:
    """The terms and 3-grams of a passage as `kb.passage.Vector` keeps them: ascending, unique hashes.

    A 3-gram that has the hash of a term stands for both: harmless, they only propose.
    """
    return np.union1d(counts.terms.indices, counts.grams.indices)


def candidates(
    signatures: Sequence[NDArray[np.uint32]], *, at_least: float = 0.5, groups: Sequence[int] | None = None
) -> list[Candidate]:
    """Pairs of texts that may be near-duplicates, the most alike first.

    Args:
        signatures: of each text, ascending unique hashes.
        at_least: pairs less alike are left out.
        groups: which article a passage is of; passages of one are not paired.
    """
    kept, copies = _without_copies(signatures)
    found = _within(copies)
    if len(kept) > 1:
        texts = [signatures[index] for index in kept]
        found += [
            Candidate(min(kept[a], kept[b]), max(kept[a], kept[b]), likeness)
            for a, b, likeness in _alike(texts, at_least)
        ]
    if groups is not None:
        found = [pair for pair in found if groups[pair.first] != groups[pair.second]]
    return sorted(found, key=lambda pair: (-pair.likeness, pair.first, pair.second))


def _without_copies(signatures: Sequence[NDArray[np.uint32]]) -> tuple[list[int], list[list[int]]]:
    """The first of every set of equal signatures, and the sets of more than one; empty ones are left out."""
    equal: dict[bytes, list[int]] = {}
    for index, hashes in enumerate(signatures):
        if len(hashes):
            equal.setdefault(hashes.tobytes(), []).append(index)
    return [group[0] for group in equal.values()], [group for group in equal.values() if len(group) > 1]


def _within(copies: Sequence[Sequence[int]]) -> list[Candidate]:
    """Each copy with the first of its set, and with the one before it: no set gives more than two a text."""
    found = {
        pair
        for group in copies
        for before, index in pairwise(group)
        for pair in ((group[0], index), (before, index))
    }
    return [Candidate(first, second, 1.0) for first, second in found]


def _alike(texts: Sequence[NDArray[np.uint32]], at_least: float) -> Iterator[tuple[int, int, float]]:
    total = len(texts)
    owners: _Ids = np.repeat(np.arange(total), [len(text) for text in texts])
    _, terms, counts = np.unique(np.concatenate(list(texts)), return_inverse=True, return_counts=True)
    weights: _Floats = np.log1p(total / counts.astype(np.float64))
    keys, sums, meetings = _met(owners, terms, counts, weights, total)
    sizes = np.bincount(owners, minlength=total)
    enough = meetings >= np.minimum(LEAST_MEETINGS, np.minimum(sizes[keys // total], sizes[keys % total]))
    first, second = keys[enough] // total, keys[enough] % total
    chosen = _best(first, second, sums[enough])
    for a, b in zip(first[chosen].tolist(), second[chosen].tolist(), strict=True):
        shared = len(np.intersect1d(texts[a], texts[b], assume_unique=True))
        likeness = shared / float(np.sqrt(len(texts[a]) * len(texts[b])))
        if likeness >= at_least:
            yield a, b, likeness


def _met(owners: _Ids, terms: _Ids, counts: _Ids, weights: _Floats, total: int) -> tuple[_Ids, _Floats, _Ids]:
    """Pairs that meet in lists of rare terms (first · total + second), these lists' weight and number."""
    shared = counts[terms] > 1
    owners, terms = owners[shared], terms[shared]
    order = np.lexsort((counts[terms], owners))
    owners, terms = owners[order], terms[order]
    begins = np.searchsorted(owners, np.arange(total))
    prefix = np.arange(len(owners)) - begins[owners] < RAREST
    owners, terms = owners[prefix], terms[prefix]
    # A text's place among texts like it: the least of its hashes, shuffled.
    shuffled = (terms.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
    least = np.full(total, np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(least, owners, shuffled)
    order = np.lexsort((least[owners], terms))
    owners, terms = owners[order], terms[order]
    pairs, heights = [np.empty(0, np.int64)], [np.empty(0)]
    for left, right, term in _paired(owners, terms):
        low, high = np.minimum(left, right), np.maximum(left, right)
        pairs.append(low * total + high)
        heights.append(weights[term] ** 2)
    keys, where, meetings = np.unique(np.concatenate(pairs), return_inverse=True, return_counts=True)
    sums: _Floats = np.bincount(where, np.concatenate(heights), minlength=len(keys)).astype(np.float64)
    return keys, sums, meetings.astype(np.int64)


def _paired(owners: _Ids, terms: _Ids) -> Iterator[tuple[_Ids, _Ids, _Ids]]:
    """Pairs of texts within each term's list; lists of one size are paired together.

    Args:
        owners, terms: entries sorted by term.
    """
    _, begins, sizes = np.unique(terms, return_index=True, return_counts=True)
    for size in np.unique(sizes[sizes > 1]).tolist():
        starts = begins[sizes == size]
        if size <= LONGEST_LIST:
            left, right = np.triu_indices(size, 1)
        else:
            left = np.repeat(np.arange(size), NEIGHBOURS)
            right = left + np.tile(np.arange(1, NEIGHBOURS + 1), size)
            left, right = left[right < size], right[right < size]
        mine = (starts[:, None] + left[None, :]).ravel()
        yield owners[mine], owners[(starts[:, None] + right[None, :]).ravel()], terms[mine]


def _best(first: _Ids, second: _Ids, scores: _Floats) -> _Ids:
    """Places of the pairs that are among the best of either of their texts."""
    both = np.concatenate((first, second))
    places = np.tile(np.arange(len(first)), 2)
    order = np.lexsort((-scores[places], both))
    ranked = both[order]
    begins = np.searchsorted(ranked, ranked, side="left")
    near = np.arange(len(ranked)) - begins < MOST_PER_TEXT
    return np.unique(places[order][near])
