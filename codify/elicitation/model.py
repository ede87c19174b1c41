"""From features to elements: one readable table of weights, and neighbouring clauses that hold together.

A linear-chain conditional model (Lafferty, McCallum & Pereira 2001) over the clauses of a text. Each clause
is of one element or of none; its score for one is the sum of the weights that its features have for it.
"""

import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from codify.elicitation.element import Element
from codify.elicitation.features import Features
from codify.elicitation.meaning import Floats, Meaning, read_meaning
from search.embedding.e5_adapter import Adapter, read_adapter

DATA = Path(__file__).with_name("weights.json")
MEANING_DATA = Path(__file__).with_name("weights.meaning.json")
ADAPTER_DATA = Path(__file__).with_name("weights.adapter.npz")
#: What a clause may be; "none" comes first.
LABELS: tuple[Element | None, ...] = (None, *Element)


@dataclass(frozen=True, slots=True)
class Model:
    """The weights.

    Attributes:
        weights: feature -> weight of each label, in the order of `LABELS`; an unknown feature weighs nothing.
        stay: added where two neighbouring clauses of one sentence are of the same label.
        stay_across: the same where a sentence ends between them.
        thresholds: of each label, in the order of `LABELS`, the chance from which on a clause shows it.
        meaning: how embeddings of the clauses are weighed; None where they are not.
    """

    weights: Mapping[str, tuple[float, ...]]
    stay: float
    stay_across: float
    thresholds: tuple[float, ...]
    meaning: Meaning | None = None

    def chances(
        self, features: Sequence[Features], sentences: Sequence[int], vectors: Floats | None = None
    ) -> list[tuple[float, ...]]:
        """For each clause the chance of each label, in the order of `LABELS`; forward and backward sums.

        Args:
            sentences: the number of each clause's sentence.
            vectors: the embedding of each clause, where the model weighs them.
        """
        if not features:
            return []
        scores = [self.scores(one) for one in features]
        if self.meaning is not None and vectors is not None:
            meant = self.meaning.scores(vectors).tolist()
            scores = [[s + m for s, m in zip(*both, strict=True)] for both in zip(scores, meant, strict=True)]
        stays = [
            self.stay if here == after else self.stay_across for here, after in itertools.pairwise(sentences)
        ]
        forward = [scores[0]]
        for score, stay in zip(scores[1:], stays, strict=True):
            forward.append([s + m for s, m in zip(score, _step(forward[-1], stay), strict=True)])
        backward = [[0.0] * len(LABELS)]
        for score, stay in zip(reversed(scores[1:]), reversed(stays), strict=True):
            onward = [s + b for s, b in zip(score, backward[-1], strict=True)]
            backward.append(_step(onward, stay))
        return [
            _normalised([f + b for f, b in zip(one, other, strict=True)])
            for one, other in zip(forward, reversed(backward), strict=True)
        ]

    def scores(self, features: Features) -> list[float]:
        """The sum of weights for each label."""
        total = [0.0] * len(LABELS)
        for name, value in features.items():
            weights = self.weights.get(name)
            if weights is not None:
                for at, weight in enumerate(weights):
                    total[at] += weight * value
        return total


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The package's weights of rules alone."""
    return read_model(json.loads(DATA.read_text("utf-8")))


@lru_cache(maxsize=1)
def load_meaning_model() -> Model:
    """The package's weights of rules and embeddings together."""
    return read_model(json.loads(MEANING_DATA.read_text("utf-8")), read_adapter(ADAPTER_DATA))


def read_model(raw: Mapping[str, Any], adapter: Adapter | None = None) -> Model:
    """The model that `weights.json` or `weights.meaning.json` states."""
    meaning = raw.get("meaning")
    return Model(
        {name: by_label(own) for name, own in raw["weights"].items()},
        float(raw["stay"]),
        float(raw["stay_across"]),
        by_label(raw["thresholds"]),
        None if meaning is None else read_meaning(meaning, LABELS, adapter),
    )


def by_label(stated: Mapping[str, float]) -> tuple[float, ...]:
    """Values in the order of `LABELS`; 0 where none is stated."""
    return tuple(float(stated.get(label or "none", 0.0)) for label in LABELS)


def _step(scores: Sequence[float], stay: float) -> list[float]:
    """Log-sums over the label before, which adds `stay` where it is the same."""
    top = max(scores) + max(stay, 0.0)
    parts = [math.exp(score - top) for score in scores]
    total = sum(parts)
    bonus = math.exp(stay) - 1.0
    return [top + math.log(max(total + bonus * part, 1e-300)) for part in parts]


def _normalised(scores: Sequence[float]) -> tuple[float, ...]:
    top = max(scores)
    parts = [math.exp(score - top) for score in scores]
    total = sum(parts)
    return tuple(part / total for part in parts)
