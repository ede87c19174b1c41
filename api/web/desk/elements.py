"""Which of the six elements were found in a note, and in which of its words; pure."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from api.interview import Interview
from kb.note import Note, NoteAnswer
from kb.vocabulary import Element


@dataclass(frozen=True, slots=True)
class ElementFound:
    """One of the six, with the words that show it; none: it is missing."""

    element: Element
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of the note that show the same elements, or none."""

    text: str
    elements: tuple[Element, ...]


def elements_found(note: Note, answers: Sequence[NoteAnswer], interview: Interview) -> list[ElementFound]:
    """All six, in their order; the words are the note's own first, then those of answers."""
    quotes: dict[Element, list[str]] = {element: [] for element in Element}
    for found in interview.telling.found:
        text = note.text if found.probe is None else answers[found.probe].text or ""
        quotes[found.evidence.element].append(" ".join(found.evidence.cut(text).split()))
    return [ElementFound(element, tuple(dict.fromkeys(said))) for element, said in quotes.items()]


def stretches(text: str, interview: Interview) -> list[Stretch]:
    """The note's own text, cut where what it shows changes; joined, they are the text."""
    spans = [found.evidence for found in interview.telling.found if found.probe is None]
    edges = sorted({0, len(text), *(edge for span in spans for edge in (span.start, span.end))})
    cut = []
    for start, end in itertools.pairwise(edges):
        shown = {span.element for span in spans if span.start <= start and end <= span.end}
        cut.append(Stretch(text[start:end], tuple(one for one in Element if one in shown)))
    return cut
