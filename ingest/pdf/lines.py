"""Lines in reading order from the glyphs of a page, by geometry alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.pdf.glyphs import Drawn, DrawnPage, is_mark

# Fractions of the type size.
_SAME_LINE = 0.3
_RAISED = 0.65
_WORD_GAP = 0.15
_CURSIVE_WORD_GAP = 0.1
_CELL_GAP = 2.0
_GUTTER_GAP = 0.7
# A strip may part columns where at most this share of the page's lines (title, abstract) runs through it.
_GUTTER_SHARE = 0.3
_LEAST_COLUMN_LINES = 8
_LEAST_COLUMN_GLYPHS = 14


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs that stand together on one line, from left to right; spaces between words are glyphs too."""

    glyphs: tuple[Drawn, ...]
    x0: float
    x1: float
    y: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a column: its runs from left to right (more than one: cells), and the column's edges."""

    runs: tuple[Run, ...]
    left: float
    right: float

    @property
    def y(self) -> float:
        return self.runs[0].y

    @property
    def size(self) -> float:
        return max(run.size for run in self.runs)

    @property
    def x0(self) -> float:
        return self.runs[0].x0

    @property
    def x1(self) -> float:
        return self.runs[-1].x1


def lines_of(page: DrawnPage, *, rtl: bool) -> list[Line]:
    """The lines of a page in reading order; with `rtl` the right column comes first."""
    upright = [glyph for glyph in page.glyphs if not glyph.turned]
    turned = [glyph for glyph in page.glyphs if glyph.turned]
    ordered = [upright, turned] if len(upright) >= len(turned) else [turned, upright]
    lines: list[Line] = []
    for glyphs in ordered:
        lines.extend(_ordered(_rows(glyphs), rtl=rtl))
    return lines


def _rows(glyphs: Sequence[Drawn]) -> list[list[Drawn]]:
    """Glyphs by common baseline, top to bottom; raised and lowered small print joins its line."""
    rows: list[list[Drawn]] = []
    for glyph in sorted((g for g in glyphs if g.text), key=lambda g: -g.y):
        if rows and abs(rows[-1][0].y - glyph.y) <= _SAME_LINE * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    merged: list[list[Drawn]] = []
    for row in rows:
        if merged and _belongs_to(merged[-1], row):
            merged[-1].extend(row)
        else:
            merged.append(row)
    return merged


def _belongs_to(above: list[Drawn], below: list[Drawn]) -> bool:
    """Whether one of two neighbouring rows is the other's raised or lowered small print."""
    sizes = _typical_size(above), _typical_size(below)
    small, large = min(sizes), max(sizes)
    distance = abs(above[0].y - below[0].y)
    few, many = (above, below) if len(above) < len(below) else (below, above)
    if small > 0.85 * large or distance > _RAISED * large or len(few) * 3 > len(many):
        return False
    return (
        min(g.x0 for g in many) - large <= min(g.x0 for g in few)
        and max(g.x1 for g in few) <= max(g.x1 for g in many) + large
    )


def _typical_size(row: list[Drawn]) -> float:
    sizes = sorted(glyph.size for glyph in row)
    return sizes[len(sizes) // 2]


def _ordered(rows: list[list[Drawn]], *, rtl: bool) -> list[Line]:
    """Rows as lines; between rows that cross a gutter, the columns are read one after the other."""
    runs = [_word_runs(row) for row in rows]
    gutters = _gutters(runs)
    left = min((row[0].x0 for row in runs if row), default=0.0)
    right = max((row[-1].x1 for row in runs if row), default=0.0)
    edges = [left, *gutters, right]
    lines: list[Line] = []
    waiting: list[list[Line]] = [[] for _ in edges[1:]]

    def flush() -> None:
        for column in reversed(waiting) if rtl else waiting:
            lines.extend(column)
            column.clear()

    for words in runs:
        cells = _cells(words, gutters)
        if not cells:
            continue
        if not gutters or any(run.x0 < gutter < run.x1 for run in cells for gutter in gutters):
            flush()
            lines.append(Line(tuple(cells), left, right))
            continue
        for index, column in enumerate(waiting):
            inside = tuple(run for run in cells if edges[index] <= (run.x0 + run.x1) / 2 <= edges[index + 1])
            if inside:
                column.append(Line(inside, edges[index], edges[index + 1]))
    flush()
    return lines


def _word_runs(row: list[Drawn]) -> list[Run]:
    """The words of one row from left to right; doubled glyphs (poor man's bold) count once."""
    ordered = _marks_attached(sorted(row, key=lambda glyph: (glyph.x0, glyph.x1)))
    spaces = [glyph for glyph in ordered if glyph.text.isspace()]
    words: list[list[Drawn]] = []
    previous: Drawn | None = None
    for glyph in ordered:
        if glyph.text.isspace():
            continue
        if previous is not None:
            if glyph.text == previous.text and abs(glyph.x0 - previous.x0) < 0.2 * min(
                glyph.size, glyph.x1 - glyph.x0
            ):
                continue
            if not _word_break(previous, glyph, spaces):
                words[-1].append(glyph)
                previous = glyph
                continue
        words.append([glyph])
        previous = glyph
    return [_run(tuple(word)) for word in words]


def _word_break(left: Drawn, right: Drawn, spaces: list[Drawn]) -> bool:
    size = min(left.size, right.size)
    gap = right.x0 - left.x1
    cursive = _is_cursive(left.text) and _is_cursive(right.text)
    if gap > (_CURSIVE_WORD_GAP if cursive else _WORD_GAP) * size:
        return True
    if gap < 0.04 * size:
        return False
    return any(
        left.x1 - 0.05 * size <= (space.x0 + space.x1) / 2 <= right.x0 + 0.05 * size for space in spaces
    )


def _is_cursive(text: str) -> bool:
    return bool(text) and "\u0600" <= text[0] <= "\u08ff" and text[0].isalpha()


def _marks_attached(row: list[Drawn]) -> list[Drawn]:
    """Combining marks moved behind the letter they stand over."""
    marks = [glyph for glyph in row if is_mark(glyph)]
    if not marks:
        return row
    bases = [glyph for glyph in row if not is_mark(glyph)]
    texts = {index: glyph.text for index, glyph in enumerate(bases)}
    letters = [index for index, glyph in enumerate(bases) if glyph.text.strip()]
    for mark in marks:
        center = (mark.x0 + mark.x1) / 2
        if letters:
            # Distance to the letter's box; of two boxes that both hold the mark, the right one is read first.
            nearest = min(
                letters, key=lambda i: (max(bases[i].x0 - center, center - bases[i].x1, 0.0), -bases[i].x0)
            )
            texts[nearest] += mark.text
    return [glyph._replace(text=texts[index]) for index, glyph in enumerate(bases)]


def _run(glyphs: tuple[Drawn, ...]) -> Run:
    sizes = sorted(glyph.size for glyph in glyphs)
    return Run(
        glyphs,
        min(glyph.x0 for glyph in glyphs),
        max(glyph.x1 for glyph in glyphs),
        glyphs[0].y,
        sizes[len(sizes) // 2],
        sum(glyph.bold for glyph in glyphs) * 2 > len(glyphs),
    )


def _cells(words: list[Run], gutters: Sequence[float]) -> list[Run]:
    """Words joined to runs; a run ends at a wide gap or a gutter."""
    groups: list[list[Run]] = []
    for word in words:
        if groups:
            last = groups[-1][-1]
            gap = word.x0 - last.x1
            size = max(word.size, last.size)
            at_gutter = gap > _GUTTER_GAP * size and any(last.x1 <= gutter <= word.x0 for gutter in gutters)
            if gap <= _CELL_GAP * size and not at_gutter:
                groups[-1].append(word)
                continue
        groups.append([word])
    return [_joined(group) for group in groups]


def _joined(words: list[Run]) -> Run:
    glyphs: list[Drawn] = []
    for word in words:
        if glyphs:
            last = glyphs[-1]
            glyphs.append(last._replace(text=" ", joins=None, x0=last.x1, x1=word.x0, shape=("", 0)))
        glyphs.extend(word.glyphs)
    return _run(tuple(glyphs))


def _gutters(rows: list[list[Run]]) -> list[float]:
    """Middles of the vertical strips that part text columns, from left to right; none for tables."""
    rows = [row for row in rows if row]
    if len(rows) < _LEAST_COLUMN_LINES:
        return []
    left, right = min(row[0].x0 for row in rows), max(row[-1].x1 for row in rows)
    width = int(right - left) + 1
    size = sorted(row[0].size for row in rows)[len(rows) // 2]
    if not 10 * size < width < 20_000:
        return []
    covered = [0] * (width + 1)
    for row in rows:
        for word in row:
            for x in range(int(word.x0 - left), min(width, int(word.x1 - left)) + 1):
                covered[x] += 1
    most = _GUTTER_SHARE * len(rows)
    strips: list[tuple[int, int]] = []
    for x in range(width // 6, width * 5 // 6):
        if covered[x] <= most:
            if strips and strips[-1][1] == x:
                strips[-1] = (strips[-1][0], x + 1)
            else:
                strips.append((x, x + 1))
    middles = [left + (a + b) / 2 for a, b in strips if b - a >= _GUTTER_GAP * size]
    middles = [middle for middle in middles if _parts(rows, middle)]
    return middles if middles and _are_columns(rows, [left, *middles, right]) else []


def _parts(rows: list[list[Run]], middle: float) -> bool:
    """Whether clearly more lines stop and start again around `middle` than run through it."""
    parted = through = 0
    for row in rows:
        before = [word for word in row if word.x0 < middle]
        after = [word for word in row if word.x0 >= middle]
        if before and before[-1].x1 > middle:
            through += 1
        elif before and after:
            gap = after[0].x0 - before[-1].x1
            if gap > _GUTTER_GAP * before[-1].size:
                parted += 1
            else:
                through += 1
    return parted >= _LEAST_COLUMN_LINES and parted > 1.5 * through


def _are_columns(rows: list[list[Run]], edges: list[float]) -> bool:
    """Whether every part between the edges holds enough lines of running text (cells of tables are short)."""
    for low, high in pairwise(edges):
        lengths = []
        for row in rows:
            glyph_count = sum(len(word.glyphs) for word in row if low <= (word.x0 + word.x1) / 2 <= high)
            if glyph_count:
                lengths.append(glyph_count)
        if len(lengths) < _LEAST_COLUMN_LINES or sorted(lengths)[len(lengths) // 2] < _LEAST_COLUMN_GLYPHS:
            return False
    return True
