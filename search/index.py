"""The passage index as the rest of the product sees it: one protocol, two implementations.

The index is a projection of the record that can be thrown away: `search.projection` fills it, and a hit
counts only after `kb.edition.live_passages` has confirmed it. Implementations: `search.edge` (Qdrant's
engine inside the serving process) and `search.client` (a Qdrant server, or qdrant-client's local mode).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from kb.vocabulary import Audience
from search.analysis.sparse import SparseVector

#: grows with every change of vector names, payload fields or weighting; an older index is rebuilt
SCHEMA_VERSION = 4
_EVERY_AUDIENCE = frozenset(audience.value for audience in Audience)
#: stands for an empty list, which no filter could ask for; nobody can name a segment or a product so
NONE_IN_PARTICULAR = "\n"
#: points per write: about 25 ms of Edge, which holds the interpreter lock meanwhile
BATCH_POINTS = 128
PAYLOAD_FIELDS = (
    "edition_id",
    "origin_kind",
    "origin_id",
    "field",
    "audience",
    "language",
    "tags",
    "products",
    "segments",
    "state",
)


class Leg(StrEnum):
    """What a candidate was found by; also the names of the vectors."""

    DENSE = "dense"
    TERMS = "terms"
    GRAMS = "grams"


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """A passage as the index holds it.

    `dense` is [d] float32 of unit length, or None where the current embedder has not seen the passage yet:
    it is then found by its words alone.
    """

    passage_id: str
    edition_id: str
    origin_kind: str
    origin_id: str
    field: str
    audience: str
    language: str
    tags: tuple[str, ...]
    dense: NDArray[np.float32] | None
    terms: SparseVector
    grams: SparseVector
    products: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    state: str | None = None

    def payload(self) -> dict[str, Any]:
        """What filters need; nothing a person wrote."""
        return {
            "edition_id": self.edition_id,
            "origin_kind": self.origin_kind,
            "origin_id": self.origin_id,
            "field": self.field,
            "audience": self.audience,
            "language": self.language,
            "tags": list(self.tags),
            "products": list(self.products) or [NONE_IN_PARTICULAR],
            "segments": list(self.segments) or [NONE_IN_PARTICULAR],
            "state": self.state,
        }


@dataclass(frozen=True, slots=True)
class Selection:
    """Which points a query may see: every stated condition holds, and audiences are never optional.

    An empty set of `audiences` selects nothing. Every other empty set means "any"; so does None.

    Attributes:
        products: asked for.
        seen_segments: besides what is for no segment in particular, these may be seen.
        seen_products: besides what is about none in particular, these may be seen.
    """

    audiences: frozenset[str]
    languages: frozenset[str] = frozenset()
    origin_kinds: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    seen_segments: frozenset[str] | None = None
    seen_products: frozenset[str] | None = None

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self

    def conditions(self) -> list[tuple[str, list[str]]]:
        """Payload field and accepted values, sorted, so that equal selections are equal.

        A caller who sees every audience is not filtered by it: that costs a third of an exact search, and
        the record has the last word on every hit anyway.
        """
        facets = (
            ("audience", frozenset() if self.audiences >= _EVERY_AUDIENCE else self.audiences),
            ("language", self.languages),
            ("origin_kind", self.origin_kinds),
            ("tags", self.tags),
            ("products", self.products),
            ("state", self.states),
            ("segments", _or_none_in_particular(self.seen_segments)),
            ("products", _or_none_in_particular(self.seen_products)),
        )
        return [(name, sorted(values)) for name, values in facets if values]


def admits(selection: Selection, point: IndexPoint) -> bool:
    """Whether `selection` lets a point be a candidate, as the implementations decide it."""
    payload = point.payload()
    if not selection.audiences:
        return False
    for name, accepted in selection.conditions():
        held = payload[name] if isinstance(payload[name], list) else [payload[name]]
        if not set(held) & set(accepted):
            return False
    return True


def _or_none_in_particular(seen: frozenset[str] | None) -> frozenset[str]:
    return frozenset() if seen is None else seen | {NONE_IN_PARTICULAR}


@dataclass(frozen=True, slots=True)
class LegQuery:
    """What one leg is asked.

    Args:
        among: only these passages are scored; None means all that the selection allows.
    """

    leg: Leg
    vector: NDArray[np.float32] | SparseVector
    limit: int
    among: tuple[str, ...] | None = None


class Candidate(NamedTuple):
    """A point a leg found; `score` is the leg's own (cosine, or the IDF-weighted dot product)."""

    passage_id: str
    score: float


def best_first(found: Iterable[tuple[str, float]]) -> list[Candidate]:
    """Candidates of an answer that is sorted by score, ties put in the order of passage ids."""
    listed = list(map(Candidate._make, found))
    if len({one[1] for one in listed}) < len(listed):
        listed.sort(key=lambda one: (-one.score, one.passage_id))
    return listed


@dataclass(frozen=True, slots=True)
class IndexState:
    """What an index was built with; kept beside it."""

    schema_version: int
    embedder_id: str
    analyzer_id: str
    dimension: int
    #: mean weight of a passage's terms and grams when it was built, for BM25's length normalisation
    average_terms: float
    average_grams: float
    built_at: str

    def is_for(self, *, embedder_id: str, analyzer_id: str) -> bool:
        """Whether its vectors can be compared with what is computed today."""
        return (self.schema_version, self.embedder_id, self.analyzer_id) == (
            SCHEMA_VERSION,
            embedder_id,
            analyzer_id,
        )

    def version(self) -> str:
        """A short name for receipts and metrics."""
        text = f"{self.schema_version}|{self.embedder_id}|{self.analyzer_id}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Findable(Protocol):
    """Where passages are found."""

    def query(self, queries: Sequence[LegQuery], selection: Selection) -> list[list[Candidate]]:
        """One list per query, best first, ties by passage id. No audience, no candidates.

        Raises:
            IndexUnavailable.
        """


class PassageIndex(Findable, Protocol):
    """An index that is kept. Every method may raise `IndexUnavailable`."""

    def state(self) -> IndexState | None:
        """What it was built with; None before the first build."""

    def put(self, points: Sequence[IndexPoint]) -> None:
        """Insert or replace points; searches see them when it returns."""

    def remove_editions(self, edition_ids: Iterable[str]) -> None:
        """Take out every point of these editions; unknown ones are ignored."""

    def count(self, *, edition_id: str | None = None) -> int:
        """How many points there are, exactly."""

    def edition_ids(self) -> set[str]:
        """The editions that have at least one point."""

    def flush(self) -> None:
        """Return when what was put and removed survives a power cut."""

    def optimize(self) -> bool:
        """Begin, or end, what keeps a large index quick; searches and writes go on meanwhile.

        For its one writer, to be called again and again: False as long as there is more to do.
        """

    def unoptimized(self) -> int:
        """At most so many points are searched one by one, for want of `optimize`."""

    def begin_rebuild(self, state: IndexState) -> "Rebuild":
        """Start a fresh, empty index beside the current one, which goes on answering."""

    def close(self) -> None:
        """Release files and connections; idempotent."""


class Rebuild(Protocol):
    """A fresh index that is being filled; nobody searches it before `commit`."""

    def put(self, points: Sequence[IndexPoint]) -> None: ...

    def count(self) -> int: ...

    def commit(self) -> None:
        """Put it in the place of the current one, which is then deleted."""

    def abandon(self) -> None:
        """Delete it; the current one stays."""
