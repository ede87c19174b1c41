"""What a PDF page draws: glyphs with their place and font, and how much of the page is pictures."""

import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LTChar, LTPage
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.psexceptions import PSException
from pdfminer.utils import MATRIX_IDENTITY

# What pdfminer lets through on files that are cut off or scrambled.
BROKEN = (
    *(PDFException, PSException, ValueError, TypeError, KeyError, IndexError, AssertionError, AttributeError),
    *(OverflowError, RecursionError, zlib.error, struct.error),
)
MISSING = "\ufffd"
_BOLD_MARKS = ("bold", "black", "heavy", "-medi")
# A page that draws more is no text for reading, and one such page would use up the memory.
MOST_GLYPHS = 200_000


class Drawn(NamedTuple):
    """One glyph; coordinates in points, `y` of the baseline upward, `shape` names its form in its font.

    `joins`: whether the letter joins to the next one, where a presentation form says so.
    """

    text: str
    joins: bool | None
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    turned: bool
    shape: tuple[str, int]


@dataclass(slots=True)
class DrawnPage:
    """Glyphs in drawing order, page size in points, picture count and the share of the page they cover.

    `broken`: why drawing ended before the page did, empty when it did not.
    """

    number: int
    width: float
    height: float
    glyphs: list[Drawn] = field(default_factory=list)
    pictures: int = 0
    covered: float = 0.0
    broken: str = ""

    @property
    def letters(self) -> int:
        """Glyphs that are letters or digits."""
        return sum(1 for glyph in self.glyphs if glyph.text[:1].isalnum())


class _Collector(PDFLayoutAnalyzer):
    """Takes the glyphs as they are drawn, before any layout analysis (which reverses Persian)."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources, laparams=None)
        self.page: DrawnPage | None = None

    def render_char(
        self,
        matrix: Any,
        font: Any,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,
        graphicstate: Any,
    ) -> float:
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = MISSING
        item = LTChar(
            matrix,
            font,
            fontsize,
            scaling,
            rise,
            text,
            font.char_width(cid),
            font.char_disp(cid),
            ncs,
            graphicstate,
        )
        page = self.page
        if page is not None and len(page.glyphs) < MOST_GLYPHS:
            name = str(getattr(font, "fontname", ""))
            page.glyphs.append(_drawn(item, text, name, cid, page))
        return float(item.adv)

    def render_image(self, name: str, stream: Any) -> None:  # noqa: ARG002 - pdfminer's signature
        if self.page is not None:
            x0, y0, x1, y1 = self.cur_item.bbox
            self.page.pictures += 1
            self.page.covered += (x1 - x0) * (y1 - y0) / max(1.0, self.page.width * self.page.height)

    def paint_path(self, *_: Any) -> None:
        if self.page is not None:
            self.page.pictures += 1

    def receive_layout(self, ltpage: LTPage) -> None:
        """Nothing to do: everything was taken while it was drawn."""


class _TextInterpreter(PDFPageInterpreter):
    """Leaves colour spaces alone: text needs none, and broken ones would cost the page."""

    def render_contents(self, resources: Any, streams: Any, ctm: Any = MATRIX_IDENTITY) -> None:
        kept = {name: value for name, value in resources.items() if name != "ColorSpace"}
        super().render_contents(kept, streams, ctm)


def _drawn(item: LTChar, text: str, fontname: str, cid: int, page: DrawnPage) -> Drawn:
    a, b, _, _, e, f = item.matrix
    x0, x1, y, size = item.x0, item.x1, f, item.size
    turned = abs(b) > abs(a)
    if turned:
        # Text turned by a quarter is laid out as if the page were turned.
        upward = b > 0
        x0, x1 = (item.y0, item.y1) if upward else (page.height - item.y1, page.height - item.y0)
        y = page.width - e if upward else e
        size = item.x1 - item.x0
    name = fontname.lower()
    bold = any(mark in name for mark in _BOLD_MARKS)
    return Drawn(unfold(text), form_joins(text), x0, x1, y, abs(size) or 1.0, bold, turned, (fontname, cid))


def unfold(text: str) -> str:
    """Presentation forms and ligatures as the letters they stand for (NFKC of those blocks only)."""
    if text.isascii():
        return text if text != "\xa0" else " "
    letters = []
    for ch in text:
        if "\ufb00" <= ch <= "\ufdff" or "\ufe70" <= ch <= "\ufeff":
            ch = unicodedata.normalize("NFKC", ch).strip() if ch != "\ufeff" else ""
        letters.append(" " if ch == "\xa0" else ch)
    whole = "".join(letters)
    # No font draws alef-lam as one glyph: some producers store lam-alef as it looks.
    return "لا" if whole == "ال" else whole


def form_joins(text: str) -> bool | None:
    """Whether a presentation form joins to the next letter; None for other characters."""
    kind = unicodedata.decomposition(text[-1:]).partition(" ")[0] if text else ""
    if kind in ("<initial>", "<medial>"):
        return True
    return False if kind in ("<final>", "<isolated>") else None


def draw_pages(document: Any) -> Iterator[DrawnPage]:
    """Interpret the pages one by one, in order; one that breaks off is handed over with what it drew.

    Raises:
        BROKEN: the page tree itself cannot be followed.
    """
    resources = PDFResourceManager()
    collector = _Collector(resources)
    interpreter = _TextInterpreter(resources, collector)
    for number, page in enumerate(PDFPage.create_pages(document), start=1):
        left, bottom, right, top = page.mediabox
        width, height = abs(right - left), abs(top - bottom)
        if page.rotate % 180:
            width, height = height, width
        collector.page = DrawnPage(number, width, height)
        try:
            interpreter.process_page(page)
        except BROKEN as error:
            collector.page.broken = f"{type(error).__name__}: {error}"
        collector.page.glyphs = _with_marks(collector.page.glyphs)
        yield collector.page


def _with_marks(glyphs: list[Drawn]) -> list[Drawn]:
    """Combining marks joined to the letter they were drawn with.

    Shaping engines put out a right-to-left run from left to right, each mark just before its letter; other
    producers draw in reading order, each mark after it. Marks apart from any letter stay for `lines`.
    """
    joined: list[Drawn] = []
    waiting: list[Drawn] = []
    for glyph in glyphs:
        if is_mark(glyph) and joined:
            waiting.append(glyph)
            continue
        if waiting:
            before = joined[-1]
            marks = "".join(mark.text for mark in waiting)
            leftward = glyph.x0 < before.x0
            base = before if leftward else glyph
            near = all(abs(mark.x0 - base.x0) < 1.5 * base.size and mark.y == base.y for mark in waiting)
            if near and base.text.strip() and leftward:
                joined[-1] = before._replace(text=before.text + marks)
            elif near and base.text.strip():
                glyph = glyph._replace(text=glyph.text + marks)
            else:
                joined.extend(waiting)
            waiting = []
        joined.append(glyph)
    return [*joined, *waiting]


def is_mark(glyph: Drawn) -> bool:
    """Whether a glyph is combining marks alone."""
    return bool(glyph.text) and all(unicodedata.combining(ch) for ch in glyph.text)
