"""The lists and tables of a passage's Markdown: where every item, row and cell stands.

Reads what support texts are written with: lists after CommonMark 0.31 (also with Persian digits) and tables
after GitHub's flavour. Rendering is markdown-it's; here only the places matter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int]

_MAY_HOLD_BLOCKS = re.compile(r"\||^[ \t]*(?:[-*+]|\d{1,3}[.)-])[ \t]", re.MULTILINE)
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|(\d{1,3})[.)-])[ \t]+(?=\S)")
_FENCE = re.compile(r"[ \t]*(```+|~~~+)")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}(?:[ \t]|$)")
_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of at least two items; what is nested in an item belongs to it.

    Args:
        items: half-open spans without the markers, in order.
        first: the number of the first item, where they are numbered.
    """

    items: tuple[Span, ...]
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table's cells, half-open spans without white space and bars; an empty cell is an empty span.

    Args:
        header: empty where the passage begins inside a table.
        rows: at least one cell each, not always as many as the header has.
    """

    header: tuple[Span, ...]
    rows: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Blocks:
    """In reading order; spans are code points of the text they were read from."""

    lists: tuple[Listing, ...] = ()
    tables: tuple[Table, ...] = ()


def blocks_of(markdown: str) -> Blocks:
    """The outermost lists and the tables of `markdown`, outside code."""
    if not _MAY_HOLD_BLOCKS.search(markdown):
        return Blocks()
    reader = _Reader(markdown)
    lists: list[Listing] = []
    tables: list[Table] = []
    at = 0
    while at < len(reader.lines):
        if reader.is_fence(at):
            at = reader.after_fence(at)
        elif reader.is_item(at):
            items, first, at = reader.listing(at)
            if len(items) > 1:
                lists.append(Listing(tuple(items), first))
        elif reader.opens_table(at):
            header = reader.cells(at) if reader.is_delimiter(at + 1) else ()
            at += 2 if header else 0
            rows = []
            while reader.is_row(at):
                rows.append(reader.cells(at))
                at += 1
            if rows:
                tables.append(Table(header, tuple(rows)))
        else:
            at += 1
    return Blocks(tuple(lists), tuple(tables))


class _Reader:
    """Looks at the lines of one text; a line beyond the last is blank."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = list(_lines(text))

    def line(self, at: int) -> str:
        return self.text[slice(*self.lines[at])] if at < len(self.lines) else ""

    def is_blank(self, at: int) -> bool:
        return not self.line(at).strip()

    def is_fence(self, at: int) -> bool:
        return _FENCE.match(self.line(at)) is not None

    def is_item(self, at: int) -> bool:
        return _ITEM.match(self.line(at)) is not None

    def is_delimiter(self, at: int) -> bool:
        return "|" in self.line(at) and _DELIMITER.fullmatch(self.line(at)) is not None

    def is_row(self, at: int) -> bool:
        return _PIPE.search(self.line(at)) is not None and not self.is_fence(at)

    def opens_table(self, at: int) -> bool:
        """A header above its delimiter, or the first line of a passage that begins inside a table."""
        if not self.is_row(at):
            return False
        line = self.line(at).strip()
        inside = line.startswith("|") and line.endswith("|") and not self.text[: self.lines[at][0]].strip()
        return self.is_delimiter(at + 1) or inside

    def after_fence(self, at: int) -> int:
        """The line after the code block that opens at `at`; the end where it is never closed."""
        fence = _FENCE.match(self.line(at))
        mark = fence.group(1) if fence else "```"
        at += 1
        while at < len(self.lines):
            at += 1
            if self.line(at - 1).strip().startswith(mark):
                break
        return at

    def cells(self, at: int) -> tuple[Span, ...]:
        """The cells of the row at `at`."""
        left, right = self.lines[at]
        left, right = _trimmed(self.text, left, right)
        if self.text.startswith("|", left):
            left += 1
        if right > left and self.text[right - 1] == "|" and self.text[right - 2 : right - 1] != "\\":
            right -= 1
        edges = [left, *(bar.end() for bar in _PIPE.finditer(self.text, left, right)), right + 1]
        return tuple(_trimmed(self.text, begin, end - 1) for begin, end in pairwise(edges))

    def listing(self, at: int) -> tuple[list[Span], int | None, int]:
        """The items of the list that opens at `at`, its first number, and the line after it.

        Writers part numbered steps by pictures and code that are not indented: a step belongs to the same
        list where its number goes on.
        """
        depth, first = self._marker(at)
        items: list[Span] = []
        after = at
        lazy = interrupted = False
        while at < len(self.lines):
            start, end = self.lines[at]
            following = at + 1
            if self.is_item(at) and self._marker(at)[0] <= depth + 1:
                indent, number = self._marker(at)
                goes_on = first is not None and number == first + len(items)
                if indent < depth or (number is None) != (first is None) or (interrupted and not goes_on):
                    break
                if items and interrupted:
                    items[-1] = (items[-1][0], _trimmed(self.text, items[-1][0], start)[1])
                mark = _ITEM.match(self.text, start)
                items.append(_trimmed(self.text, mark.end() if mark else start, end))
                lazy, interrupted, after = True, False, following
            elif self.is_blank(at):
                lazy = False
            elif _HEADING.match(self.line(at)):
                break
            else:
                if self.is_fence(at):
                    following = self.after_fence(at)
                    end = self.lines[following - 1][1]
                if not interrupted and (lazy or self._indent(at) > depth):
                    items[-1] = (items[-1][0], _trimmed(self.text, items[-1][0], end)[1])
                    after = following
                elif first is None or self.is_row(at):
                    break
                else:
                    interrupted = True
            at = following
        return items, first, after

    def _marker(self, at: int) -> tuple[int, int | None]:
        """Indent and number of the item at `at`."""
        mark = _ITEM.match(self.line(at))
        number = mark.group(2) if mark else None
        return self._indent(at), int(number) if number else None

    def _indent(self, at: int) -> int:
        line = self.line(at).expandtabs(4)
        return len(line) - len(line.lstrip())


def _lines(text: str) -> Iterator[Span]:
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _trimmed(text: str, start: int, end: int) -> Span:
    inner = text[start:end]
    left = start + len(inner) - len(inner.lstrip())
    return (left, start + len(inner.rstrip())) if inner.strip() else (start, start)
