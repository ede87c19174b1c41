"""What an author has told so far, in the note and in answers to probes, and how complete that is."""

from collections.abc import Sequence
from dataclasses import dataclass

from codify.elicitation.answers import says_something
from codify.elicitation.detect import Detector, detect
from codify.elicitation.element import Element, Evidence

#: The rule of evidence that is there because it was asked for.
ASKED = "asked"


@dataclass(frozen=True, slots=True)
class PastProbe:
    """A probe that was put to the author; without an answer it was skipped."""

    element: Element
    answer: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """Evidence and the text it stands in: the note's own where `probe` is None, else that answer (from 0)."""

    probe: int | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Telling:
    """Everything that was told.

    Attributes:
        found: evidence of the note's text, then of each answer; in reading order.
        contributed: for each past probe the elements that were there only since its answer.
    """

    found: tuple[Found, ...]
    contributed: tuple[frozenset[Element], ...]

    @property
    def present(self) -> frozenset[Element]:
        return frozenset(one.evidence.element for one in self.found)

    @property
    def missing(self) -> tuple[Element, ...]:
        """In the order of `Element`."""
        return tuple(element for element in Element if element not in self.present)

    @property
    def completeness(self) -> int:
        """0..6."""
        return len(self.present)


def telling_of(text: str, past: Sequence[PastProbe] = (), *, detector: Detector = detect) -> Telling:
    """Read a note and the answers given so far.

    An answer that says anything of substance shows the element it was asked for, whatever its words;
    rules may find others in it.
    """
    found = [Found(None, evidence) for evidence in detector(text).evidence]
    present = {one.evidence.element for one in found}
    contributed: list[frozenset[Element]] = []
    for number, probe in enumerate(past):
        evidence = _evidence_of(probe, detector)
        found += [Found(number, one) for one in evidence]
        contributed.append(frozenset(one.element for one in evidence) - present)
        present |= contributed[-1]
    return Telling(tuple(found), tuple(contributed))


def _evidence_of(probe: PastProbe, detector: Detector) -> list[Evidence]:
    answer = probe.answer
    if answer is None or not says_something(answer):
        return []
    start = len(answer) - len(answer.lstrip())
    end = len(answer.rstrip())
    asked = Evidence(probe.element, start, end, (ASKED,), 1.0, (start, end))
    others = [one for one in detector(answer).evidence if one.element is not probe.element]
    return [asked, *others]
