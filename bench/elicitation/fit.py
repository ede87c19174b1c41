"""Fits the table of weights on labelled notes, and says how well that holds on notes left out."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.elicitation.chain import Chain, fit_chains
from bench.elicitation.exemplars import stated_meaning, with_exemplars
from bench.elicitation.measure import Counts
from bench.elicitation.notes import LabelledNote
from bench.elicitation.tune import prepare, tune
from codify.elicitation.detect import Observed, observe
from codify.elicitation.element import Element
from codify.elicitation.meaning import clause_vectors
from codify.elicitation.model import ADAPTER_DATA, DATA, LABELS, MEANING_DATA, Model
from search.embedding import E5Embedder
from search.embedding.e5_adapter import write_adapter

FOLDS = 6
TUNED_FOLDS = 3
#: twice the penalty of a feature's squared weight
RIDGE = 4.0
#: among which an element's is chosen
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
#: Shares of the dev half's notes that tell an element. Further notes were written to tell more: where
#: thresholds are chosen, they are weighed so that they tell as much.
SHARES = {
    Element.SITUATION: 0.62, Element.CUE: 0.47, Element.ACTION: 0.7, Element.REASON: 0.45,
    Element.BOUNDARY: 0.5, Element.NOVICE_ERROR: 0.47,
}  # fmt: skip
#: notes of at most so many clauses are examples of one thing each, and no judges of thresholds
SHORT_CLAUSES = 2
#: clauses in which a word must stand to be weighed by itself
USUAL = 16
#: What rules say before any note is seen: to this their element's weight is pulled, all others to zero.
PRIOR = {"certain": 4.5, "sure": 3.0, "likely": 1.8, "hint": 0.5}
#: The same for signals: what each is there for.
SIGNAL_PRIOR: dict[Element | None, dict[str, float]] = {
    None: {"social": 1.5, "question": 1.0, "outcome": 0.7, "place.question": 1.0, "place.short": 0.5},
    Element.SITUATION: {
        "request": 0.8, "person_start": 0.8, "trouble": 0.5, "trouble_verb": 0.5, "circumstance": 0.4,
        "kind_of_case": 0.5, "word.requester": 0.6, "word.trouble": 0.5,
    },
    Element.CUE: {
        "observe": 0.8, "contrast": 0.3, "measure": 0.3, "word.observable": 0.5,
        "word.observable.several": 0.6,
    },
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
        """What `codify/elicitation/weights.json` or `weights.meaning.json` holds."""
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
            **({} if self.model.meaning is None else {"meaning": stated_meaning(self.model.meaning)}),
        }


def _stated(values: Sequence[float]) -> dict[str, float]:
    """By label, without what would weigh nothing."""
    named = {label or "none": round(value, 2) for label, value in zip(LABELS, values, strict=True)}
    return {name: value for name, value in named.items() if value}


def fit(notes: Sequence[LabelledNote], *, embedder: E5Embedder | None = None) -> Fitted:
    """Ridge-penalised conditional likelihood; folds are made of whole notes.

    The threshold of an element is the one with the best F1, smoothed over its neighbours, over the notes of
    all folds that tell more than a sentence or two, weighed to `SHARES`.

    Args:
        embedder: what clauses mean is weighed as well, where one is given, and it is tuned for that.
    """
    observed = [observe(note.text) for note in notes]
    folds = FOLDS if embedder is None else TUNED_FOLDS
    chances = np.zeros((len(notes), len(LABELS)))
    for fold in range(folds):
        kept = [number for number in range(len(notes)) if number % folds != fold]
        model = fit_model([observed[n] for n in kept], [notes[n] for n in kept], embedder)
        for number in range(fold, len(notes), folds):
            chances[number] = _best_chances(_with_vectors(observed[number], model, embedder), model)
    telling = np.array([len(one.clauses) > SHORT_CLAUSES for one in observed])
    telling = telling if telling.any() else ~telling
    thresholds, held_out = [1.0], {}
    for column, element in enumerate(LABELS):
        if element is not None:
            present = np.array([bool(note.spans[element]) for note in notes])[telling]
            own = chances[telling, column]
            best = _smoothest([_weighed_f1(own >= at, present, SHARES[element]) for at in THRESHOLDS])
            thresholds.append(THRESHOLDS[best])
            held_out[element] = _counts(own >= THRESHOLDS[best], present)
    model = replace(fit_model(observed, notes, embedder), thresholds=tuple(thresholds))
    read = [_with_vectors(one, model, embedder) for one in observed]
    return Fitted(with_exemplars(model, read, notes, labelled), held_out)


def _with_vectors(observed: Observed, model: Model, embedder: E5Embedder | None) -> Observed:
    if embedder is None or model.meaning is None or not observed.clauses:
        return observed
    adapter = model.meaning.adapter
    return replace(observed, vectors=clause_vectors(embedder, observed.worded, observed.clauses, adapter))


def _weighed_f1(found: NDArray[np.bool_], present: NDArray[np.bool_], share: float) -> float:
    """F1 as it would be if `share` of the notes told the element."""
    told = present.mean()
    weights = (
        np.where(present, share / told, (1 - share) / (1 - told)) if 0 < told < 1 else np.ones(len(present))
    )
    return float(
        2 * weights[found & present].sum() / max(weights[found].sum() + weights[present].sum(), 1e-9)
    )


def _smoothest(values: Sequence[float]) -> int:
    """Where the sum of a value and its neighbours is largest; the ends count for their missing neighbour."""
    padded = [values[0], *values, values[-1]]
    return max(range(len(values)), key=lambda at: sum(padded[at : at + 3]))


def _best_chances(observed: Observed, model: Model) -> _Floats:
    """The highest chance of each label in any clause."""
    sentences = [clause.sentence for clause in observed.clauses]
    chances = model.chances(observed.features, sentences, observed.vectors)
    return np.array(chances).max(axis=0) if chances else np.zeros(len(LABELS))


def _counts(found: NDArray[np.bool_], present: NDArray[np.bool_]) -> Counts:
    return Counts(int((found & present).sum()), int((found & ~present).sum()), int((~found & present).sum()))


def write(fitted: Fitted, notes: str) -> None:
    """Replace the weights of the package: those with embeddings, or those without."""
    stated = fitted.as_json(notes)
    weights = ",\n".join(f"  {json.dumps(n)}: {json.dumps(w)}" for n, w in stated.pop("weights").items())
    meaning = stated.pop("meaning", None)
    tail = "" if meaning is None else f',\n "meaning": {_lines(meaning)}'
    head = json.dumps(stated, indent=1).removesuffix("\n}")
    path = DATA if meaning is None else MEANING_DATA
    adapter = fitted.model.meaning.adapter if fitted.model.meaning else None
    if adapter is not None:
        write_adapter(ADAPTER_DATA, adapter)
    path.write_text(f'{head},\n "weights": {{\n{weights}\n }}{tail}\n}}\n', "utf-8")


def _lines(meaning: dict[str, Any]) -> str:
    """JSON with a line for the centre, each label's weights and each exemplar."""
    weights = ",\n".join(f"   {json.dumps(n)}: {json.dumps(w)}" for n, w in meaning["weights"].items())
    exemplars = ",\n".join(f"   {json.dumps(one, ensure_ascii=False)}" for one in meaning["exemplars"])
    head = f'{{\n  "centre": {json.dumps(meaning["centre"])},\n'
    return f'{head}  "weights": {{\n{weights}\n  }},\n  "exemplars": [\n{exemplars}\n  ]\n }}'


def fit_model(
    observed: Sequence[Observed], notes: Sequence[LabelledNote], embedder: E5Embedder | None = None
) -> Model:
    """The weights that make the labels of `notes` most likely; with an embedder also of what clauses mean."""
    names = _names(observed)
    column = {name: at for at, name in enumerate(names)}
    pairs = [(one, labels_of(one, note)) for one, note in zip(observed, notes, strict=True) if one.clauses]
    if embedder is not None:
        prepared = [prepare(one, labels, column, embedder) for one, labels in pairs]
        return tune(prepared, names=names, prior=_prior(names), ridge=RIDGE, weights=embedder.weights)
    chains = [
        Chain(_matrix(one, column), np.array([clause.sentence for clause in one.clauses]), labels)
        for one, labels in pairs
    ]
    fitted = fit_chains(chains, prior=_prior(names), ridge=np.full(len(names), RIDGE))
    weights = {name: tuple(float(value) for value in fitted.table[column[name]]) for name in names}
    thresholds = (1.0, *(0.3 for _ in Element))
    return Model(weights, fitted.stay, fitted.stay_across, thresholds)


def labels_of(observed: Observed, note: LabelledNote) -> NDArray[np.int_]:
    """[clauses]."""
    words = observed.worded.words
    return np.array([labelled(note, clause.span(words)) for clause in observed.clauses])


def _names(observed: Sequence[Observed]) -> list[str]:
    """Features that are weighed: all but single words that are rare in these notes."""
    counts = Counter(name for one in observed for features in one.features for name in features)
    return sorted(name for name, count in counts.items() if count >= USUAL or not name.startswith(SPELT))


def _prior(names: Sequence[str]) -> _Floats:
    """[names, labels]."""
    table = np.zeros((len(names), len(LABELS)))
    for row, name in enumerate(names):
        element, _, weight = name.partition(".")
        if weight in PRIOR and not name.startswith(SPELT):
            table[row, LABELS.index(Element(element))] = PRIOR[weight]
        for column, label in enumerate(LABELS):
            table[row, column] += SIGNAL_PRIOR[label].get(name, 0.0)
    return table


def _matrix(observed: Observed, column: dict[str, int]) -> NDArray[np.float32]:
    matrix = np.zeros((len(observed.clauses), len(column)), np.float32)
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
