"""The answer: the sentence of the best passages that covers most of what was asked, cut from the original."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.analysis.fold import fold_text

#: what a query term counts that stands in the heading above a sentence, not in it
HEADING_SHARE = 0.6
#: what it counts that a sentence holds the kind of quantity that was asked for
EXPECTED_SHARE = 0.3
#: below this (covered share and `EXPECTED_SHARE` together) the passage's first sentence answers better
LEAST_COVERAGE = 0.15
#: code points of an answer together with the sentence it points back to
LONGEST_PAIR = 400

#: folded; no alternative is longer than the 16 characters that are looked at
_POINTS_BACK = re.compile(r"(?:این|ان|انها|او|وی|همین|همان|چنین|it|its|this|that|they|these|those|he|she)\b")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A candidate answer: where it stands in its passage, its terms, and those of the heading above it.

    Args:
        is_expected: whether it holds the kind of quantity that was asked for.
    """

    start: int
    end: int
    terms: frozenset[int]
    heading: frozenset[int] = frozenset()
    is_expected: bool = False


def best_sentence(
    sentences: Sequence[Sentence], *, query_terms: Sequence[int], idf: np.ndarray
) -> tuple[Sentence, float] | None:
    """The sentence that covers most of the query's information, and the covered share.

    The share is 0..1, and up to `EXPECTED_SHARE` more where the sentence holds what was asked for. Ties go
    to the earlier one. None where there is no sentence.
    """
    if not sentences:
        return None
    weight = dict(zip(query_terms, idf.tolist(), strict=True))
    total = sum(weight.values()) or 1.0

    def coverage(sentence: Sentence) -> float:
        own = sum(weight[term] for term in sentence.terms & weight.keys())
        above = sum(weight[term] for term in (sentence.heading - sentence.terms) & weight.keys())
        return float(own + HEADING_SHARE * above) / total + EXPECTED_SHARE * sentence.is_expected

    best = max(sentences, key=lambda s: (round(coverage(s), 6), -s.start))
    return best, coverage(best)


def with_antecedent(sentences: Sequence[Sentence], chosen: Sentence, text: str) -> int:
    """Where the answer begins: a sentence earlier where `chosen` speaks of what that one names.

    Args:
        sentences: the candidates of the passage, in order.
    Returns:
        Offset in `text`.
    """
    at = sentences.index(chosen)
    if at == 0 or not _POINTS_BACK.match(fold_text(text[chosen.start : chosen.start + 16])):
        return chosen.start
    before = sentences[at - 1]
    same_paragraph = "\n" not in text[before.end : chosen.start]
    return before.start if same_paragraph and chosen.end - before.start <= LONGEST_PAIR else chosen.start
