"""Which glyphs of a font are final forms, learnt from the document itself.

A letter that joins to the next one has several glyphs. Those seen at word ends are final or isolated forms;
where one of them stands inside a word, a zero-width non-joiner was typed there, though the file holds none.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ingest.pdf.bidi import Glyph
from ingest.pdf.glyphs import Drawn
from ingest.pdf.lines import Run

Shape = tuple[str, int]


class Shapes:
    """Counts, per glyph of a font, how often its letter ends a word and how often another follows."""

    def __init__(self) -> None:
        self._ends: dict[Shape, int] = defaultdict(int)
        self._inner: dict[Shape, int] = defaultdict(int)
        self._letters: dict[Shape, str] = {}

    def learn(self, run: Run) -> None:
        """Count the glyphs of one run (left to right, so the letter read next stands before)."""
        follows: Drawn | None = None
        for glyph in run.glyphs:
            if glyph.text and _is_letter(glyph.text[-1]) and glyph.shape[0]:
                self._letters[glyph.shape] = glyph.text[-1]
                if follows is not None and _is_letter(follows.text[:1]):
                    self._inner[glyph.shape] += 1
                else:
                    self._ends[glyph.shape] += 1
            follows = glyph

    def finals(self) -> frozenset[Shape]:
        """Glyphs that end words, of letters that have another glyph which (almost) never does."""
        joining: set[tuple[str, str]] = set()
        for shape, letter in self._letters.items():
            ends, inner = self._ends[shape], self._inner[shape]
            if inner > 1 and ends * 20 <= inner:
                joining.add((shape[0], letter))
        return frozenset(
            shape
            for shape, letter in self._letters.items()
            if (shape[0], letter) in joining and self._ends[shape] * 4 > self._inner[shape]
        )


def glyphs_of(runs: Sequence[Run], finals: frozenset[Shape]) -> list[Glyph]:
    """The runs of a line as glyphs for reordering, a space between runs."""
    glyphs: list[Glyph] = []
    for run in runs:
        if glyphs:
            glyphs.append(Glyph(" "))
        glyphs.extend(_with_joins(run.glyphs, finals))
    return glyphs


def _with_joins(drawn: Iterable[Drawn], finals: frozenset[Shape]) -> Iterable[Glyph]:
    for glyph in drawn:
        joins = glyph.joins
        if joins is None and glyph.shape in finals:
            joins = False
        yield Glyph(glyph.text, joins)


def _is_letter(ch: str) -> bool:
    return "\u0620" <= ch <= "\u06d3" and ch.isalpha()
