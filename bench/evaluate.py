"""`kb eval`: quality and latency of the real retrieval on one dataset."""

import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bench.agreement import Agreement, Pair, measure_agreement
from bench.dataset import Dataset, Question, spread
from bench.knowledge import Knowledge, temporary_knowledge
from bench.measures import Quality, auroc, calibration_error, percentile, quality, reliability
from kb.visibility import OPERATOR, Visibility, visibility_of
from search.index import Leg
from search.results import SearchResult

LEGS: Mapping[str, tuple[Leg, ...]] = {
    "dense": (Leg.DENSE,),
    "lexical": (Leg.TERMS, Leg.GRAMS),
    "hybrid": tuple(Leg),
}
#: queries run before the clock starts: caches of words and pages are then as in a running service
WARM_UP_QUERIES = 20

EVERYTHING: Visibility = visibility_of(OPERATOR, portal_public=True)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class LegResult:
    leg: str
    kind: str
    quality: Quality
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class AnswerQuality:
    """Of the queries whose first hit is right and whose gold answers are known.

    Args:
        contained: share whose extracted answer holds a gold answer; none given holds none.
        given: share that got an answer.
        p50_chars, p90_chars: length of the answers given; a longer answer holds more, and says less.
    """

    queries: int
    contained: float
    given: float
    p50_chars: float
    p90_chars: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One dataset's figures; `auroc` is None without unanswerable queries."""

    dataset: str
    docs: int
    passages: int
    ingest_seconds: float
    memory_mib: float
    results: tuple[LegResult, ...]
    auroc: float | None
    answers: AnswerQuality | None
    agreements: tuple[Agreement, ...] = ()
    #: of the hybrid leg: confidence, and whether the first hit was right; unanswerable questions included
    predictions: tuple[tuple[float, bool], ...] = ()

    @property
    def calibration_error(self) -> float:
        return calibration_error(self.predictions)

    def as_json(self) -> dict[str, Any]:
        """The stable schema of `kb eval --json`."""
        return {
            "dataset": self.dataset,
            "docs": self.docs,
            "passages": self.passages,
            "ingest": {
                "seconds": round(self.ingest_seconds, 2),
                "passages_per_second": round(self.passages / max(self.ingest_seconds, 1e-9), 2),
            },
            "memory_mib": round(self.memory_mib, 1),
            "results": [
                {
                    "leg": result.leg,
                    "kind": result.kind,
                    "queries": result.quality.queries,
                    "ndcg@10": round(result.quality.ndcg_at_10, 4),
                    "hit@1": round(result.quality.hit_at_1, 4),
                    "hit@10": round(result.quality.hit_at_10, 4),
                    "mrr@10": round(result.quality.mrr_at_10, 4),
                    "p50_ms": round(result.p50_ms, 2),
                    "p95_ms": round(result.p95_ms, 2),
                }
                for result in self.results
            ],
            "noanswer": {
                "auroc": None if self.auroc is None else round(self.auroc, 4),
                "ece": None if self.auroc is None else round(self.calibration_error, 4),
                "reliability": [
                    {"confidence": round(b.confidence, 4), "right": round(b.right, 4), "count": b.count}
                    for b in reliability(self.predictions)
                ],
            },
            "answers": {
                "contained": round(self.answers.contained, 4) if self.answers else None,
                "given": round(self.answers.given, 4) if self.answers else None,
                "p50_chars": self.answers.p50_chars if self.answers else None,
                "p90_chars": self.answers.p90_chars if self.answers else None,
            },
            "agreement": [agreement.as_json() for agreement in self.agreements],
        }


def evaluate(
    dataset: Dataset,
    *,
    legs: Sequence[str] = tuple(LEGS),
    index: Literal["edge", "client"] = "edge",
    limit: int | None = None,
    pairs: Sequence[Pair] = (),
    progress: Progress = lambda _what, _done, _total: None,
) -> Evaluation:
    """Build a temporary knowledge base of the dataset and ask it every query.

    Args:
        limit: at most this many queries, spread evenly over the set (and as many unanswerable ones).
        pairs: forms of one query that should have the same first hit.
    """
    questions = spread(dataset.questions, limit)
    with temporary_knowledge(
        dataset.corpus, index=index, progress=lambda done, total: progress("ingest", done, total)
    ) as knowledge:
        results: list[LegResult] = []
        first: list[tuple[Question, SearchResult]] = []
        for leg in legs:
            asked = _ask(knowledge, questions, leg, progress)
            results += _by_kind(leg, dataset, knowledge, asked)
            if leg == "hybrid":
                first = [(question, result) for question, result, _ in asked]
        negatives = _unanswerable(knowledge, spread(dataset.unanswerable, limit), progress) if first else []
        return Evaluation(
            dataset.name,
            len(dataset.corpus),
            knowledge.passages,
            knowledge.seconds,
            peak_memory_mib(),
            tuple(results),
            auroc([result.confidence for _, result in first], negatives) if first and negatives else None,
            _answers(dataset, knowledge, first),
            measure_agreement(
                lambda text: _first_hit(knowledge, text),
                dataset.corpus,
                pairs,
                progress=lambda done, total: progress("pairs", done, total),
            ),
            (*_judged(dataset, knowledge, first), *((confidence, False) for confidence in negatives)),
        )


def peak_memory_mib() -> float:
    """The largest resident set of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _ask(
    knowledge: Knowledge, questions: Sequence[Question], leg: str, progress: Progress
) -> list[tuple[Question, SearchResult, float]]:
    searcher = knowledge.search.searcher
    for question in questions[:WARM_UP_QUERIES]:
        searcher.search(text=f"{question.text} .", visibility=EVERYTHING, legs=LEGS[leg])
    asked = []
    for done, question in enumerate(questions, start=1):
        # Every leg is asked the same queries: the vectors of the leg before must not be remembered.
        knowledge.search.forget_queries()
        started = time.perf_counter()
        result = searcher.search(text=question.text, visibility=EVERYTHING, legs=LEGS[leg])
        asked.append((question, result, (time.perf_counter() - started) * 1000))
        if done % 50 == 0 or done == len(questions):
            progress(leg, done, len(questions))
    return asked


def _by_kind(
    leg: str, dataset: Dataset, knowledge: Knowledge, asked: Sequence[tuple[Question, SearchResult, float]]
) -> list[LegResult]:
    kinds = sorted({question.kind for question, _, _ in asked})
    results = []
    for kind in kinds:
        of_kind = [entry for entry in asked if entry[0].kind == kind]
        rankings = [
            (ranked_ids(knowledge, result), dataset.relevant[question.id]) for question, result, _ in of_kind
        ]
        times = [milliseconds for _, _, milliseconds in of_kind]
        results.append(
            LegResult(leg, kind, quality(rankings), percentile(times, 0.5), percentile(times, 0.95))
        )
    return results


def ranked_ids(knowledge: Knowledge, result: SearchResult) -> list[str]:
    """Corpus ids of the hits, best first."""
    return [knowledge.entry_of[hit.origin_id] for hit in result.hits]


def _first_hit(knowledge: Knowledge, text: str) -> str | None:
    result = knowledge.search.searcher.search(text=text, visibility=EVERYTHING)
    return ranked_ids(knowledge, result)[0] if result.hits else None


def _unanswerable(knowledge: Knowledge, chosen: Sequence[Question], progress: Progress) -> list[float]:
    """Confidences of questions that nothing in the corpus answers."""
    confidences = []
    for done, question in enumerate(chosen, start=1):
        found = knowledge.search.searcher.search(text=question.text, visibility=EVERYTHING)
        confidences.append(found.confidence)
        if done % 50 == 0 or done == len(chosen):
            progress("noanswer", done, len(chosen))
    return confidences


def _judged(
    dataset: Dataset, knowledge: Knowledge, answered: Sequence[tuple[Question, SearchResult]]
) -> list[tuple[float, bool]]:
    return [
        (result.confidence, bool(result.hits) and ranked_ids(knowledge, result)[0] in dataset.relevant[q.id])
        for q, result in answered
    ]


def _answers(
    dataset: Dataset, knowledge: Knowledge, answered: Sequence[tuple[Question, SearchResult]]
) -> AnswerQuality | None:
    """What was extracted where the first hit is right."""
    held: list[bool] = []
    lengths: list[float] = []
    for question, result in answered:
        gold = dataset.answers.get(question.id)
        if not gold or not result.hits:
            continue
        if ranked_ids(knowledge, result)[0] in dataset.relevant[question.id]:
            text = result.answer.text if result.answer else ""
            held.append(any(_same(answer) in _same(text) for answer in gold))
            lengths += [len(text)] if result.answer else []
    if not held:
        return None
    return AnswerQuality(
        len(held),
        sum(held) / len(held),
        len(lengths) / len(held),
        percentile(lengths, 0.5),
        percentile(lengths, 0.9),
    )


def _same(text: str) -> str:
    from search.analysis.fold import fold_text

    return "".join(c for c in fold_text(text) if c.isalnum())
