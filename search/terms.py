"""Analysed text as the index takes it: counted terms and 3-grams, packed for the record; weighted queries."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from search.analysis.analyzer import ANALYZER_VERSION, Analyzer, Frequency
from search.analysis.places import pack_places, places_of
from search.analysis.sparse import SparseVector, gram_vector, query_vector, sparse_vector
from search.analysis.terms import READING_WEIGHT, TermGroup
from search.analysis.tokens import Kind
from search.plain import plain
from search.repair.letters import encode, is_persian
from search.repair.value import Alternative

#: grows with every change of how counts are made of the analyzer's terms or packed
PACKING_VERSION = 3


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often a passage holds each term and each 3-gram: values are counts, not weights.

    Args:
        words: the distinct words that queries are repaired with, encoded (`search.repair.letters`).
    """

    terms: SparseVector
    grams: SparseVector
    words: tuple[bytes, ...] = ()


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
        return TermCounts(sparse_vector(terms), gram_vector(joined), self._words(text))

    def _words(self, text: str) -> tuple[bytes, ...]:
        """Words as written without ZWNJ and, of inflected Persian ones, without their endings."""
        found: set[str] = set()
        for _, _, entry in self.analyzer.words(text):
            if entry.kind is Kind.WORD:
                found.add(entry.joined)
                if is_persian(entry.term):
                    found.add(entry.term)
        encoded = (encode(word) for word in found if len(word) > 1)
        return tuple(sorted(code for code in encoded if code is not None))

    def query(
        self, text: str, frequency: Frequency | None = None, alternatives: Sequence[Alternative] = ()
    ) -> QueryTerms:
        """Weighted terms and 3-grams of a query.

        Args:
            frequency: how many passages hold a term; a word is joined where the index has it joined.
            alternatives: other readings of repaired words of `text`.
        """
        groups = tuple(self.analyzer.query_terms(text, frequency))
        if alternatives:
            groups = tuple(self._with_readings(group, alternatives) for group in groups)
        return QueryTerms(groups, query_vector(groups), gram_vector(self.analyzer.joined_text(text)))

    def _with_readings(self, group: TermGroup, alternatives: Sequence[Alternative]) -> TermGroup:
        """The group, found by other readings of its word, too."""
        terms = {group.term, *(term for term, _ in group.alternatives)}
        added: list[tuple[str, float]] = []
        for alternative in alternatives:
            if alternative.start >= group.end or alternative.end <= group.start:
                continue
            for word, likelihood in alternative.words:
                for reading in self.analyzer.query_terms(word)[:1]:
                    if reading.term not in terms:
                        terms.add(reading.term)
                        added.append((reading.term, READING_WEIGHT * likelihood))
        return group._replace(alternatives=(*group.alternatives, *added)) if added else group

    def places(self, markdown: str) -> bytes | None:
        """Where the words of a passage stand in its readable text, packed."""
        return pack_places(places_of(self.analyzer.analyze(plain(markdown).text)))


def pack_counts(counts: TermCounts) -> bytes:
    """Counts as the record keeps them: both sizes, per kind uint32 indices and float16 counts, then words."""
    parts = [struct.pack("<II", len(counts.terms.indices), len(counts.grams.indices))]
    for vector in (counts.terms, counts.grams):
        parts += [vector.indices.astype("<u4").tobytes(), vector.values.astype("<f2").tobytes()]
    return b"".join([*parts, b" ".join(counts.words)])


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
    return TermCounts(vectors[0], vectors[1], tuple(data[at:].split()))
