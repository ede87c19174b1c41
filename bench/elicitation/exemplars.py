"""The labelled clauses that evidence is compared with, and the numbers of a fit as they are written down."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bench.elicitation.notes import LabelledNote
from codify.elicitation.detect import Observed
from codify.elicitation.element import Element
from codify.elicitation.meaning import Exemplar, Floats, Meaning, packed
from codify.elicitation.model import LABELS, Model

#: exemplars of each element
EXEMPLARS = 24
#: words that an exemplar has
SHORTEST, LONGEST = 3, 14
DIGITS = 4


def with_exemplars(
    model: Model,
    observed: Sequence[Observed],
    notes: Sequence[LabelledNote],
    label_of: Callable[[LabelledNote, tuple[int, int]], int],
) -> Model:
    """The model with clauses that it is sure of, for each element, as far from one another as can be."""
    if model.meaning is None:
        return model
    found: dict[Element, list[tuple[float, Exemplar]]] = {element: [] for element in Element}
    for one, note in zip(observed, notes, strict=True):
        if one.vectors is None:
            continue
        sentences = [clause.sentence for clause in one.clauses]
        chances = model.chances(one.features, sentences, one.vectors)
        for clause, chance, vector in zip(one.clauses, chances, one.vectors, strict=True):
            span = clause.span(one.worded.words)
            element = LABELS[label_of(note, span)]
            if element is not None and SHORTEST <= clause.last - clause.first + 1 <= LONGEST:
                centred = vector - model.meaning.centre
                unit = np.asarray(centred / np.linalg.norm(centred), np.float32)
                sure = chance[LABELS.index(element)]
                found[element].append((sure, Exemplar(element, note.text[span[0] : span[1]], unit)))
    chosen = tuple(one for element in Element for one in _spread(found[element]))
    return replace(model, meaning=replace(model.meaning, exemplars=chosen))


def _spread(found: Sequence[tuple[float, Exemplar]]) -> list[Exemplar]:
    """Farthest points first (Gonzalez 1985), among the surer half."""
    surest = sorted(found, key=lambda one: (-one[0], one[1].text))
    pool = [one for _, one in surest[: max(EXEMPLARS, len(surest) // 2)]]
    chosen = pool[:1]
    while len(chosen) < min(EXEMPLARS, len(pool)):
        near = np.stack([one.vector for one in pool]) @ np.stack([one.vector for one in chosen]).T
        chosen.append(pool[int(near.max(axis=1).argmin())])
    return chosen


def stated_meaning(meaning: Meaning) -> dict[str, Any]:
    """The part "meaning" of `weights.meaning.json`."""
    return {
        "centre": _rounded(meaning.centre),
        "weights": {
            label or "none": _rounded(meaning.weights[:, column]) for column, label in enumerate(LABELS)
        },
        "exemplars": [
            {"element": one.element.value, "text": one.text, "vector": packed(one.vector)}
            for one in meaning.exemplars
        ],
    }


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), DIGITS) for value in values]
