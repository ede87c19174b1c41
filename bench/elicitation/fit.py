"""Fits the weights of the detector's features on labelled notes, and says how well that holds on others."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.elicitation.measure import Counts, measure
from bench.elicitation.notes import LabelledNote
from codify.elicitation.clauses import cut_clauses
from codify.elicitation.detect import detect, rules_for
from codify.elicitation.element import Element
from codify.elicitation.firing import fire
from codify.elicitation.scoring import DATA, Scorer, features
from codify.elicitation.words import read_words

FOLDS = 5
#: of the squared distance of a weight from its prior: about ten clauses' worth of evidence to move it
RIDGE = 1.0
_Floats = NDArray[np.float64]

Weights = Mapping[Element, Mapping[str, float]]

#: What rules say before any note is seen; fitting moves weights away from it only as far as notes insist.
PRIOR: dict[str, float] = {"bias": -4.0, "sure": 6.0, "likely": 4.6, "hint": 2.5, "several": 0.7}


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights fitted on everything; by element how the rules alone and a fit on the other folds do."""

    weights: dict[Element, dict[str, float]]
    held_out: dict[Element, Counts]
    prior: dict[Element, Counts]

    def as_json(self, notes: str) -> dict[str, Any]:
        """What `codify/elicitation/weights.json` holds."""
        return {
            "made_by": f"kb bench elicitation --notes {notes} --fit --write",
            "held_out_f1": {
                "folds": FOLDS,
                **{one.value: round(counts.f1, 4) for one, counts in self.held_out.items()},
            },
            "weights": {
                one.value: {name: round(value, 3) for name, value in sorted(weights.items())}
                for one, weights in self.weights.items()
            },
        }


@dataclass(slots=True)
class _Examples:
    """Clauses in which a rule of one element fired: features, whether the element is there, of which note."""

    features: list[dict[str, float]] = field(default_factory=list)
    labels: list[bool] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)


def fit(notes: Sequence[LabelledNote]) -> Fitted:
    """Ridge logistic regression towards `PRIOR`, one for each element; folds are made of whole notes."""
    examples = _examples(notes)
    fold_of = np.arange(len(notes)) % FOLDS
    held_out = dict.fromkeys(Element, Counts())
    for fold in range(FOLDS):
        weights = {one: _fit_one(examples[one], fold_of != fold) for one in Element}
        rest = [note for number, note in enumerate(notes) if fold_of[number] == fold]
        for element, figures in measure(rest, _detector(weights)).items():
            held_out[element] += figures.present
    prior = measure(notes, _detector(dict.fromkeys(Element, PRIOR)))
    return Fitted(
        {one: _fit_one(examples[one], np.ones(len(notes), dtype=bool)) for one in Element},
        held_out,
        {element: figures.present for element, figures in prior.items()},
    )


def write(fitted: Fitted, notes: str) -> None:
    """Replace the weights of the package."""
    DATA.write_text(json.dumps(fitted.as_json(notes), indent=2) + "\n", "utf-8")


def _detector(weights: Weights) -> Any:
    scorer = Scorer(weights)
    return lambda text: detect(text, scorer=scorer)


def _examples(notes: Sequence[LabelledNote]) -> dict[Element, _Examples]:
    examples = {element: _Examples() for element in Element}
    for number, note in enumerate(notes):
        worded = read_words(note.text)
        clauses = cut_clauses(worded)
        fired = fire(worded, clauses, rules_for(note.text))
        for element in Element:
            for at, clause in enumerate(clauses):
                found = features(element, at, worded, clauses, fired)
                if found:
                    examples[element].features.append(found)
                    examples[element].labels.append(_is_labelled(note, element, clause.span(worded.words)))
                    examples[element].notes.append(number)
    return examples


def _is_labelled(note: LabelledNote, element: Element, span: tuple[int, int]) -> bool:
    """Whether a labelled span covers half of the clause, or the clause half of a labelled span."""
    start, end = span
    return any(
        2 * (min(end, last) - max(start, first)) >= min(end - start, last - first)
        for first, last in note.spans[element]
    )


def _fit_one(examples: _Examples, kept: NDArray[np.bool_]) -> dict[str, float]:
    """Weights of one element, by Newton's method (Hastie et al. 2009, section 4.4.1), pulled to the prior."""
    names = sorted({name for found in examples.features for name in found} | set(PRIOR) - {"bias"})
    rows = [row for row, note in enumerate(examples.notes) if kept[note]]
    design = np.array(
        [[1.0, *(examples.features[row].get(name, 0.0) for name in names)] for row in rows]
    ).reshape(len(rows), len(names) + 1)
    labels = np.array([examples.labels[row] for row in rows], dtype=np.float64)
    start: _Floats = np.array([PRIOR["bias"], *(PRIOR.get(name, 0.0) for name in names)])
    beta = start.copy()
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-design @ beta))
        hessian = (design * (chance * (1.0 - chance))[:, None]).T @ design + RIDGE * np.eye(len(beta))
        beta += np.linalg.solve(hessian, design.T @ (labels - chance) - RIDGE * (beta - start))
    return {"bias": float(beta[0]), **{name: float(b) for name, b in zip(names, beta[1:], strict=True)}}
