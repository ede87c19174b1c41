"""Headings, paragraphs, list items and table rows from the lines of a PDF."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.writer import TextWriter

_DIGITS = re.compile(r"[\d\u06f0-\u06f9\u0660-\u0669\s.|/\-–—]+")
BULLETS = frozenset("•●▪◦‣∙·*–—-■□")
_BULLET = re.compile(r"^[•●▪◦‣∙·*–—■□-]\s+")
_NUMBERED = re.compile(r"^\(?[\d\u06f0-\u06f9\u0660-\u0669]{1,3}[.)\-]\s+\S")
_SENTENCE_END = (".", "!", "?", "؟", ":", "؛", "…", "۔")
# Shares of the page height in which running titles and page numbers stand.
_MARGIN = 0.15
_REPEATS = 3
_HEADING_RATIO = 1.12
_HEADING_CHARS = 150
_LEVELS = 4


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line in reading order, with what its place tells; `cells` has more than one in a table row."""

    text: str
    cells: tuple[str, ...]
    size: float
    bold: bool
    x0: float
    x1: float
    left: float
    right: float
    y: float
    page: int
    page_height: float
    rtl: bool

    @property
    def indent(self) -> float:
        """Distance of the line's start from the column's edge, in points."""
        return self.right - self.x1 if self.rtl else self.x0 - self.left

    @property
    def shortfall(self) -> float:
        """How much of the column the line leaves free at its end, 0 to 1."""
        free = self.x0 - self.left if self.rtl else self.right - self.x1
        return free / max(1.0, self.right - self.left)

    @property
    def key(self) -> tuple[str, str]:
        """Equal for running titles and page numbers of different pages; ("", "") for lines of the body."""
        if self.y > self.page_height * (1 - _MARGIN):
            return "top", _DIGITS.sub("", self.text)
        if self.y < self.page_height * _MARGIN:
            return "bottom", _DIGITS.sub("", self.text)
        return "", ""


def without_furniture(lines: Sequence[TextLine]) -> list[TextLine]:
    """Leave out running titles and page numbers: margin lines that repeat, or that count with the pages."""
    margin = [line for line in lines if line.key[0]]
    counts = Counter(key for key, _ in {(line.key, line.page) for line in margin})
    # A page number differs from the page's position by the same amount throughout (roman front matter apart).
    offsets = Counter(offset for line in margin for offset in {n - line.page for n in _edge_numbers(line)})
    offset, agreeing = offsets.most_common(1)[0] if offsets else (0, 0)
    numbered = agreeing >= max(_REPEATS, 0.3 * len({line.page for line in lines}))

    def is_furniture(line: TextLine) -> bool:
        if not line.key[0]:
            return False
        return (
            (not line.key[1] and len(line.text) <= 8)
            or (bool(line.key[1]) and counts[line.key] >= _REPEATS)
            or (numbered and line.page + offset in _edge_numbers(line))
        )

    return [line for line in lines if not is_furniture(line)]


def _edge_numbers(line: TextLine) -> set[int]:
    """The numbers that a line starts and ends with."""
    words = line.text.split()
    return (
        {int(word) for word in (words[0], words[-1]) if word.isdecimal() and len(word) < 6}
        if words
        else set()
    )


@dataclass(frozen=True, slots=True)
class Typography:
    """What is usual in one document: size of running text, distance of its lines, sizes of headings."""

    body_size: float
    leading: float
    heading_sizes: tuple[float, ...]

    def heading_level(self, size: float) -> int:
        """1-4 for sizes clearly above running text, else 0."""
        for level, heading_size in enumerate(self.heading_sizes, start=1):
            if size >= heading_size - 0.3:
                return level
        return 0


def typography(lines: Sequence[TextLine]) -> Typography:
    """Measure a document by its characters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    gaps = sorted(
        above.y - below.y
        for above, below in pairwise(lines)
        if above.page == below.page and 0.5 * body < above.y - below.y < 4 * body
    )
    larger = sorted((size for size in sizes if size >= _HEADING_RATIO * body), reverse=True)
    distinct: list[float] = []
    for size in larger:
        if not distinct or distinct[-1] - size > 0.06 * body:
            distinct.append(size)
    leading = gaps[len(gaps) // 2] if gaps else 1.4 * body
    # More sizes than levels: the smallest ones share the last level.
    return Typography(body, leading, tuple([*distinct[: _LEVELS - 1], *distinct[-1:]][:_LEVELS]))


def write_lines(lines: Sequence[TextLine], usual: Typography, writer: TextWriter) -> None:
    """Write the lines of one page."""
    paragraph: list[TextLine] = []
    position = 0
    while position < len(lines):
        after = _table_end(lines, position)
        if after > position:
            _write_paragraph(paragraph, usual, writer)
            paragraph = []
            writer.table([line.cells for line in lines[position:after]])
            position = after
            continue
        line = lines[position]
        if paragraph and _breaks(paragraph[-1], line, usual):
            _write_paragraph(paragraph, usual, writer)
            paragraph = []
        paragraph.append(line)
        position += 1
    _write_paragraph(paragraph, usual, writer)


def _table_end(lines: Sequence[TextLine], start: int) -> int:
    """Where the table that starts at `start` ends; `start` when there is none."""
    end = start
    while end < len(lines) and len(lines[end].cells) > 1 and lines[end].left == lines[start].left:
        if lines[end].cells[0] in BULLETS or _NUMBERED.match(lines[end].cells[0] + " x"):
            break
        end += 1
    widths = [len(line.cells) for line in lines[start:end]]
    return end if len(widths) >= 3 or (len(widths) == 2 and min(widths) >= 3) else start


def _breaks(above: TextLine, below: TextLine, usual: Typography) -> bool:
    """Whether a new paragraph starts with `below`."""
    if _BULLET.match(below.text) or _NUMBERED.match(below.text):
        return True
    if (
        abs(above.size - below.size) > 0.08 * usual.body_size
        or above.bold != below.bold
        or above.rtl != below.rtl
    ):
        return True
    ended = above.text.endswith(_SENTENCE_END)
    if above.left != below.left:
        return ended or above.shortfall > 0.1
    if not 0 < above.y - below.y <= 1.35 * max(usual.leading, 1.15 * above.size):
        return True
    if (
        below.indent - above.indent > 0.8 * below.size
        and above.indent < 0.8 * above.size
        and not _BULLET.match(above.text)
    ):
        return True
    return above.shortfall > (0.15 if ended else 0.4)


def _write_paragraph(lines: Sequence[TextLine], usual: Typography, writer: TextWriter) -> None:
    if not lines:
        return
    text = _join(lines)
    if level := _heading_level(lines, text, usual):
        writer.heading(level, text)
    elif bullet := _BULLET.match(text):
        writer.list_item(text[bullet.end() :])
    elif _NUMBERED.match(text):
        marker, _, body = text.partition(" ")
        writer.list_item(body, marker=marker)
    else:
        writer.paragraph(text)


def _heading_level(lines: Sequence[TextLine], text: str, usual: Typography) -> int:
    if len(lines) > 3 or len(text) > _HEADING_CHARS or not any(ch.isalpha() for ch in text):
        return 0
    level = usual.heading_level(min(line.size for line in lines))
    if level:
        return level
    bold = len(lines) == 1 and lines[0].bold and len(text) <= 100 and not text.endswith((".", "،", ","))
    return min(6, len(usual.heading_sizes) + 1) if bold and len(text.split()) <= 14 else 0


def _join(lines: Sequence[TextLine]) -> str:
    """Lines as one text; a word that was hyphenated at a line end is whole again."""
    text = lines[0].text
    for line in lines[1:]:
        if len(text) > 1 and text.endswith("-") and text[-2].isalpha() and line.text[:1].islower():
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}"
    return text
