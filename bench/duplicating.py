"""`kb bench duplicates`: pairs with known truth through the real score; candidates at scale."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.analysing import demo_passages
from bench.planted.conflicts import Half
from bench.planted.duplicates import Pair, Text, make_pairs
from codify.candidates import candidates, signature
from codify.duplicates import DUPLICATE_SCORE, quick_score
from codify.profile import Profile, read_profile
from search.analysis.analyzer import Analyzer
from search.terms import TermCounter

_Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Scored:
    """A pair with its score."""

    pair: Pair
    score: float

    @property
    def is_right(self) -> bool:
        """Whether the verdict is the truth."""
        return (self.score >= DUPLICATE_SCORE) == self.pair.is_duplicate


@dataclass(frozen=True, slots=True)
class DuplicateFigures:
    """Of one half: at the limit of the verdict, and the best precision where recall is 0.8 at least."""

    pairs: int
    duplicates: int
    precision: float
    recall: float
    precision_at_recall_80: float


@dataclass(frozen=True, slots=True)
class CandidateFigures:
    """Proposing pairs among many texts, some of them edited copies; processor time of one thread."""

    texts: int
    copies: int
    proposed: int
    recall: float
    signature_seconds: float
    candidate_seconds: float


def score_pairs(
    directory: Path | None, half: Half, *, seed: int = 0, progress: _Progress = lambda _d, _t: None
) -> list[Scored]:
    """Every pair of a half with its score.

    Raises:
        BrokenDataset: a file of a public set is not what it should be.
    """
    analyzer = Analyzer()
    profiles: dict[Text, Profile] = {}

    def profile(text: Text) -> Profile:
        if text not in profiles:
            profiles[text] = read_profile(text.text, title=text.title, analyzer=analyzer)
        return profiles[text]

    pairs = make_pairs(directory, half, seed=seed)
    scored = []
    for number, pair in enumerate(pairs):
        scored.append(Scored(pair, quick_score(profile(pair.one), profile(pair.two))))
        progress(number + 1, len(pairs))
    return scored


def figures(scored: Sequence[Scored]) -> DuplicateFigures:
    """The figures of scored pairs."""
    duplicates = sum(s.pair.is_duplicate for s in scored)
    ranked = sorted(scored, key=lambda s: -s.score)
    found, best = 0, 0.0
    for number, one in enumerate(ranked, start=1):
        found += one.pair.is_duplicate
        if found >= 0.8 * duplicates:
            best = max(best, found / number)
    chosen = [s for s in scored if s.score >= DUPLICATE_SCORE]
    hits = sum(s.pair.is_duplicate for s in chosen)
    return DuplicateFigures(
        len(scored), duplicates, hits / max(1, len(chosen)), hits / max(1, duplicates), best
    )


def by_kind(scored: Sequence[Scored]) -> dict[str, tuple[int, int]]:
    """Per kind of pair, how many verdicts were right and how many pairs there are."""
    counts: dict[str, tuple[int, int]] = {}
    for one in scored:
        kind = f"{'duplicate' if one.pair.is_duplicate else 'not'}: {one.pair.kind}"
        right, total = counts.get(kind, (0, 0))
        counts[kind] = (right + one.is_right, total + 1)
    return dict(sorted(counts.items()))


def measure_candidates(*, texts: int, copies: int) -> CandidateFigures:
    """Propose pairs among made-up passages and typo-ridden copies of some of them."""
    from search.analysis.variants import with_typos

    made = demo_passages(texts)
    made += [with_typos(made[number], 3, number) for number in range(copies)]
    counter = TermCounter()
    counter.count(" ".join(made[:200]))
    started = time.thread_time()
    signatures = [signature(counter.count(text)) for text in made]
    read = time.thread_time()
    proposed = candidates(signatures)
    done = time.thread_time()
    met = {(pair.first, pair.second) for pair in proposed}
    hits = sum((number, texts + number) in met for number in range(copies))
    return CandidateFigures(
        len(made), copies, len(proposed), hits / max(1, copies), read - started, done - read
    )
