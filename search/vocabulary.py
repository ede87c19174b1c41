"""What the searchable corpus contains: how many passages hold each term, its words, lines, facets.

Kept in memory beside the index and refreshed from the record: editions that went live since the last look
are added; when editions have gone, everything is read again. It never decides who sees what: suggestions
and repairs are checked against the record like hits.
"""

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.database import Database
from kb.edition import vectors_of
from kb.learnt_query import LearntQuery
from kb.passage import Edition, Passage
from kb.vocabulary import EditionState, PassageField
from search.analysis.sparse import term_hash
from search.facets import Samples, with_samples
from search.readers import group_bits, group_of
from search.repair.corpus import CorpusWords, VisibleCorpus, WordCounts
from search.terms import TermCounts, unpack_counts


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """Document frequencies of hashed terms or 3-grams.

    Args:
        passages: how many passages were counted.
        indices: [n] uint32, sorted.
        frequencies: [n] int64, passages that hold the term.
        groups: [n] uint8, the groups that those passages belong to, as bits (`search.readers`).
    """

    passages: int
    indices: NDArray[np.uint32]
    frequencies: NDArray[np.int64]
    groups: NDArray[np.uint8]

    def idf(self, indices: NDArray[np.uint32]) -> NDArray[np.float32]:
        """BM25's inverse document frequency, ln(1 + (N - n + 0.5) / (n + 0.5)), as in Lucene."""
        found = self.frequency(indices).astype(np.float32)
        return np.log1p((self.passages - found + 0.5) / (found + 0.5)).astype(np.float32)

    def frequency(self, indices: NDArray[np.uint32]) -> NDArray[np.int64]:
        """How many passages hold each term; 0 for the unknown."""
        if not len(self.indices):
            return np.zeros(len(indices), dtype=np.int64)
        places = np.minimum(np.searchsorted(self.indices, indices), len(self.indices) - 1)
        return np.where(self.indices[places] == indices, self.frequencies[places], 0)

    def frequency_of(self, term: str) -> int:
        """How many passages hold `term`, as the analyzer spells it."""
        return int(self.frequency(np.array([term_hash(term)], np.uint32))[0])

    def adding(self, rows: Iterable[tuple[NDArray[np.uint32], int]]) -> "TermStatistics":
        """These statistics with more passages counted: each one's distinct terms and its group's bit."""
        listed = list(rows)
        if not listed:
            return self
        fresh = np.concatenate([terms for terms, _ in listed])
        bits = np.repeat(np.array([bit for _, bit in listed], np.uint8), [len(terms) for terms, _ in listed])
        indices, inverse = np.unique(np.concatenate([self.indices, fresh]), return_inverse=True)
        once = np.ones(len(fresh), np.int64)
        frequencies = np.bincount(
            inverse, weights=np.concatenate([self.frequencies, once]), minlength=len(indices)
        )
        groups = np.zeros(len(indices), np.uint8)
        np.bitwise_or.at(groups, inverse, np.concatenate([self.groups, bits]))
        return TermStatistics(self.passages + len(listed), indices, frequencies.astype(np.int64), groups)


NO_STATISTICS = TermStatistics(0, np.empty(0, np.uint32), np.empty(0, np.int64), np.empty(0, np.uint8))


@dataclass(frozen=True, slots=True)
class Line:
    """A title, an issue line or a learnt query that can be suggested.

    `links`: how often people said that its origin answered them.
    """

    text: str
    edition_id: str
    origin_kind: str
    origin_id: str
    #: of readers
    group: str
    field: str
    links: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The corpus as of one look at the record."""

    terms: TermStatistics
    grams: TermStatistics
    words: CorpusWords
    lines: tuple[Line, ...]
    newest_edition: str
    editions: int
    #: when the last of its editions went live; an older one may do so after a newer one
    last_live: datetime | None
    facets: Samples = field(default_factory=dict)
    _visible: dict[int, VisibleCorpus] = field(default_factory=dict, compare=False)

    def visible_to(self, groups: Collection[str]) -> VisibleCorpus:
        """The words and terms of passages that one of `groups` may read."""
        bits = group_bits(groups)
        known = self._visible.get(bits)
        if known is None:
            words, terms = self.words.visible(bits), self.terms
            known = self._visible[bits] = VisibleCorpus(words, terms.indices, terms.groups, bits)
        return known


NO_SNAPSHOT = Snapshot(NO_STATISTICS, NO_STATISTICS, CorpusWords(), (), "", 0, None)


class Vocabulary:
    """Holds the newest `Snapshot`; `refresh` may be called from any thread."""

    def __init__(self, database: Database, *, analyzer_id: str) -> None:
        self._database = database
        self._analyzer_id = analyzer_id
        self._lock = threading.Lock()
        self._snapshot = NO_SNAPSHOT

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def refresh(self) -> bool:
        """Look at the record again; whether anything had changed."""
        with self._lock, self._database.reading() as session:
            old = self._snapshot
            newest, editions, last_live = _state(session)
            if (newest, editions, last_live) == (old.newest_edition, old.editions, old.last_live):
                return False
            added = _live_ids(session, after=old.newest_edition)
            kept = _state(session, upto=old.newest_edition)
            base = old if kept == (old.newest_edition, old.editions, old.last_live) else NO_SNAPSHOT
            if base is NO_SNAPSHOT:
                added = _live_ids(session, after="")
            terms, grams, words = base.terms, base.grams, base.words
            lines, facets = list(base.lines), base.facets
            spoken = WordCounts()
            for start in range(0, len(added), 200):
                batch = added[start : start + 200]
                counted = _counts(session, batch, self._analyzer_id)
                bits = [group_bits([group]) for _, group, _ in counted]
                terms = terms.adding(
                    (c.terms.indices, bit) for (_, _, c), bit in zip(counted, bits, strict=True)
                )
                grams = grams.adding(
                    (c.grams.indices, bit) for (_, _, c), bit in zip(counted, bits, strict=True)
                )
                for edition_id, group, c in counted:
                    spoken.add(edition_id, group, c.words)
                lines.extend(_lines(session, batch))
                facets = with_samples(facets, session, batch)
            words = words.adding(spoken)
            self._snapshot = Snapshot(terms, grams, words, tuple(lines), newest, editions, last_live, facets)
            return True


def _state(session: Session, *, upto: str | None = None) -> tuple[str, int, datetime | None]:
    """Newest id, number and last going live of the live editions, or of those not newer than `upto`."""
    statement = select(func.max(Edition.id), func.count(), func.max(Edition.live_at)).where(
        Edition.state == EditionState.LIVE
    )
    newest, count, last_live = session.execute(
        statement if upto is None else statement.where(Edition.id <= upto)
    ).one()
    return newest or "", count, last_live


def _live_ids(session: Session, *, after: str) -> list[str]:
    query = (
        select(Edition.id).where(Edition.state == EditionState.LIVE, Edition.id > after).order_by(Edition.id)
    )
    return list(session.scalars(query))


def _counts(session: Session, edition_ids: list[str], analyzer_id: str) -> list[tuple[str, str, TermCounts]]:
    """What was counted in each passage, with its edition and group of readers, edition by edition."""
    rows = session.execute(
        select(Passage.edition_id, Edition.audience, Edition.segments, Passage.text_hash)
        .join(Edition, Edition.id == Passage.edition_id)
        .where(Passage.edition_id.in_(edition_ids))
        .order_by(Passage.edition_id)
    ).all()
    # Asked for by itself: in one statement SQLite goes through every vector of the record for each batch.
    counts = vectors_of(session, model_id=analyzer_id, hashes={row.text_hash for row in rows})
    return [
        (edition_id, group_of(audience, segments), unpack_counts(counts[text_hash]))
        for edition_id, audience, segments, text_hash in rows
        if text_hash in counts
    ]


def _lines(session: Session, edition_ids: list[str]) -> list[Line]:
    rows = session.execute(
        select(
            Passage.text,
            Passage.edition_id,
            Edition.origin_kind,
            Edition.origin_id,
            Edition.audience,
            Edition.segments,
            Passage.field,
        )
        .join(Edition, Edition.id == Passage.edition_id)
        .where(
            Passage.edition_id.in_(edition_ids),
            Passage.field.in_([PassageField.TITLE, PassageField.ISSUE, PassageField.QUERY]),
        )
    )
    lines = [
        Line(text, edition_id, kind, origin_id, group_of(audience, segments), field)
        for text, edition_id, kind, origin_id, audience, segments, field in rows
    ]
    links = _links(session, {line.origin_id for line in lines})
    return [replace(line, links=links.get(line.origin_id, 0)) for line in lines] if links else lines


def _links(session: Session, origin_ids: set[str]) -> dict[str, int]:
    """How often people said that an origin answered them, of the words that are confirmed."""
    rows = session.execute(
        select(LearntQuery.origin_id, func.sum(LearntQuery.people))
        .where(LearntQuery.origin_id.in_(origin_ids), LearntQuery.is_confirmed.is_(True))
        .group_by(LearntQuery.origin_id)
    )
    return {origin_id: int(links) for origin_id, links in rows}
