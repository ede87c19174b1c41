"""Builds a text in Markdown-like normal form together with the blocks over it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.document import Block, BlockKind, Extracted, Span, language_of
from ingest.media_type import MediaType
from ingest.text import clean
from kb.conversion import EmptyDocument, Notice, OutputTooLarge

_SPACES = re.compile(r"[ \t\u00a0]+")
_BREAKS = re.compile(r"\s*[\n\r\f\v\x85\u2028\u2029]\s*")
_BLANK_LINES = re.compile(r"\n\s*\n+")


class TextWriter:
    """Collects headings, paragraphs, list items, tables and code in reading order; `finish` gives the result.

    Every method cleans what it is given (NUL, unpaired surrogates, runs of spaces) and ignores empty text.
    """

    def __init__(self, *, filename: str, media_type: MediaType, output_chars: int) -> None:
        self.filename = filename
        self._media_type = media_type
        self._limit = output_chars
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._removed = 0
        self.notices: list[Notice] = []
        self.pages = 0

    def notice(self, code: str, **data: Any) -> None:
        """Record what was lost or guessed; codes are the keys of `NOTICE_MESSAGES`."""
        self.notices.append(Notice(code, data))

    def heading(self, level: int, text: str) -> None:
        """A one-line heading of `level` 1-6."""
        label = self._line(text)
        if label:
            level = min(6, max(1, level))
            self._add(BlockKind.HEADING, f"{'#' * level} {label}", level=level, label=label)

    def paragraph(self, text: str, *, kind: BlockKind = BlockKind.PARAGRAPH) -> None:
        """Running text; single line breaks stay, blank lines inside become line breaks."""
        self._add(kind, self._lines(text))

    def list_item(self, text: str, *, depth: int = 1, marker: str = "-") -> None:
        """One item, `depth` from 1; items that follow each other stand on neighbouring lines."""
        body = self._lines(text)
        if body:
            indent = "  " * (depth - 1)
            body = body.replace("\n", "\n" + indent + "  ")
            self._add(BlockKind.LIST_ITEM, f"{indent}{marker} {body}", level=max(1, depth))

    def quote(self, text: str) -> None:
        """Quoted text, every line marked."""
        body = self._lines(text)
        if body:
            self._add(BlockKind.QUOTE, "> " + body.replace("\n", "\n> "))

    def code(self, text: str, *, language: str = "") -> None:
        """Preformatted text, kept as it is inside a fence longer than any run of backticks in it."""
        body = self._clean(text).strip("\n")
        if body.strip():
            longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
            fence = "`" * max(3, longest + 1)
            self._add(BlockKind.CODE, f"{fence}{language}\n{body}\n{fence}", label=language)

    def table(self, rows: Sequence[Sequence[str]], *, has_header: bool = True) -> None:
        """Rows of cells as pipe lines; line breaks in cells become spaces, empty rows and columns go."""
        lines = self._table_lines(rows, has_header=has_header)
        if not lines:
            return
        start = self._begin(BlockKind.TABLE)
        spans = []
        position = start
        for line in lines:
            spans.append(Span(position, position + len(line)))
            position += len(line) + 1
        self._write("\n".join(lines))
        self._blocks.append(
            Block(BlockKind.TABLE, start, self._length, rows=tuple(spans), has_header=has_header)
        )

    def page_break(self, page: int) -> None:
        """The start of page `page` (from 1); leaves a form feed, which readers take for white space."""
        self.pages = max(self.pages, page)
        if self._blocks:
            start = self._begin(BlockKind.PAGE_BREAK)
            self._write("\f")
            self._blocks.append(Block(BlockKind.PAGE_BREAK, start, self._length, level=page))

    def finish(self, *, title: str = "", metadata: Mapping[str, Any] | None = None) -> Extracted:
        """The finished text.

        Raises:
            EmptyDocument: nothing but white space was written.
        """
        text = "".join(self._parts)
        if not text.strip():
            raise EmptyDocument(filename=self.filename)
        if self._removed:
            self.notice("removed_characters", count=self._removed)
        heading = next((block.label for block in self._blocks if block.kind is BlockKind.HEADING), "")
        return Extracted(
            text=text,
            blocks=tuple(self._blocks),
            title=self._line(title) or heading,
            media_type=self._media_type,
            language=language_of(text),
            notices=tuple(self.notices),
            pages=self.pages,
            metadata=dict(metadata or {}),
        )

    def _table_lines(self, rows: Sequence[Sequence[str]], *, has_header: bool) -> list[str]:
        cells = [[self._line(cell).replace("|", "\\|") for cell in row] for row in rows]
        cells = [row for row in cells if any(row)]
        used = sorted({column for row in cells for column, cell in enumerate(row) if cell})
        lines = ["| " + " | ".join(row[i] if i < len(row) else "" for i in used) + " |" for row in cells]
        if lines and has_header:
            lines[0] += "\n|" + " --- |" * len(used)
        return lines

    def _add(self, kind: BlockKind, text: str, *, level: int = 0, label: str = "") -> None:
        if text:
            start = self._begin(kind)
            self._write(text)
            self._blocks.append(Block(kind, start, self._length, level=level, label=label))

    def _begin(self, kind: BlockKind) -> int:
        """Write the separator before a block; returns where the block starts."""
        if self._blocks:
            both_items = kind is BlockKind.LIST_ITEM and self._blocks[-1].kind is BlockKind.LIST_ITEM
            self._write("\n" if both_items else "\n\n")
        return self._length

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        if self._length > self._limit:
            raise OutputTooLarge(filename=self.filename, limit_chars=self._limit)

    def _clean(self, text: str) -> str:
        cleaned, removed = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
        self._removed += removed
        return cleaned

    def _line(self, text: str) -> str:
        return _SPACES.sub(" ", _BREAKS.sub(" ", self._clean(text))).strip()

    def _lines(self, text: str) -> str:
        lines = (
            _SPACES.sub(" ", line).strip() for line in _BLANK_LINES.sub("\n", self._clean(text)).split("\n")
        )
        return "\n".join(line for line in lines if line)
