"""Fits the table of weights on labelled notes, and says how well that holds on notes left out."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.elicitation.measure import Counts
from bench.elicitation.notes import LabelledNote
from codify.elicitation.detect import Observed, observe
from codify.elicitation.element import Element
from codify.elicitation.model import DATA, LABELS, Model

FOLDS = 6
#: half the penalty of a squared weight
RIDGE = 1.2
#: among which an element's is chosen
THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4)
#: clauses in which a word must stand to be weighed by itself
USUAL = 8
#: What rules say before any note is seen; their own element's weight is pulled there, all other weights to zero.
PRIOR = {"certain": 4.5, "sure": 3.0, "likely": 1.8, "hint": 0.5}
#: The same for signals: what each is there for.
SIGNAL_PRIOR: dict[Element | None, dict[str, float]] = {
    None: {"social": 1.5, "question": 1.0, "outcome": 0.7, "place.question": 1.0, "place.short": 0.5},
    Element.SITUATION: {
        "request": 0.8, "person_start": 0.8, "trouble": 0.5, "trouble_verb": 0.5, "circumstance": 0.4,
        "kind_of_case": 0.5, "word.requester": 0.6, "word.trouble": 0.5,
    },
    Element.CUE: {"observe": 0.8, "contrast": 0.3, "measure": 0.3, "word.observable": 0.5, "word.observable.several": 0.6},
    Element.ACTION: {
        "first_past": 1.5, "first_habit": 1.2, "order": 1.5, "must": 0.3, "told_to": 0.8, "remedy": 0.5,
        "handler_past": 1.5, "handler_habit": 1.0, "instruction": 1.5, "verb.first": 0.5,
    },
    Element.REASON: {
        "because": 1.0, "therefore": 0.5, "mechanism": 0.8, "mechanism_verb": 0.6, "word.mechanism": 0.4,
        "word.mechanism.several": 0.5, "causal_past": 0.5, "past_perfect": 0.3,
    },
    Element.BOUNDARY: {
        "except": 1.2, "only": 1.0, "different": 0.8, "kinds_start": 0.5, "kinds": 0.3, "scope_label": 0.7,
        "word.kinds": 0.4, "verb.negated": 0.3,
    },
    Element.NOVICE_ERROR: {
        "novice": 2.0, "colleague": 0.6, "usually": 0.6, "error_talk": 1.0, "harm": 0.6, "word.harm": 0.3,
        "gerund": 0.8, "infinitive_start": 0.8, "instead": 0.3,
    },
}  # fmt: skip
STEPS = 250
#: names of features that are single words begin so
SPELT = ("form.", "opens.", "ends.")
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model fitted on everything, and by element how models of the other folds do on each fold.

    Args:
        held_out: at thresholds chosen on these very figures, so a little better than on notes never seen.
    """

    model: Model
    held_out: dict[Element, Counts]

    def as_json(self, notes: str) -> dict[str, Any]:
        """What `codify/elicitation/weights.json` holds."""
        return {
            "made_by": f"kb bench elicitation {notes} --fit --write",
            "held_out_f1": {
                "folds": FOLDS,
                **{one.value: round(counts.f1, 4) for one, counts in self.held_out.items()},
            },
            "stay": round(self.model.stay, 3),
            "stay_across": round(self.model.stay_across, 3),
            "thresholds": _stated(self.model.thresholds),
            "weights": {name: _stated(weights) for name, weights in sorted(self.model.weights.items())},
        }


def _stated(values: Sequence[float]) -> dict[str, float]:
    """By label, without what would weigh nothing."""
    named = {label or "none": round(value, 2) for label, value in zip(LABELS, values, strict=True)}
    return {name: value for name, value in named.items() if value}


def fit(notes: Sequence[LabelledNote]) -> Fitted:
    """Ridge-penalised conditional likelihood; folds are made of whole notes.

    The threshold of an element is the one with the best F1 over the notes of all folds.
    """
    observed = [observe(note.text) for note in notes]
    chances = np.zeros((len(notes), len(LABELS)))
    for fold in range(FOLDS):
        kept = [number for number in range(len(notes)) if number % FOLDS != fold]
        model = fit_model([observed[n] for n in kept], [notes[n] for n in kept])
        for number in range(fold, len(notes), FOLDS):
            chances[number] = _best_chances(observed[number], model)
    thresholds, held_out = [1.0], {}
    for column, element in enumerate(LABELS):
        if element is not None:
            present = np.array([bool(note.spans[element]) for note in notes])
            best = max(THRESHOLDS, key=lambda at: (_counts(chances[:, column] >= at, present).f1, -abs(at - 0.3)))
            thresholds.append(best)
            held_out[element] = _counts(chances[:, column] >= best, present)
    return Fitted(replace(fit_model(observed, notes), thresholds=tuple(thresholds)), held_out)


def _best_chances(observed: Observed, model: Model) -> _Floats:
    """The highest chance of each label in any clause."""
    chances = model.chances(observed.features, [clause.sentence for clause in observed.clauses])
    return np.array(chances).max(axis=0) if chances else np.zeros(len(LABELS))


def _counts(found: NDArray[np.bool_], present: NDArray[np.bool_]) -> Counts:
    return Counts(int((found & present).sum()), int((found & ~present).sum()), int((~found & present).sum()))


def write(fitted: Fitted, notes: str) -> None:
    """Replace the weights of the package."""
    stated = fitted.as_json(notes)
    weights = ",\n".join(f"  {json.dumps(n)}: {json.dumps(w)}" for n, w in stated.pop("weights").items())
    head = json.dumps(stated, indent=1).removesuffix("\n}")
    DATA.write_text(f'{head},\n "weights": {{\n{weights}\n }}\n}}\n', "utf-8")


def fit_model(observed: Sequence[Observed], notes: Sequence[LabelledNote]) -> Model:
    """The weights that make the labels of `notes` most likely, by Adam (Kingma & Ba 2015) on all of them."""
    names = _names(observed)
    column = {name: at for at, name in enumerate(names)}
    chains = [
        _Chain(
            _matrix(one, column),
            np.array([clause.sentence for clause in one.clauses]),
            np.array([labelled(note, clause.span(one.worded.words)) for clause in one.clauses]),
        )
        for one, note in zip(observed, notes, strict=True)
        if one.clauses
    ]
    batch = _padded(chains, len(names))
    prior = np.concatenate([_prior(names).reshape(-1), [0.0, 0.0]])
    theta = prior.copy()
    first, second = np.zeros_like(theta), np.zeros_like(theta)
    for step in range(1, STEPS + 1):
        slope = _slope(theta, prior, batch)
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        rate = 0.1 * min(1.0, 2.0 * (1.0 - step / STEPS) + 0.02)
        theta -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    table = theta[:-2].reshape(len(names), len(LABELS))
    weights = {name: tuple(float(value) for value in table[column[name]]) for name in names}
    return Model(weights, float(theta[-2]), float(theta[-1]), (1.0, *(0.3 for _ in Element)))


def _names(observed: Sequence[Observed]) -> list[str]:
    """Features that are weighed: all but single words that are rare in these notes."""
    counts = Counter(name for one in observed for features in one.features for name in features)
    return sorted(name for name, count in counts.items() if count >= USUAL or not name.startswith(SPELT))


def _prior(names: Sequence[str]) -> _Floats:
    """[names, labels]."""
    table = np.zeros((len(names), len(LABELS)))
    for row, name in enumerate(names):
        element, _, weight = name.partition(".")
        if weight in PRIOR:
            table[row, LABELS.index(Element(element))] = PRIOR[weight]
        for column, label in enumerate(LABELS):
            table[row, column] += SIGNAL_PRIOR[label].get(name, 0.0)
    return table


@dataclass(frozen=True, slots=True)
class _Chain:
    """One note: features [clauses, names], sentence numbers, label numbers."""

    features: _Floats
    sentences: NDArray[np.int_]
    labels: NDArray[np.int_]


def _matrix(observed: Observed, column: dict[str, int]) -> _Floats:
    matrix = np.zeros((len(observed.clauses), len(column)))
    for row, features in enumerate(observed.features):
        for name, value in features.items():
            if name in column:
                matrix[row, column[name]] = value
    return matrix


def labelled(note: LabelledNote, span: tuple[int, int]) -> int:
    """The label of a clause: of the labelled span that covers most of it, if that is more than a third."""
    best, most = 0, (span[1] - span[0]) / 3
    for number, element in enumerate(LABELS):
        for start, end in note.spans[element] if element else ():
            shared = min(end, span[1]) - max(start, span[0])
            if shared > most:
                best, most = number, shared
    return best


@dataclass(frozen=True, slots=True)
class _Batch:
    """All notes side by side, the shorter ones padded.

    Args:
        features: [notes, clauses, names]; labels: [notes, clauses] one-hot over labels, zero in the padding.
        real: [notes, clauses] whether there is a clause; same: [notes, clauses - 1] whether one sentence holds both.
        follows: [notes, clauses - 1] whether there is a next clause.
    """

    features: _Floats
    labels: _Floats
    real: NDArray[np.bool_]
    same: NDArray[np.bool_]
    follows: NDArray[np.bool_]


def _padded(chains: Sequence[_Chain], count: int) -> _Batch:
    longest = max(len(chain.labels) for chain in chains)
    shape = (len(chains), longest)
    features = np.zeros((*shape, count))
    labels = np.zeros((*shape, len(LABELS)))
    real = np.zeros(shape, dtype=bool)
    same = np.zeros((len(chains), longest - 1), dtype=bool)
    for row, chain in enumerate(chains):
        length = len(chain.labels)
        features[row, :length] = chain.features
        labels[row, np.arange(length), chain.labels] = 1.0
        real[row, :length] = True
        same[row, : length - 1] = chain.sentences[1:] == chain.sentences[:-1]
    return _Batch(features, labels, real, same, real[:, 1:])


def _slope(theta: _Floats, prior: _Floats, batch: _Batch) -> _Floats:
    """Gradient of the penalised negative log-likelihood."""
    size = len(LABELS)
    table = theta[:-2].reshape(-1, size)
    slope = RIDGE * (theta - prior)
    slope[-2:] = 0.01 * theta[-2:]
    stays = np.where(batch.same, theta[-2], theta[-1])
    chances, stayed = _sums(batch.features @ table, stays, batch)
    wrong = (chances - batch.labels) * batch.real[:, :, None]
    slope[:-2] += np.einsum("ncf,ncl->fl", batch.features, wrong).reshape(-1)
    surplus = (stayed - (batch.labels[:, 1:] * batch.labels[:, :-1]).sum(axis=2)) * batch.follows
    slope[-2] += surplus[batch.same].sum()
    slope[-1] += surplus[~batch.same].sum()
    return slope


def _sums(scores: _Floats, stays: _Floats, batch: _Batch) -> tuple[_Floats, _Floats]:
    """Chances of labels [notes, clauses, labels], and of staying between neighbours [notes, clauses - 1]."""
    longest = scores.shape[1]
    forward, backward = scores.copy(), np.zeros_like(scores)
    for at in range(1, longest):
        onward = scores[:, at] + _step(forward[:, at - 1], stays[:, at - 1])
        forward[:, at] = np.where(batch.real[:, at, None], onward, forward[:, at - 1])
    for at in range(longest - 2, -1, -1):
        back = _step(scores[:, at + 1] + backward[:, at + 1], stays[:, at])
        backward[:, at] = np.where(batch.follows[:, at, None], back, backward[:, at + 1])
    total = _logsum(forward[:, -1])
    chances = np.exp(forward + backward - total[:, None, None])
    together = forward[:, :-1] + scores[:, 1:] + backward[:, 1:] + stays[:, :, None]
    return chances, np.exp(together - total[:, None, None]).sum(axis=2)


def _step(scores: _Floats, stay: _Floats) -> _Floats:
    """Log-sums [notes, labels] over the label of a neighbour, which adds `stay` where it is the same."""
    top = scores.max(axis=1, keepdims=True)
    parts = np.exp(scores - top)
    total = parts.sum(axis=1, keepdims=True) + np.expm1(stay)[:, None] * parts
    return np.asarray(top + np.log(total))


def _logsum(values: _Floats) -> _Floats:
    """Over the last axis."""
    top = values.max(axis=-1, keepdims=True)
    return np.asarray(np.log(np.exp(values - top).sum(axis=-1)) + top[..., 0])
