"""What a new revision does to the queries that articles must answer: pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from kb.article.release_check import RegressionQuery

#: hits that are looked at
DEPTH = 10
#: hits whose score is less than this share of the first one's are there for want of better ones
LEAST_SHARE = 0.5
#: within these an article counts as having answered: what a reader sees without scrolling
ANSWERED_WITHIN = 3


class Outcome(StrEnum):
    NEWLY_ANSWERED = "newly_answered"
    #: answered before; now another article stands above it, or the one that is released answers in its place
    DISPLACED = "displaced"
    #: answered before, not any more
    BROKEN = "broken"
    KEPT = "kept"
    #: not answered before, nor now
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where a query's article stood: 1 is the first hit, None is none of the first ten that come near it."""

    query: RegressionQuery
    before: int | None
    after: int | None
    #: ids of what stood first
    first_before: str | None
    first_after: str | None
    #: the article whose revision is released
    released_id: str

    @property
    def is_own(self) -> bool:
        return self.query.article_id == self.released_id

    @property
    def outcome(self) -> Outcome:
        was, stays = _answered(self.before), _answered(self.after)
        if was and not stays:
            taken_over = not self.is_own and self.first_after == self.released_id
            return Outcome.DISPLACED if taken_over else Outcome.BROKEN
        if stays and not was:
            return Outcome.NEWLY_ANSWERED
        if not was:
            return Outcome.UNANSWERED
        assert self.before is not None
        assert self.after is not None
        return Outcome.DISPLACED if self.after > self.before else Outcome.KEPT


@dataclass(frozen=True, slots=True)
class RegressionReport:
    """Everything that was replayed, the worst first."""

    replayed: tuple[Replayed, ...]

    @property
    def broken_count(self) -> int:
        return self.count(Outcome.BROKEN)

    def count(self, outcome: Outcome) -> int:
        """How many queries came out so."""
        return sum(one.outcome is outcome for one in self.replayed)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON: counts by outcome, and a row for each query but those that stayed as they were."""
        return {
            "counts": {outcome.value: self.count(outcome) for outcome in Outcome},
            "queries": [
                {
                    **asdict(one.query),
                    "own": one.is_own,
                    "outcome": one.outcome.value,
                    "before": one.before,
                    "after": one.after,
                    "first_before": one.first_before,
                    "first_after": one.first_after,
                }
                for one in self.replayed
                if one.outcome is not Outcome.KEPT
            ],
        }


_WORST_FIRST = [
    Outcome.BROKEN,
    Outcome.DISPLACED,
    Outcome.UNANSWERED,
    Outcome.NEWLY_ANSWERED,
    Outcome.KEPT,
]


def report_of(replayed: Sequence[Replayed]) -> RegressionReport:
    """The report of a replay; equals stay in their order, the released article's own first."""
    ordered = sorted(replayed, key=lambda one: (_WORST_FIRST.index(one.outcome), not one.is_own))
    return RegressionReport(tuple(ordered))


def _answered(rank: int | None) -> bool:
    return rank is not None and rank <= ANSWERED_WITHIN
