"""Plain text: paragraphs are what blank lines part, numbered and dashed lines are list items."""

import re
from collections.abc import Iterator

from ingest.document import Block, BlockKind, Extracted
from ingest.received import Received
from ingest.text import unify_newlines

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_LIST_MARK = re.compile(r"\s*(?:[-*•–·●▪]\s+|[0-9\u06f0-\u06f9\u0660-\u0669]{1,3}[.)\-]\s+)\S")


def convert(received: Received) -> Extracted:
    """Keep the text as it is (one `\\n` a line end) and mark paragraphs, list items and page breaks."""
    text, notices = received.text()
    text = unify_newlines(text).removeprefix("\ufeff")
    return received.as_written(text, tuple(plain_blocks(text)), notices)


def plain_blocks(text: str) -> Iterator[Block]:
    """Blocks of text without markup, in reading order."""
    start = end = -1
    kind = BlockKind.PARAGRAPH
    position = 0
    while position < len(text):
        found = _LINE.match(text, position)
        assert found is not None
        line = found.group()
        blank = not line.strip()
        marked = bool(_LIST_MARK.match(line))
        if start >= 0 and (blank or marked):
            yield _block(kind, start, end)
            start = -1
        if not blank:
            if start < 0:
                start = position + len(line) - len(line.lstrip())
                kind = BlockKind.LIST_ITEM if marked else BlockKind.PARAGRAPH
            end = position + len(line.rstrip())
        position = found.end()
    if start >= 0:
        yield _block(kind, start, end)


def _block(kind: BlockKind, start: int, end: int) -> Block:
    return Block(kind, start, end, level=1 if kind is BlockKind.LIST_ITEM else 0)
