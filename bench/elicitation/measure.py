"""Precision, recall and F1 of the detector, element by element; pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.elicitation.notes import LabelledNote, Span
from codify.elicitation.element import Detection, Element

Detector = Callable[[str], Detection]


@dataclass(frozen=True, slots=True)
class Counts:
    """True positives, false positives, false negatives."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return _ratio(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return _ratio(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        return _ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)

    def as_json(self) -> dict[str, float | int]:
        figures = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {name: round(value, 4) for name, value in figures.items()} | {
            "right": self.right,
            "wrong": self.wrong,
            "missed": self.missed,
        }


@dataclass(frozen=True, slots=True)
class ElementFigures:
    """How well one element is found.

    Attributes:
        present: by note: is it told or not.
        located: by note, and right only where a found span overlaps a labelled one.
        spans: by span: right where one overlaps a span of the other side.
        overlap: labelled characters that found spans cover, over all that either covers (Jaccard).
    """

    present: Counts
    located: Counts
    spans: Counts
    overlap: float


def measure(notes: Sequence[LabelledNote], detector: Detector) -> dict[Element, ElementFigures]:
    """The figures of every element over `notes`."""
    return measure_detections(notes, [detector(note.text) for note in notes])


def measure_detections(
    notes: Sequence[LabelledNote], detections: Sequence[Detection]
) -> dict[Element, ElementFigures]:
    """The figures of what was detected in each of `notes`."""
    return {element: _figures(element, notes, detections) for element in Element}


def groups(notes: Sequence[LabelledNote]) -> dict[str, list[LabelledNote]]:
    """All notes, then those of each language, of each register."""
    named: dict[str, list[LabelledNote]] = {"all": list(notes)}
    for note in notes:
        named.setdefault(note.language.value, []).append(note)
    for note in notes:
        named.setdefault(note.register, []).append(note)
    return named


def _figures(
    element: Element, notes: Sequence[LabelledNote], detections: Sequence[Detection]
) -> ElementFigures:
    present = located = spans = Counts()
    both = either = 0
    for note, detection in zip(notes, detections, strict=True):
        labelled = note.spans[element]
        found = [(one.start, one.end) for one in detection.of(element)]
        present += _by_note(bool(labelled), bool(found), bool(labelled and found))
        located += _by_note(bool(labelled), bool(found), _touching(labelled, found) > 0)
        hits, reached = _touching(found, labelled), _touching(labelled, found)
        # A span that two found ones share is one that is right: counted from the labelled side.
        spans += Counts(reached, len(found) - hits, len(labelled) - reached)
        ours, theirs = _covered(found), _covered(labelled)
        both += len(ours & theirs)
        either += len(ours | theirs)
    return ElementFigures(present, located, spans, _ratio(both, either))


def _by_note(labelled: bool, found: bool, right: bool) -> Counts:
    return Counts(right=int(right), wrong=int(found and not right), missed=int(labelled and not right))


def _touching(spans: Iterable[Span], others: Sequence[Span]) -> int:
    """How many of `spans` share a character with any of `others`."""
    return sum(any(start < end_ and start_ < end for start_, end_ in others) for start, end in spans)


def _covered(spans: Iterable[Span]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
