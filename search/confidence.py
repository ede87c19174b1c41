"""How sure we are that the first hit answers: evidence, a fitted logistic curve, and what to do with it.

The curve is fitted by `kb bench confidence` on public question sets with unanswerable questions; its
coefficients lie in `confidence.json` with where they come from.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from search.analysis.terms import TermGroup
from search.group import Group

DATA = Path(__file__).with_name("confidence.json")
#: from these on the answer is put forward, and the hits are offered as suggestions; below, ask a person
ANSWER_FROM, SUGGEST_FROM = 0.5, 0.2
#: stands for the cosine where the dense leg knows nothing: below what any real neighbour has
NO_COSINE = 0.75


class Advice(StrEnum):
    """What a surface does with a result."""

    ANSWER = "answer"
    SUGGESTIONS = "suggestions"
    ASK_A_PERSON = "ask_a_person"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a result before anybody reads it; the fields are the model's features, in order.

    Args:
        cosine: the best passage's, of the first origin.
        coverage: share of the query's information that its words cover.
        lead: of the first origin's score over the second's.
        cosine_lead, coverage_lead: of the first origin over the best other one; negative where it is better.
        words: natural logarithm of 1 + how many words the query has, stop words not counted.
        persian: share of its words in Arabic script.
    """

    cosine: float
    coverage: float
    lead: float
    cosine_lead: float
    coverage_lead: float
    words: float
    persian: float


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """A logistic curve: one weight a feature of `Evidence`, and an intercept."""

    weights: tuple[float, ...]
    intercept: float

    def confidence(self, evidence: Evidence) -> float:
        """Calibrated probability in [0, 1] that the first hit answers."""
        z = self.intercept + sum(w * x for w, x in zip(self.weights, astuple(evidence), strict=True))
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, z))))


def evidence_of(groups: Sequence[Group], query: Sequence[TermGroup]) -> Evidence | None:
    """The evidence of `groups`, best first; None where nothing was found."""
    if not groups:
        return None
    first, others = groups[0], groups[1:]
    words = [group for group in query if not group.is_stop]
    persian = sum(any("\u0600" <= letter <= "\u06ff" for letter in group.term) for group in words)
    return Evidence(
        cosine=first.cosine,
        coverage=first.coverage,
        lead=max(0.0, first.score - max((other.score for other in others), default=0.0)),
        cosine_lead=first.cosine - max((other.cosine for other in others), default=NO_COSINE),
        coverage_lead=first.coverage - max((other.coverage for other in others), default=0.0),
        words=math.log1p(len(words)),
        persian=persian / len(words) if words else 0.0,
    )


def advice_of(confidence: float) -> Advice:
    """What to do with a result of this confidence."""
    if confidence >= ANSWER_FROM:
        return Advice.ANSWER
    return Advice.SUGGESTIONS if confidence >= SUGGEST_FROM else Advice.ASK_A_PERSON


@lru_cache(maxsize=1)
def load_confidence() -> ConfidenceModel:
    """The model of the package.

    Raises:
        ValueError: the file was fitted for other features.
    """
    stated = json.loads(DATA.read_text("utf-8"))
    names = tuple(field.name for field in fields(Evidence))
    if tuple(stated["weights"]) != names:
        raise ValueError(f"{DATA.name} was fitted for {', '.join(stated['weights'])}; fit it again")
    return ConfidenceModel(tuple(stated["weights"].values()), stated["intercept"])
