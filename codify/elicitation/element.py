"""What shows that a text tells one of the six elements of an experience."""

from dataclasses import dataclass

from kb.vocabulary import Element

__all__ = ["Detection", "Element", "Evidence"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of text that shows an element.

    Attributes:
        start, end: code points of the original text, half-open.
        rules: ids of the rules that fired, the strongest first; "asked" where it answers a probe.
        strength: chance that the span shows the element, 0..1.
        at: where in the span the first rule's own words begin and end, original code points.
    """

    element: Element
    start: int
    end: int
    rules: tuple[str, ...]
    strength: float
    at: tuple[int, int]

    def cut(self, text: str) -> str:
        """The words of the span."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found in one text; evidence in reading order."""

    evidence: tuple[Evidence, ...]

    @property
    def present(self) -> frozenset[Element]:
        return frozenset(found.element for found in self.evidence)

    def of(self, element: Element) -> tuple[Evidence, ...]:
        """Evidence of one element, in reading order."""
        return tuple(found for found in self.evidence if found.element is element)

    def strongest(self, element: Element) -> Evidence | None:
        """The surest evidence of an element, the first of equals; None where it is absent."""
        return max(self.of(element), key=lambda found: found.strength, default=None)
