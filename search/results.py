"""What a search gives back: plain frozen values, ready for any surface."""

from dataclasses import dataclass
from datetime import datetime

from search.repair import Repair


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


@dataclass(frozen=True, slots=True)
class Answer:
    """The sentence(s) of the best hit that answer, as they stand in the original.

    Args:
        start, end: in the origin's text, code points.
        confidence: 0..1.
    """

    text: str
    origin_kind: str
    origin_id: str
    passage_id: str
    title: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits best first.

    Args:
        confidence: 0..1, that the first hit is a good answer.
        degraded: parts that did not answer ("dense"), so that a person can be told.
        repair: what was searched for instead of `query`, where that differs.
    """

    query: str
    hits: tuple[Hit, ...]
    answer: Answer | None
    confidence: float
    took_ms: float
    degraded: tuple[str, ...] = ()
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A title or an issue line that continues what was typed."""

    text: str
    origin_kind: str
    origin_id: str
