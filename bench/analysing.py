"""`kb bench analysis`: how fast text becomes counted terms and places, on one core."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from bench.synthetic import demo_sentences
from search.analysis.analyzer import Analyzer
from search.analysis.english import stem_english
from search.analysis.lexicon import load_lexicon
from search.terms import TermCounter, pack_counts

SENTENCES_PER_PASSAGE = 6


@dataclass(frozen=True, slots=True)
class AnalysisFigures:
    """Tokens a second of processor time, medians of the rounds; a token is a surface word between spaces.

    Args:
        cold_terms: passages to weighted terms by an analyzer that has met no word yet.
        terms, groups: the same warm, and term groups with offsets.
        counts, places: what ingestion stores of a passage: packed terms with 3-grams, and packed places.
        query_us: microseconds for a query of seven words, terms and 3-grams.
    """

    tokens: int
    distinct: int
    cold_terms: float
    terms: float
    groups: float
    counts: float
    places: float
    query_us: float


def measure_analysis(*, passages: int = 1000, rounds: int = 5) -> AnalysisFigures:
    """Measure one thread on passages of the demo's sentences, Persian and English."""
    texts = demo_passages(passages)
    asked = [" ".join(text.split()[:7]) for text in texts]
    tokens = sum(len(text.split()) for text in texts)
    load_lexicon()
    cold = [_per_second(tokens, partial(_each, fresh.passage_terms, texts)) for fresh in _fresh(rounds)]
    counter = TermCounter()
    steps: dict[str, Callable[[], object]] = {
        "terms": partial(_each, counter.analyzer.passage_terms, texts),
        "groups": partial(_each, counter.analyzer.analyze, texts),
        "counts": partial(_each, lambda text: pack_counts(counter.count(text)), texts),
        "places": partial(_each, counter.places, texts),
    }
    for step in steps.values():
        step()
    speeds: dict[str, list[float]] = {name: [] for name in steps}
    queries: list[float] = []
    for _ in range(rounds):
        for name, step in steps.items():
            speeds[name].append(_per_second(tokens, step))
        queries.append(_per_second(len(asked), partial(_each, counter.query, asked)))
    return AnalysisFigures(
        tokens=tokens,
        distinct=len({word for text in texts for word in text.split()}),
        cold_terms=statistics.median(cold),
        query_us=1e6 / statistics.median(queries),
        **{name: statistics.median(values) for name, values in speeds.items()},
    )


def demo_passages(count: int, *, seed: int = 5) -> list[str]:
    """Passages of sentences of the demo: words recur in them as they do in a help centre."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    sentences = demo_sentences()
    return [" ".join(chance.sample(sentences, SENTENCES_PER_PASSAGE)) for _ in range(count)]


def _fresh(count: int) -> Iterator[Analyzer]:
    """Analyzers that remember no word, made outside the clock; nor do the stems they share."""
    for _ in range(count):
        stem_english.cache_clear()
        yield Analyzer()


def _each(work: Callable[[str], object], texts: Sequence[str]) -> None:
    for text in texts:
        work(text)


def _per_second(tokens: int, work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return tokens / (time.process_time() - started)
