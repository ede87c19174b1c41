"""What a search gives back: plain frozen values, ready for any surface."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from search.confidence import Advice, Evidence, advice_of
from search.repair import Repair


@dataclass(frozen=True, slots=True)
class Filters:
    """Facets the caller asked for; empty means any. They only ever narrow what visibility allows."""

    languages: frozenset[str] = frozenset()
    origin_kinds: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Snippet:
    """A cut of the original text and the spans to highlight in it (offsets into `text`, ordered)."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a hit's score came about: (passage + further + whole) x trust x freshness x twin.

    Args:
        passage: the best passage's share: (1 - lexical_share) x nearness + lexical_share x words.
        dense: its cosine with the question; None where the vectors were not asked or know nothing of it.
        nearness: that cosine against the nearest candidate's, 0..1.
        words: its coverage against the best candidate's, 0..1.
        coverage: share of the question's information its words cover, 0..1, by terms and by 3-grams.
        lexical_share: what the words counted in this question, 0..1.
        further: what the origin's other passages added: those that answer, too, and those that are nearest or
            hold the words where the best passage does not.
        whole: 0 or less: what it lost as its beginning and the whole of it are less about the question.
        twin_of: id of a better hit that says nearly the same.
    """

    score: float
    passage: float
    dense: float | None
    nearness: float
    words: float
    coverage: float
    terms: float
    grams: float
    lexical_share: float
    further: float
    whole: float
    trust: float
    freshness: float
    twin: float
    twin_of: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """One origin, represented by its best passage.

    Args:
        start, end: of that passage in the origin's text, code points.
        score: fused, 0..1, comparable within one result only.
        updated_at: when a person last wrote, released, sent or verified it.
        passages: how many of its passages were among the candidates.
        state: how far it is trusted; None where it has no such state.
        rerank_score: where a reranker was asked: hits that have one are ordered by it and stand before the
            others; its range is the reranker's.
    """

    rank: int
    origin_kind: str
    origin_id: str
    edition_id: str
    passage_id: str
    title: str
    heading_path: tuple[str, ...]
    snippet: Snippet
    start: int
    end: int
    score: float
    language: str
    audience: str
    tags: tuple[str, ...]
    updated_at: datetime | None
    passages: int
    explanation: Explanation
    products: tuple[str, ...] = ()
    state: str | None = None
    rerank_score: float | None = None


class AnswerKind(StrEnum):
    """What answers: a sentence or two, the steps of a list, or rows of a table."""

    SENTENCE = "sentence"
    STEPS = "steps"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer as people read it; `start` and `end` in the origin's text, code points."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell under its column's header, which may be empty; offsets are of the cell."""

    header: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What of the best hit answers, cut from the original.

    Args:
        text: all of it as people read it; steps a line each with their numbers, rows a line each as
            "header: cell".
        start, end: from its first to its last word in the origin's text, code points.
        confidence: 0..1.
        lead: the line or heading that introduces the steps.
        steps: of kind steps: the list's items in order.
        first_number: of kind steps: the first item's number; None for a list without numbers.
        rows: of kind row: cells in reading order, empty ones left out.
        is_whole: False where more steps or rows stand in the original.
    """

    kind: AnswerKind
    text: str
    origin_kind: str
    origin_id: str
    passage_id: str
    title: str
    start: int
    end: int
    confidence: float
    lead: Part | None = None
    steps: tuple[Part, ...] = ()
    first_number: int | None = None
    rows: tuple[tuple[Cell, ...], ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Citation:
    """What `[number]` in a generated answer stands for: one passage.

    Args:
        number: from 1, in the order of first mention.
        start, end: of the passage in the origin's text, code points.
    """

    number: int
    origin_kind: str
    origin_id: str
    edition_id: str
    passage_id: str
    title: str
    heading_path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Generated:
    """An answer that a language model wrote from passages. Untrusted: to be shown as text, never as HTML.

    Args:
        text: plain, with marks such as [1]; every mark has its citation.
        citations: by number; at least one.
    """

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits best first.

    Args:
        confidence: 0..1, that the first hit is a good answer.
        evidence: what `confidence` was computed from; None where nothing was found.
        degraded: parts that did not answer ("dense", "reranker", "generation"), so that a person can be told.
        generated: where one was asked for and the passages answer; `answer` stands beside it.
        repair: what was searched for instead of `query`, where that differs.
    """

    query: str
    hits: tuple[Hit, ...]
    answer: Answer | None
    confidence: float
    took_ms: float
    degraded: tuple[str, ...] = ()
    evidence: Evidence | None = None
    repair: Repair | None = None
    generated: Generated | None = None

    @property
    def advice(self) -> Advice:
        """Whether to answer, to suggest, or to name a person."""
        return advice_of(self.confidence)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A title or an issue line that continues what was typed."""

    text: str
    origin_kind: str
    origin_id: str
