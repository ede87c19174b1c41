"""Fits the confidence curve on question sets and says how well it is calibrated."""

import json
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.dataset import Dataset, spread
from bench.evaluate import EVERYTHING, ranked_ids
from bench.knowledge import temporary_knowledge
from bench.measures import auroc, calibration_error
from search.confidence import DATA, Evidence

FOLDS = 5
#: what a set without unanswerable questions weighs against one that has them
WEIGHT_WITHOUT_UNANSWERABLE = 0.1
#: of the squared weights of standardised features: too little to matter but for features that never vary
RIDGE = 1.0
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Observed:
    """The evidence of one set's questions ([n, f]), whether the first hit was right, and was answerable."""

    name: str
    features: _Floats
    right: _Floats
    answerable: NDArray[np.bool_]

    @property
    def has_unanswerable(self) -> bool:
        return not bool(self.answerable.all())


@dataclass(frozen=True, slots=True)
class Fitted:
    """A curve fitted on everything, and its held-out figures: each fold judged by a curve of the others."""

    weights: tuple[float, ...]
    intercept: float
    calibration_error: float
    per_set: dict[str, dict[str, float | None]]
    held_out: tuple[tuple[float, bool], ...]

    def as_json(self, sets: Sequence[str], limit: int | None) -> dict[str, Any]:
        """What `search/confidence.json` holds."""
        names = [field.name for field in fields(Evidence)]
        return {
            "made_by": f"kb bench confidence {' '.join(sets)}{f' --limit {limit}' if limit else ''} --write",
            "held_out": {"folds": FOLDS, "ece": round(self.calibration_error, 4), "sets": self.per_set},
            "intercept": round(self.intercept, 6),
            "weights": {n: round(w, 6) for n, w in zip(names, self.weights, strict=True)},
        }


def observe(
    dataset: Dataset, *, limit: int | None, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> Observed:
    """Ask the real search every question of the set, and every unanswerable one."""
    asked = [(q, dataset.relevant[q.id]) for q in spread(dataset.questions, limit)]
    asked += [(q, {}) for q in spread(dataset.unanswerable, limit)]
    features, right, answerable = [], [], []
    with temporary_knowledge(dataset.corpus, progress=progress) as knowledge:
        for question, relevant in asked:
            found = knowledge.search.searcher.search(text=question.text, visibility=EVERYTHING)
            if found.evidence is None:
                continue
            features.append(astuple(found.evidence))
            right.append(ranked_ids(knowledge, found)[0] in relevant)
            answerable.append(bool(relevant))
    return Observed(
        dataset.name,
        np.array(features, dtype=np.float64),
        np.array(right, dtype=np.float64),
        np.array(answerable, dtype=np.bool_),
    )


def fit_confidence(observed: Sequence[Observed], *, seed: int = 1) -> Fitted:
    """Fit by weighted logistic regression; every set with unanswerable questions counts the same."""
    features = np.concatenate([one.features for one in observed])
    right = np.concatenate([one.right for one in observed])
    weights = np.concatenate([np.full(len(one.right), _weight(one)) for one in observed])
    of_set = np.concatenate([np.full(len(one.right), at) for at, one in enumerate(observed)])
    folds = np.random.default_rng(seed).integers(0, FOLDS, len(right))
    held_out = np.zeros(len(right))
    for fold in range(FOLDS):
        rest = folds != fold
        beta = _logistic(features[rest], right[rest], weights[rest])
        held_out[~rest] = _curve(features[~rest], beta)
    per_set: dict[str, dict[str, float | None]] = {}
    for at, one in enumerate(observed):
        scores = held_out[of_set == at]
        area = auroc(scores[one.answerable].tolist(), scores[~one.answerable].tolist())
        per_set[one.name] = {
            "questions": len(scores),
            "ece": round(calibration_error(list(zip(scores.tolist(), one.right > 0, strict=True))), 4),
            "auroc": round(area, 4) if one.has_unanswerable else None,
        }
    beta = _logistic(features, right, weights)
    pairs = tuple((float(score), bool(hit)) for score, hit in zip(held_out, right, strict=True))
    return Fitted(tuple(map(float, beta[1:])), float(beta[0]), calibration_error(pairs), per_set, pairs)


def write(fitted: Fitted, sets: Sequence[str], limit: int | None) -> None:
    """Replace the model of the package."""
    DATA.write_text(json.dumps(fitted.as_json(sets, limit), indent=2) + "\n", "utf-8")


def _weight(one: Observed) -> float:
    share = 1.0 if one.has_unanswerable else WEIGHT_WITHOUT_UNANSWERABLE
    return 1000.0 * share / len(one.right)


def _logistic(features: _Floats, right: _Floats, weights: _Floats) -> _Floats:
    """Intercept and weights for raw features, by Newton's method (Hastie et al. 2009, section 4.4.1)."""
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    deviation[deviation == 0] = 1.0
    design = np.column_stack([np.ones(len(features)), (features - mean) / deviation])
    ridge = np.eye(design.shape[1]) * RIDGE
    ridge[0, 0] = 0.0
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-design @ beta))
        hessian = (design * (weights * chance * (1.0 - chance))[:, None]).T @ design + ridge
        beta += np.linalg.solve(hessian, design.T @ (weights * (right - chance)) - ridge @ beta)
    raw = beta[1:] / deviation
    return np.concatenate([[beta[0] - raw @ mean], raw])


def _curve(features: _Floats, beta: _Floats) -> _Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-(beta[0] + features @ beta[1:]))))
