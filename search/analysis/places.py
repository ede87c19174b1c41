"""Where a passage's words stand in its readable text, packed for the record.

Highlights and answers of ten hits need the words of a dozen passages; analysing those again for every
search would take longer than finding them.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.analysis.sparse import term_hash
from search.analysis.terms import PIECE_WEIGHT, Alternative, TermGroup

_ROW = np.dtype([("term", "<u4"), ("start", "<u2"), ("end", "<u2")])
_LIMIT = np.iinfo(np.uint16).max


class Place(NamedTuple):
    """One word of a text (half-open span, code points) and the hashed terms it may be found by."""

    start: int
    end: int
    terms: tuple[int, ...]


def places_of(groups: Iterable[TermGroup]) -> list[Place]:
    """Places of analysed text; alternatives that say too little to be painted are left out."""
    return [Place(group.start, group.end, _hashes(group.term, group.alternatives)) for group in groups]


@lru_cache(maxsize=65536)
def _hashes(term: str, alternatives: tuple[Alternative, ...]) -> tuple[int, ...]:
    return (term_hash(term), *(term_hash(other) for other, weight in alternatives if weight >= PIECE_WEIGHT))


def pack_places(places: Iterable[Place]) -> bytes | None:
    """Eight bytes a term; None for a text too long for two-byte offsets, which is analysed when shown."""
    terms: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, own in places:
        terms += own
        starts += [start] * len(own)
        ends += [end] * len(own)
    if ends and max(ends) > _LIMIT:
        return None
    rows = np.empty(len(terms), dtype=_ROW)
    rows["term"], rows["start"], rows["end"] = terms, starts, ends
    return rows.tobytes()


def unpack_places(data: bytes) -> list[Place]:
    """The places that `pack_places` packed, in order."""
    return _gathered(np.frombuffer(data, dtype=_ROW))


def _gathered(rows: NDArray[np.void]) -> list[Place]:
    """One place for rows of the same word, which follow one another."""
    places: list[Place] = []
    for term, start, end in rows.tolist():
        if places and places[-1][:2] == (start, end):
            places[-1] = Place(start, end, (*places[-1].terms, term))
        else:
            places.append(Place(start, end, (term,)))
    return places


def packed_terms(data: bytes) -> frozenset[int]:
    """The hashed terms of packed places."""
    return frozenset(np.frombuffer(data, dtype=_ROW)["term"].tolist())


def unpack_places_of(data: bytes, terms: NDArray[np.uint32]) -> list[Place]:
    """Those of the packed places that hold one of `terms` ([n], ascending), in order, with the terms held."""
    rows = np.frombuffer(data, dtype=_ROW)
    if not len(terms):
        return []
    at = np.minimum(np.searchsorted(terms, rows["term"]), len(terms) - 1)
    return _gathered(rows[terms[at] == rows["term"]])
