"""reStructuredText, Org and XML: texts whose markup is light enough to read as written, or plain data."""

import re
from collections.abc import Iterator
from itertools import pairwise

from lxml import etree

from ingest.converters.plain import plain_blocks
from ingest.document import Block, BlockKind, Extracted, Span
from ingest.media_type import MediaType
from ingest.received import Received
from ingest.text import unify_newlines
from ingest.writer import TextWriter
from kb.conversion import UnreadableDocument

_RST_RULE = re.compile(r"^([=\-`:'\"~^_*+#<>.])\1{2,}[ \t]*$")
_ORG_HEADING = re.compile(r"^(\*{1,8})\s+(?:(?:TODO|DONE)\s+)?(.+?)(?:\s+:[\w@:]+:)?\s*$")
_ORG_BEGIN = re.compile(r"^\s*#\+begin_(?:src|example)\b\s*([\w+#-]*)", re.IGNORECASE)
_ORG_END = re.compile(r"^\s*#\+end_(?:src|example)\b", re.IGNORECASE)
_RST_CODE = re.compile(r"^\s*\.\.\s+(?:code|code-block|sourcecode)::\s*([\w+#-]*)|^(?!\s*\.\. ).*::\s*$")
_DIRECTIVE = re.compile(r"^\s*(?:#\+\w+:|\.\.\s+\w[\w-]*::|:\w[\w -]*:\s)")


def convert(received: Received) -> Extracted:
    """Keep reStructuredText and Org as written, with their structure; read XML as named values."""
    if received.media_type is MediaType.XML:
        return _convert_xml(received)
    text, notices = received.text()
    text = unify_newlines(text).removeprefix("\ufeff")
    lines = _Lines(text)
    walk = _org if received.media_type is MediaType.ORG else _rst
    blocks = tuple(walk(lines))
    title = next((block.label for block in blocks if block.kind is BlockKind.HEADING), "")
    return received.as_written(text, blocks, notices, title=title)


class _Lines:
    """The lines of a text with their offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets of the lines `first` up to `last`, without white space at the end."""
        start = self.starts[first]
        raw = self.text[start : self.starts[last]]
        return start, start + len(raw.rstrip())

    def block(self, kind: BlockKind, first: int, last: int, *, level: int = 0, label: str = "") -> Block:
        start, end = self.span(first, last)
        return Block(kind, start, end, level=level, label=label)

    def prose(self, first: int, last: int) -> Iterator[Block]:
        """Paragraphs and list items between two structural lines."""
        start, end = self.starts[first], min(self.starts[last], len(self.text))
        for block in plain_blocks(self.text[start:end]):
            yield Block(block.kind, start + block.start, start + block.end, level=block.level)


def _rst(lines: _Lines) -> Iterator[Block]:
    levels: list[tuple[str, bool]] = []
    index = pending = 0
    while index < len(lines.lines):
        heading = _rst_heading(lines.lines, index)
        code = _RST_CODE.match(lines.lines[index])
        after = _indented_end(lines.lines, index + 1) if code else index
        if heading is not None:
            label, style, size = heading
            if style not in levels:
                levels.append(style)
            yield from lines.prose(pending, index)
            yield lines.block(
                BlockKind.HEADING, index, index + size, level=min(6, levels.index(style) + 1), label=label
            )
            index = pending = index + size
        elif code and after > index + 1:
            # The directive line belongs to the code, a sentence that ends in "::" to the prose before it.
            first = index if lines.lines[index].lstrip().startswith("..") else index + 1
            yield from lines.prose(pending, first)
            yield lines.block(BlockKind.CODE, first, after, label=code.group(1) or "")
            index = pending = after
        elif _DIRECTIVE.match(lines.lines[index]):
            yield from lines.prose(pending, index)
            yield lines.block(BlockKind.METADATA, index, index + 1)
            index = pending = index + 1
        else:
            index += 1
    yield from lines.prose(pending, len(lines.lines))


def _rst_heading(lines: list[str], index: int) -> tuple[str, tuple[str, bool], int] | None:
    """The title, its adornment (character, whether overlined) and its height in lines."""
    rule = _RST_RULE.match(lines[index])
    if rule and index + 2 < len(lines) and lines[index + 2].rstrip() == lines[index].rstrip():
        title = lines[index + 1].strip()
        return (title, (rule.group(1), True), 3) if title else None
    if index + 1 < len(lines) and (title := lines[index].strip()) and not rule:
        under = _RST_RULE.match(lines[index + 1])
        if (
            under
            and len(lines[index + 1].rstrip()) >= min(len(title), 4)
            and not lines[index].startswith(" ")
        ):
            return title, (under.group(1), False), 2
    return None


def _indented_end(lines: list[str], index: int) -> int:
    """The line after an indented block that starts at or after `index`."""
    last = index
    for position in range(index, len(lines)):
        if lines[position].strip():
            if not lines[position].startswith((" ", "\t")):
                break
            last = position + 1
    return last


def _org(lines: _Lines) -> Iterator[Block]:
    index = pending = 0
    while index < len(lines.lines):
        line = lines.lines[index]
        heading, begin = _ORG_HEADING.match(line), _ORG_BEGIN.match(line)
        if (
            heading is None
            and begin is None
            and not line.lstrip().startswith("|")
            and not _DIRECTIVE.match(line)
        ):
            index += 1
            continue
        yield from lines.prose(pending, index)
        after = index + 1
        if heading is not None:
            level = min(6, len(heading.group(1)))
            yield lines.block(BlockKind.HEADING, index, after, level=level, label=heading.group(2))
        elif begin is not None:
            while after < len(lines.lines) and not _ORG_END.match(lines.lines[after]):
                after += 1
            after = min(after + 1, len(lines.lines))
            yield lines.block(BlockKind.CODE, index, after, label=begin.group(1))
        elif line.lstrip().startswith("|"):
            while after < len(lines.lines) and lines.lines[after].lstrip().startswith("|"):
                after += 1
            yield _org_table(lines, index, after)
        else:
            yield lines.block(BlockKind.METADATA, index, after)
        index = pending = after
    yield from lines.prose(pending, len(lines.lines))


def _org_table(lines: _Lines, first: int, last: int) -> Block:
    start, end = lines.span(first, last)
    header = last - first > 1 and lines.lines[first + 1].lstrip().startswith("|-")
    edges = [first, *range(first + (2 if header else 1), last), last]
    rows = tuple(Span(*lines.span(a, b)) for a, b in pairwise(edges))
    return Block(BlockKind.TABLE, start, end, rows=rows, has_header=header)


def _convert_xml(received: Received) -> Extracted:
    # No entity is resolved and nothing is fetched; libxml2 bounds depth and amplification itself.
    reader = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(received.data, reader)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument(
            filename=received.filename, reason=f"it is not well-formed XML ({error})"
        ) from error
    writer = received.writer()
    _write_element(root, writer)
    return writer.finish()


def _write_element(element: etree._Element, writer: TextWriter) -> None:
    """Leaves of one parent become `name: value` lines of a paragraph, mixed content running text."""
    pairs: list[str] = []
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if len(child) == 0 or _is_mixed(child):
            value = " ".join("".join(child.itertext()).split())
            name = etree.QName(child).localname
            pairs.extend([f"{name}: {value}"] if value else [])
        else:
            writer.paragraph("\n".join(pairs))
            pairs = []
            _write_element(child, writer)
    writer.paragraph("\n".join(pairs))
    if len(element) == 0 and element.text:
        writer.paragraph(element.text)


def _is_mixed(element: etree._Element) -> bool:
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)
