"""Simulated authors: they start with their note and answer each probe as labelled; pure."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.elicitation.notes import LabelledNote
from codify.elicitation.detect import Detector, detect
from codify.elicitation.element import Element
from codify.elicitation.probe import MOST_PROBES, next_probe
from codify.elicitation.telling import PastProbe, telling_of

#: of the six elements
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Interview:
    """One simulated interview.

    Attributes:
        probes: how many were put before it ended.
        believed: after how many the service held five of six; None if never.
        told: after how many the author had told five of six by the labels; None if never.
        needless: probes for what the note told already, by the labels.
    """

    note_id: str
    probes: int
    believed: int | None
    told: int | None
    needless: int


def interview(note: LabelledNote, *, most: int = MOST_PROBES, detector: Detector = detect) -> Interview:
    """Ask the author of `note` until nothing is left to ask."""
    past: list[PastProbe] = []
    told = set(note.present)
    believed = enough = None
    needless = 0
    while True:
        if believed is None and telling_of(note.text, past, detector=detector).completeness >= ENOUGH:
            believed = len(past)
        if enough is None and len(told) >= ENOUGH:
            enough = len(past)
        probe = next_probe(
            note.text, past, note_id=note.id, language=note.language, most=most, detector=detector
        )
        if probe is None:
            return Interview(note.id, len(past), believed, enough, needless)
        needless += probe.element in note.present
        past.append(PastProbe(probe.element, note.answers[probe.element]))
        if past[-1].answer is not None:
            told.add(probe.element)


@dataclass(frozen=True, slots=True)
class Reached:
    """After how many probes five of six are there: the median, and how many interviews after each number.

    Attributes:
        median: of all interviews; those that never got there count as longest, None where they are the most.
        after: probes -> interviews, ascending.
    """

    median: float | None
    after: dict[int, int]
    never: int

    def as_json(self) -> dict[str, object]:
        return {
            "median": self.median,
            "after": {str(n): count for n, count in self.after.items()},
            "never": self.never,
        }


def reached(counts: Sequence[int | None]) -> Reached:
    """Sum up after how many probes interviews got there."""
    never = sum(count is None for count in counts)
    middle = statistics.median(float("inf") if count is None else count for count in counts)
    spread = Counter(count for count in counts if count is not None)
    return Reached(None if middle == float("inf") else middle, dict(sorted(spread.items())), never)


def startable(notes: Sequence[LabelledNote]) -> list[LabelledNote]:
    """Notes whose author could get to five of six: what was told and what would be answered suffice."""
    return [
        note
        for note in notes
        if sum(element in note.present or note.answers[element] is not None for element in Element) >= ENOUGH
    ]
