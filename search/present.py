"""What a person sees of a hit: its snippet, cut from the original, and what of it answers."""

import itertools
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kb.edition import Content, LivePassage
from kb.vocabulary import Language
from search.analysis.highlight import Snippet as Cut
from search.analysis.highlight import best_snippet, terms_to_paint
from search.analysis.places import (
    Place,
    pack_places,
    packed_terms,
    places_of,
    unpack_places,
    unpack_places_of,
)
from search.analysis.sentences import sentences
from search.analysis.sparse import term_hash
from search.analysis.wordlists import QUESTION_WORDS
from search.answer import LEAST_CONFIDENCE, LEAST_COVERAGE, Extract, best, extract, score, whole_of
from search.blocks import blocks_of
from search.candidates import Sought, candidates_of, readable_blocks
from search.expected import asks_how, expected_of
from search.group import Group
from search.plain import Plain, plain
from search.results import Answer, Cell, Explanation, Hit, Part, Snippet
from search.terms import QueryTerms, TermCounter
from search.vocabulary import TermStatistics

Readable = LivePassage | Content

#: passages kept analysed: about 20 MB
REMEMBERED = 2048
#: what a later passage of the origin loses against the first
LATER_LOSS = 0.05


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage as people read it, and its words with their places in that text.

    The words stay packed: a hundred objects a passage, kept for thousands of passages, would make the garbage
    collector's walks a part of every twentieth search.
    """

    readable: Plain
    packed: bytes | None
    unpacked: Sequence[Place] = ()
    #: where its sentences begin and end, as they were packed
    spans: bytes = b""

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """Spans in reading order; made anew at each call."""
        ends = np.frombuffer(self.spans, np.uint32).tolist()
        return list(zip(ends[::2], ends[1::2], strict=True))

    @property
    def places(self) -> Sequence[Place]:
        """In reading order; made anew at each call."""
        return self.unpacked if self.packed is None else unpack_places(self.packed)

    @property
    def terms(self) -> frozenset[int]:
        """The hashed terms of all its words; made anew at each call."""
        if self.packed is None:
            return frozenset(term for place in self.unpacked for term in place.terms)
        return packed_terms(self.packed)

    def places_of(self, terms: NDArray[np.uint32]) -> Sequence[Place]:
        """Where words stand that may be found by one of `terms` (ascending), in reading order."""
        if self.packed is not None:
            return unpack_places_of(self.packed, terms)
        wanted = frozenset(terms.tolist())
        return [
            Place(place.start, place.end, tuple(wanted.intersection(place.terms)))
            for place in self.unpacked
            if not wanted.isdisjoint(place.terms)
        ]


class Presenter:
    """Makes hits and answers; remembers what it read, as passages never change. Safe for several threads."""

    def __init__(self, counter: TermCounter) -> None:
        self._counter = counter
        self._lock = threading.Lock()
        self._read: OrderedDict[str, ReadPassage] = OrderedDict()
        self._line_terms = lru_cache(maxsize=REMEMBERED)(self._terms_of)

    def hit(
        self,
        rank: int,
        group: Group,
        shown: LivePassage,
        terms: QueryTerms,
        explanation: Explanation,
        cut: Cut | None = None,
    ) -> Hit:
        """The hit of an origin, represented by the passage `shown`; `cut`, if it was made before."""
        text = self.read(shown).readable.text
        cut = cut or self.cut(shown, terms)
        marks = tuple((left - cut.start, right - cut.start) for left, right in cut.spans)
        return Hit(
            rank=rank,
            origin_kind=shown.origin_kind,
            origin_id=shown.origin_id,
            edition_id=shown.edition_id,
            passage_id=shown.id,
            title=shown.title,
            heading_path=tuple(shown.heading_path),
            snippet=Snippet(text[cut.start : cut.end], marks),
            start=shown.start,
            end=shown.end,
            score=explanation.score,
            language=shown.language,
            audience=shown.audience,
            tags=tuple(shown.tags),
            products=tuple(shown.products),
            state=shown.state,
            updated_at=shown.vouched_at,
            passages=group.passages,
            explanation=explanation,
            rerank_score=group.rerank_score,
        )

    def cut(self, passage: Readable, terms: QueryTerms) -> Cut:
        """The piece of the passage to show, and what to paint in it."""
        read = self.read(passage)
        places = read.places_of(terms_to_paint(terms.groups))
        return best_snippet(read.readable.text, places, terms.groups, spans=read.sentences)

    def answer(
        self,
        passages: Sequence[LivePassage],
        question: str,
        terms: QueryTerms,
        statistics: TermStatistics,
        confidence: float,
        asked_as: str = "",
    ) -> Answer | None:
        """What of `passages` (of one origin, best first) answers; None where nothing shows that it does.

        Args:
            asked_as: the requester's words that led to the origin, where some did. They stand above all of
                it: what the question shares with them, every sentence may answer.

        Evidence are the question's words, or where the hit is a likely one (`confidence`), the kind of thing
        that was asked for, or that the passage is no longer than an answer.
        """
        weights = _weights(terms, statistics)
        indices = np.fromiter(weights, dtype=np.uint32, count=len(weights))
        expected, is_procedure = expected_of(question), asks_how(question)
        is_likely = confidence >= LEAST_CONFIDENCE
        if not is_likely:
            asked_as = ""  # it led to an origin that may well be another one
        chosen: tuple[float, LivePassage, ReadPassage, Extract] | None = None
        for order, passage in enumerate(passages):
            read = self.read(passage)
            blocks = readable_blocks(blocks_of(passage.text), read.readable)
            above = self._line_terms("\n".join([passage.title, *passage.heading_path, asked_as]))
            sought = Sought(expected, is_procedure, frozenset(weights.keys() & above))
            candidates = candidates_of(read.readable, blocks, read.places_of(indices), sought)
            found = best(score(candidates, weights))
            if found is None:
                continue
            rank = found.rank - LATER_LOSS * order
            if chosen is not None and rank <= chosen[0]:
                continue
            if found.coverage >= LEAST_COVERAGE or (is_likely and found.rank > found.coverage):
                cut = extract(read.readable, found.candidate, candidates, weights)
            else:
                whole = whole_of(candidates) if is_likely and order == 0 else None
                if whole is None:
                    continue
                cut = whole
            chosen = (rank, passage, read, cut)
        if chosen is None:
            return None
        _, passage, read, cut = chosen
        return answer_of(passage, read.readable, cut, confidence)

    def _terms_of(self, lines: str) -> tuple[int, ...]:
        """The terms by which the words of a title and headings may be found."""
        places = places_of(self._counter.analyzer.analyze(lines))
        return tuple({term for place in places for term in place.terms})

    def read(self, passage: Readable) -> ReadPassage:
        """The passage without markup, analysed."""
        with self._lock:
            known = self._read.get(passage.id)
            if known is not None:
                self._read.move_to_end(passage.id)
                return known
        readable = plain(passage.text)
        spans = np.array(sentences(readable.text), np.uint32).tobytes()
        if passage.places is not None and passage.analyzer_id == self._counter.version:
            read = ReadPassage(readable, passage.places, spans=spans)
        else:
            places = places_of(self._counter.analyzer.analyze(readable.text))
            packed = pack_places(places)
            read = ReadPassage(readable, packed, () if packed is not None else places, spans)
        with self._lock:
            self._read[passage.id] = read
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        return read


def answer_of(passage: LivePassage, readable: Plain, cut: Extract, confidence: float) -> Answer:
    """The extract as an answer, with the way back to the origin's text."""

    def part(start: int, end: int) -> Part:
        left, right = readable.original(start, end)
        return Part(readable.text[start:end], passage.start + left, passage.start + right)

    whole = part(cut.start, cut.end)
    text = whole.text
    lead, steps = part(*cut.lead) if cut.lead else None, [part(*step) for step in cut.steps]
    if steps:
        numbers = itertools.count(cut.first_number) if cut.first_number is not None else None
        lines = [f"{next(numbers)}. {step.text}" if numbers else step.text for step in steps]
        text = "\n".join([lead.text, *lines] if lead else lines)
    rows: list[tuple[Cell, ...]] = []
    if cut.table is not None:
        headers = [readable.text[slice(*span)] for span in cut.table.header]
        for number in cut.rows:
            cells = [part(*span) for span in cut.table.rows[number]]
            named = zip(cells, headers + [""] * len(cells), strict=False)
            rows.append(tuple(Cell(header, c.text, c.start, c.end) for c, header in named if c.text))
        text = "\n".join(_line(row, passage.language) for row in rows)
    return Answer(
        kind=cut.kind,
        text=text,
        origin_kind=passage.origin_kind,
        origin_id=passage.origin_id,
        passage_id=passage.id,
        title=passage.title,
        start=whole.start,
        end=whole.end,
        confidence=confidence,
        lead=lead,
        steps=tuple(steps),
        first_number=cut.first_number,
        rows=tuple(rows),
        is_whole=cut.is_whole,
    )


def _line(row: Sequence[Cell], language: str) -> str:
    """A row as one line: «روش پرداخت: کیف پول؛ زمان: تا ۱ ساعت»."""
    gap = "؛ " if language == Language.PERSIAN else "; "
    return gap.join(f"{cell.header}: {cell.text}" if cell.header else cell.text for cell in row)


def _weights(terms: QueryTerms, statistics: TermStatistics) -> dict[int, float]:
    """The query's terms with their IDF; what only makes it a question counts where there is nothing else."""
    indices = terms.terms.indices
    every = dict(zip(indices.tolist(), statistics.idf(indices).tolist(), strict=True))
    asking = {term_hash(group.term) for group in terms.groups if group.term in QUESTION_WORDS}
    return {term: weight for term, weight in every.items() if term not in asking} or every
