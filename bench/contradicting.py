"""`kb bench contradictions`: planted conflicts and near-twins through the real finder."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.planted.conflicts import Case, Half, make_cases, planted_spans
from codify.contradictions import Contradiction, contradictions
from codify.reading import read
from search.analysis.analyzer import Analyzer


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with what the finder listed, and whether it listed what was planted."""

    case: Case
    listed: tuple[Contradiction, ...]
    hits: int

    @property
    def is_right(self) -> bool:
        """A conflict that was found, or a near-twin with nothing listed."""
        return self.hits > 0 if self.case.conflict else not self.listed


@dataclass(frozen=True, slots=True)
class ContradictionFigures:
    """Of one half.

    Args:
        precision: of the listed contradictions, the part that was planted.
        recall: of the planted conflicts, the part that was listed.
        twins_clean: of the near-twins, the part without any listing.
    """

    conflicts: int
    twins: int
    precision: float
    recall: float
    twins_clean: float


def judge(
    half: Half, *, seed: int = 0, progress: Callable[[int, int], None] = lambda _d, _t: None
) -> list[Judged]:
    """Every case of a half, judged."""
    analyzer = Analyzer()
    cases = make_cases(half, seed=seed)
    judged = []
    for number, case in enumerate(cases):
        listed = contradictions(
            read(case.one, title=case.title, analyzer=analyzer),
            read(case.two, title=case.other_title, analyzer=analyzer),
        )
        judged.append(Judged(case, tuple(listed), sum(_hits(case, found) for found in listed)))
        progress(number + 1, len(cases))
    return judged


def figures(judged: Sequence[Judged]) -> ContradictionFigures:
    """The figures of judged cases."""
    conflicts = [j for j in judged if j.case.conflict]
    twins = [j for j in judged if not j.case.conflict]
    listed = sum(len(j.listed) for j in judged)
    return ContradictionFigures(
        len(conflicts),
        len(twins),
        sum(j.hits for j in judged) / max(1, listed),
        sum(j.hits > 0 for j in conflicts) / max(1, len(conflicts)),
        sum(not j.listed for j in twins) / max(1, len(twins)),
    )


def by_kind(judged: Sequence[Judged]) -> dict[str, tuple[int, int]]:
    """Per kind of case, how many were right and how many there are."""
    total = Counter(_kind(j.case) for j in judged)
    right = Counter(_kind(j.case) for j in judged if j.is_right)
    return {kind: (right[kind], total[kind]) for kind in sorted(total)}


def _kind(case: Case) -> str:
    return f"{'conflict' if case.conflict else 'near-twin'}: {case.kind}"


def _hits(case: Case, found: Contradiction) -> bool:
    """Whether a listed contradiction is the planted one: its left side stands in the planted words."""
    if not case.conflict:
        return False
    spans = planted_spans(case.one, case.left)
    return any(start < found.left.end and found.left.start < end for start, end in spans)
