"""Candidates to origins: several passages of one article are one hit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kb.edition import Confirmed
from kb.vocabulary import OriginKind, OriginState, PassageField
from search.fusion import Ranked

#: Further passages of an origin add to its score, but only what they have above this share of the best
#: passage's score: pages that answer in several places come first, pages that are merely long do not.
#: Of the values tried on nine public sets these kept short sections where they were and gained on long pages.
FURTHER_FLOOR = 0.75
#: what the second passage adds of that; the third adds half as much, the fourth a third
FURTHER_SHARE = 0.5
FURTHER_PASSAGES = 4


@dataclass(frozen=True, slots=True)
class Boosts:
    """Factors of an origin's score, around 1, and the better origin that says the same, if any."""

    trust: float = 1.0
    freshness: float = 1.0
    twin: float = 1.0
    twin_of: str | None = None


@dataclass(slots=True)
class Group:
    """An origin among the candidates; its passages best first.

    Args:
        cosine, coverage: the highest of its passages.
        rerank_score: what a reranker said of its best passage, where one was asked.
    """

    origin_kind: OriginKind
    origin_id: str
    edition_id: str
    best: Ranked
    score: float = 0.0
    passages: int = 0
    cosine: float = 0.0
    coverage: float = 0.0
    state: OriginState | None = None
    vouched_at: datetime | None = None
    boosts: Boosts = Boosts()
    body_ids: list[str] = field(default_factory=list)
    rerank_score: float | None = None

    @property
    def boosted(self) -> float:
        """What origins are ordered by."""
        return self.score * self.boosts.trust * self.boosts.freshness * self.boosts.twin

    def add(self, ranked: Ranked, field: PassageField, *, floor: float) -> None:
        """Take in the next best passage of this origin; further ones count above `floor` only."""
        if not self.passages:
            self.score = ranked.score
        elif self.passages < FURTHER_PASSAGES:
            self.score += FURTHER_SHARE / self.passages * max(0.0, ranked.score - floor)
        self.passages += 1
        self.cosine = max(self.cosine, ranked.dense or 0.0)
        self.coverage = max(self.coverage, ranked.coverage)
        if field == PassageField.BODY:
            self.body_ids.append(ranked.passage_id)


def group(ranked: Sequence[Ranked], confirmed: Mapping[str, Confirmed]) -> list[Group]:
    """Groups of the confirmed passages, best first; equals keep the order of their best passages."""
    groups: dict[tuple[OriginKind, str], Group] = {}
    floor = FURTHER_FLOOR * ranked[0].score if ranked else 0.0
    for one in ranked:
        passage = confirmed.get(one.passage_id)
        if passage is None:
            continue
        key = (passage.origin_kind, passage.origin_id)
        if key not in groups:
            groups[key] = Group(
                passage.origin_kind,
                passage.origin_id,
                passage.edition_id,
                one,
                state=passage.state,
                vouched_at=passage.vouched_at,
            )
        groups[key].add(one, passage.field, floor=floor)
    return sorted(groups.values(), key=lambda found: -found.score)
