"""From rules that fired to a strength: a sum of named features through a logistic curve, clause by clause."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from codify.elicitation.clauses import Clause
from codify.elicitation.element import Element
from codify.elicitation.firing import Fired
from codify.elicitation.rules import Weight
from codify.elicitation.words import Worded

DATA = Path(__file__).with_name("weights.json")
_RANK = {Weight.HINT: 1, Weight.LIKELY: 2, Weight.SURE: 3}


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights by element and feature; a feature without a weight counts nothing."""

    weights: Mapping[Element, Mapping[str, float]]

    def strengths(
        self, element: Element, worded: Worded, clauses: Sequence[Clause], fired: Sequence[Fired]
    ) -> list[float]:
        """For each clause the chance that it shows the element; 0 where no rule of the element fired."""
        own = self.weights[element]
        strengths = []
        for at in range(len(clauses)):
            found = features(element, at, worded, clauses, fired)
            if not found:
                strengths.append(0.0)
                continue
            total = own.get("bias", 0.0) + sum(own.get(name, 0.0) * value for name, value in found.items())
            strengths.append(1.0 / (1.0 + math.exp(-total)))
        return strengths


@lru_cache(maxsize=1)
def load_scorer() -> Scorer:
    """The package's weights."""
    raw = json.loads(DATA.read_text("utf-8"))["weights"]
    return Scorer({element: raw[element.value] for element in Element})


def features(
    element: Element, at: int, worded: Worded, clauses: Sequence[Clause], fired: Sequence[Fired]
) -> dict[str, float]:
    """Named features of one clause for one element; empty where no rule of the element fired in it."""
    here = [one for one in fired if one.first <= at <= one.last]
    own = [one for one in here if one.rule.element is element]
    if not own:
        return {}
    found = {max(own, key=lambda one: _RANK[one.rule.weight]).rule.weight.value: 1.0}
    if len({one.rule.id for one in own}) > 1:
        found["several"] = 1.0
    for other in Element:
        if other is not element and any(
            one.rule.element is other and one.rule.weight is Weight.SURE for one in here
        ):
            found[f"beside_{other.value}"] = 1.0
    if clauses[at].sentence == clauses[0].sentence:
        found["first_sentence"] = 1.0
    if clauses[at].sentence == clauses[-1].sentence and len(clauses) > 1:
        found["last_sentence"] = 1.0
    words = range(clauses[at].first, clauses[at].last + 1)
    if any(word in worded.quoted for word in words):
        found["quoted"] = 1.0
    return found
