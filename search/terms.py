"""Analysed text as the index takes it: counted terms and 3-grams, packed for the record; weighted queries."""

import struct
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from search.analysis.analyzer import ANALYZER_VERSION, Analyzer, Frequency
from search.analysis.places import pack_places, places_of
from search.analysis.sparse import SparseVector, gram_vector, query_vector, sparse_vector
from search.analysis.terms import TermGroup
from search.plain import plain

#: grows with every change of how counts are made of the analyzer's terms or packed
PACKING_VERSION = 2


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often a passage holds each term and each 3-gram: values are counts, not weights."""

    terms: SparseVector
    grams: SparseVector


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """A query as the lexical legs need it, and as highlights need it (`groups`)."""

    groups: tuple[TermGroup, ...]
    terms: SparseVector
    grams: SparseVector

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


class TermCounter:
    """Counts and weighs with one analyzer; `version` is part of every index's identity."""

    def __init__(self, analyzer: Analyzer | None = None) -> None:
        self.analyzer = analyzer or Analyzer()
        self.version = f"analysis/{ANALYZER_VERSION}/{PACKING_VERSION}"

    def count(self, text: str) -> TermCounts:
        """Counts of a passage's terms and 3-grams."""
        terms, joined = self.analyzer.passage_counts(text)
        return TermCounts(sparse_vector(terms), gram_vector(joined))

    def query(self, text: str, frequency: Frequency | None = None) -> QueryTerms:
        """Weighted terms and 3-grams of a query.

        Args:
            frequency: how many passages hold a term; a word is joined where the index has it joined.
        """
        groups = tuple(self.analyzer.query_terms(text, frequency))
        return QueryTerms(groups, query_vector(groups), gram_vector(self.analyzer.joined_text(text)))

    def places(self, markdown: str) -> bytes | None:
        """Where the words of a passage stand in its readable text, packed."""
        return pack_places(places_of(self.analyzer.analyze(plain(markdown).text)))


def pack_counts(counts: TermCounts) -> bytes:
    """Counts as the record keeps them: both sizes, then per kind uint32 indices and float16 counts."""
    parts = [struct.pack("<II", len(counts.terms.indices), len(counts.grams.indices))]
    for vector in (counts.terms, counts.grams):
        parts += [vector.indices.astype("<u4").tobytes(), vector.values.astype("<f2").tobytes()]
    return b"".join(parts)


def unpack_counts(data: bytes) -> TermCounts:
    """The counts that `pack_counts` packed."""
    sizes = struct.unpack_from("<II", data)
    at = 8
    vectors = []
    for size in sizes:
        indices = np.frombuffer(data, "<u4", size, at)
        values = np.frombuffer(data, "<f2", size, at + 4 * size).astype(np.float32)
        at += 6 * size
        vectors.append(SparseVector(indices, values))
    return TermCounts(*vectors)
