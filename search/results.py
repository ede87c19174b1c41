"""What a search gives back: plain frozen values, ready for any surface."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Filters:
    """Facets the caller asked for; empty means any. They only ever narrow what visibility allows."""

    languages: frozenset[str] = frozenset()
    origin_kinds: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Snippet:
    """A cut of the original text and the spans to highlight in it (offsets into `text`, ordered)."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One origin, represented by its best passage.

    Args:
        start, end: of that passage in the origin's text, code points.
        score: fused, 0..1, comparable within one result only.
        passages: how many of its passages were among the candidates.
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
class SearchResult:
    """Hits best first.

    Args:
        confidence: 0..1, that the first hit is a good answer.
        degraded: parts that did not answer ("dense"), so that a person can be told.
    """

    query: str
    hits: tuple[Hit, ...]
    answer: Answer | None
    confidence: float
    took_ms: float
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A title or an issue line that continues what was typed."""

    text: str
    origin_kind: str
    origin_id: str
