"""What a person sees of a hit: its snippet, cut from the original, and the sentence that answers."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from kb.edition import LivePassage
from search.analysis.highlight import best_snippet
from search.analysis.places import Place, pack_places, packed_terms, places_of, unpack_places
from search.analysis.sentences import sentences
from search.answer import LEAST_COVERAGE, Sentence, best_sentence, with_antecedent
from search.expected import Expected, expected_of, holds_expected
from search.group import Group
from search.plain import Plain, plain
from search.results import Answer, Explanation, Hit, Snippet
from search.terms import QueryTerms, TermCounter
from search.vocabulary import TermStatistics

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

    def candidates(self, expected: tuple[Expected, ...] = ()) -> list[Sentence]:
        """Its sentences, each with the terms of the heading, or of the table's header, above it."""
        found: list[Sentence] = []
        heading: frozenset[int] = frozenset()
        under_heading = False
        places, at = self.places, 0
        for start, end in sentences(self.readable.text):
            while at < len(places) and places[at].start < start:
                at += 1
            terms: set[int] = set()
            while at < len(places) and places[at].end <= end:
                terms.update(places[at].terms)
                at += 1
            is_heading = self.readable.is_heading(start, end)
            if is_heading:
                heading = frozenset(terms) | (heading if under_heading else frozenset())
            elif terms:
                holds = holds_expected(self.readable.text[start:end], expected)
                found.append(Sentence(start, end, frozenset(terms), heading, holds))
            under_heading = is_heading
        return found


class Presenter:
    """Makes hits and answers; remembers what it read, as passages never change. Safe for several threads."""

    def __init__(self, counter: TermCounter) -> None:
        self._counter = counter
        self._lock = threading.Lock()
        self._read: OrderedDict[str, ReadPassage] = OrderedDict()

    def hit(
        self, rank: int, group: Group, shown: LivePassage, terms: QueryTerms, explanation: Explanation
    ) -> Hit:
        """The hit of an origin, represented by the passage `shown`."""
        passage = self.read(shown)
        text = passage.readable.text
        cut = best_snippet(text, passage.places, terms.groups)
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

    def answer(
        self,
        passages: Sequence[LivePassage],
        question: str,
        terms: QueryTerms,
        statistics: TermStatistics,
        confidence: float,
    ) -> Answer | None:
        """The sentence of `passages` (of one origin, best first) that covers most of the query."""
        expected = expected_of(question)
        indices = terms.terms.indices
        idf = statistics.idf(indices)
        best: tuple[float, LivePassage, Sentence, ReadPassage, int] | None = None
        for order, passage in enumerate(passages):
            read = self.read(passage)
            cut = read.candidates(expected)
            chosen = best_sentence(cut, query_terms=indices.tolist(), idf=idf)
            if chosen is None:
                continue
            sentence, coverage = chosen
            rank = coverage - LATER_LOSS * order
            if best is None or rank > best[0]:
                sentence = sentence if coverage >= LEAST_COVERAGE else cut[0]
                opening = with_antecedent(cut, sentence, read.readable.text)
                best = (rank, passage, sentence, read, opening)
        if best is None:
            return None
        _, passage, sentence, read, opening = best
        start, end = read.readable.original(opening, sentence.end)
        return Answer(
            text=read.readable.text[opening : sentence.end].strip(),
            origin_kind=passage.origin_kind,
            origin_id=passage.origin_id,
            passage_id=passage.id,
            title=passage.title,
            start=passage.start + start,
            end=passage.start + end,
            confidence=confidence,
        )

    def read(self, passage: LivePassage) -> ReadPassage:
        """The passage without markup, analysed."""
        with self._lock:
            known = self._read.get(passage.id)
            if known is not None:
                self._read.move_to_end(passage.id)
                return known
        readable = plain(passage.text)
        if passage.places is not None and passage.analyzer_id == self._counter.version:
            read = ReadPassage(readable, passage.places)
        else:
            places = places_of(self._counter.analyzer.analyze(readable.text))
            packed = pack_places(places)
            read = ReadPassage(readable, packed, () if packed is not None else places)
        with self._lock:
            self._read[passage.id] = read
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        return read
