"""Word documents (DOCX): styles give headings and lists, tables keep rows, text boxes follow."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from ingest.document import Extracted
from ingest.received import Received
from ingest.writer import TextWriter
from kb.conversion import UnreadableDocument

_SKIPPED = frozenset(
    qn(name) for name in ("w:del", "w:moveFrom", "w:txbxContent", "w:instrText", "w:delText")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_CONTAINERS = frozenset(qn(name) for name in ("w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins"))
_MOST_LEVELS = 50
# What the library answers for a file without properties.
_PLACEHOLDER_TITLES = ("Word Document",)
# Bold lines stand for headings where nobody used styles; longer ones are emphasis.
_PSEUDO_HEADING_CHARS = 90
_DEEPEST_TABLE = 10

_MINIMAL_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/>'
    b'<Override PartName="/word/document.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_MINIMAL_RELATIONS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Target="word/document.xml" Type='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def convert(received: Received) -> Extracted:
    """Read the body in order; page headers, footers and deleted (tracked) text are left out.

    Raises:
        ArchiveBomb, UnreadableDocument: before or while the package is opened.
    """
    with received.archive() as package:
        data = _completed(package, received.data)
    writer = received.writer()
    try:
        document = docx.Document(io.BytesIO(data))
        body = _Body(document, writer)
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, etree.XMLSyntaxError) as error:
        raise UnreadableDocument(filename=received.filename, reason=f"no Word document ({error})") from error
    body.write()
    title = document.core_properties.title or ""
    return writer.finish(title="" if title in _PLACEHOLDER_TITLES else title)


def _completed(package: zipfile.ZipFile, data: bytes) -> bytes:
    """Give back the package parts that some chat exports leave out, so that it opens."""
    names = package.namelist()
    missing = {"[Content_Types].xml": _MINIMAL_TYPES, "_rels/.rels": _MINIMAL_RELATIONS}
    missing = {name: part for name, part in missing.items() if name not in names}
    if not missing:
        return data
    mended = io.BytesIO(data)
    with zipfile.ZipFile(mended, "a") as archive:
        for name, part in missing.items():
            archive.writestr(name, part)
    return mended.getvalue()


class _Body:
    """One document's styles and list counters, and the walk over its blocks."""

    def __init__(self, document: Any, writer: TextWriter) -> None:
        self._root = document.element.body
        self._writer = writer
        self._styles = {
            style.get(qn("w:styleId")): style for style in document.styles.element.iter(qn("w:style"))
        }
        self._numbering = _ordered_lists(document)
        self._counters: dict[tuple[str, int], int] = {}
        paragraphs = self._root.iter(qn("w:p"))
        self._styled = any(self._heading_level(paragraph) for paragraph in paragraphs)

    def write(self) -> None:
        self._blocks(self._root, 0)

    def _blocks(self, parent: Any, depth: int) -> None:
        for child in parent:
            if child.tag == qn("w:p"):
                self._paragraph(child)
                for box in _text_boxes(child):
                    self._blocks(box, depth + 1)
            elif child.tag == qn("w:tbl"):
                self._table(child, depth)
            elif child.tag in _CONTAINERS:
                self._blocks(child, depth)

    def _paragraph(self, paragraph: Any) -> None:
        text = _text(paragraph)
        if not text.strip():
            return
        level = self._heading_level(paragraph)
        if level or (not self._styled and _is_bold_line(paragraph, text)):
            self._writer.heading(level or 2, text)
            return
        numbered = self._list_of(paragraph)
        if numbered is None:
            self._writer.paragraph(text)
            return
        number, depth = numbered
        marker = "-"
        if (number, depth) in self._numbering:
            self._counters[numbered] = self._counters.get(numbered, 0) + 1
            marker = f"{self._counters[numbered]}."
        for deeper in [key for key in self._counters if key[0] == number and key[1] > depth]:
            del self._counters[deeper]
        self._writer.list_item(text, depth=min(depth + 1, 6), marker=marker)

    def _table(self, table: Any, depth: int) -> None:
        """Cells by the grid; continued vertical merges stay empty, nested tables become cell text."""
        rows = []
        for row in table.iter(qn("w:tr")):
            if next(row.iterancestors(qn("w:tbl"))) is not table:
                continue
            cells: list[str] = []
            for cell in row.iter(qn("w:tc")):
                if next(cell.iterancestors(qn("w:tr"))) is row:
                    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
                    words = "\n".join(_text(paragraph) for paragraph in cell.iter(qn("w:p")))
                    cells.extend([words, *[""] * (_integer(span, 1) - 1)])
            rows.append(cells)
        if depth < _DEEPEST_TABLE and max(map(len, rows), default=0) == 1:
            for row in rows:
                self._writer.paragraph(row[0] if row else "")
        else:
            self._writer.table(rows)

    def _heading_level(self, paragraph: Any) -> int:
        """1-6, or 0 for running text; by outline level, else by the built-in style's name."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if own is not None and _integer(own, 9) < 9:
            return min(6, _integer(own, 9) + 1)
        for style in self._chain(paragraph):
            name = _value(style.find(qn("w:name"))).lower()
            if name.startswith("heading ") and name[8:].isdigit():
                return min(6, int(name[8:]))
            if name == "title":
                return 1
            outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            if outline is not None and _integer(outline, 9) < 9:
                return min(6, _integer(outline, 9) + 1)
        return 0

    def _list_of(self, paragraph: Any) -> tuple[str, int] | None:
        """The list's number and the item's level from 0, from the paragraph or its style."""
        for holder in (paragraph, *self._chain(paragraph)):
            numbering = holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if numbering is not None:
                number = _value(numbering.find(qn("w:numId")))
                return (
                    (number, _integer(numbering.find(qn("w:ilvl")), 0)) if number not in ("", "0") else None
                )
        return None

    def _chain(self, paragraph: Any) -> Iterator[Any]:
        """The paragraph's style and the styles it is based on."""
        name = _value(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"))
        for _ in range(_MOST_LEVELS):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _value(style.find(qn("w:basedOn")))


def _ordered_lists(document: Any) -> frozenset[tuple[str, int]]:
    """The (list number, level) pairs that count instead of bulleting."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return frozenset()
    formats: dict[tuple[str, int], str] = {}
    for abstract in root.iter(qn("w:abstractNum")):
        for level in abstract.iter(qn("w:lvl")):
            kind = _value(level.find(qn("w:numFmt")))
            formats[abstract.get(qn("w:abstractNumId")), int(level.get(qn("w:ilvl")) or 0)] = kind
    ordered = set()
    for number in root.iter(qn("w:num")):
        abstract_id = _value(number.find(qn("w:abstractNumId")))
        for (owner, level_number), kind in formats.items():
            if owner == abstract_id and kind not in ("bullet", "none", ""):
                ordered.add((number.get(qn("w:numId")), level_number))
    return frozenset(ordered)


def _text(paragraph: Any) -> str:
    """The words of one paragraph: links, insertions and fields' results, no deletions and no text boxes."""
    words: list[str] = []
    stack = [iter(paragraph)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == qn("w:t"):
            words.append(child.text or "")
        elif child.tag in _BREAKS:
            words.append(_BREAKS[child.tag])
        elif child.tag not in _SKIPPED and child.tag != qn("w:pPr"):
            stack.append(iter(child))
    return "".join(words)


def _text_boxes(paragraph: Any) -> Iterator[Any]:
    """Text boxes drawn at a paragraph; the compatibility copy of each is left out."""
    for box in paragraph.iter(qn("w:txbxContent")):
        if not any(ancestor.tag.endswith("}Fallback") for ancestor in box.iterancestors()):
            yield box


def _is_bold_line(paragraph: Any, text: str) -> bool:
    if (
        len(text) > _PSEUDO_HEADING_CHARS
        or "\n" in text
        or text.rstrip().endswith((".", "،", "؛", "?", "؟", "!"))
    ):
        return False
    runs = [run for run in paragraph.iter(qn("w:r")) if "".join(run.itertext()).strip()]
    return bool(runs) and all(_is_on(run, "w:b") or _is_on(run, "w:bCs") for run in runs)


def _is_on(run: Any, name: str) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn(name)}")
    return mark is not None and (mark.get(qn("w:val")) or "1") not in ("0", "false", "off")


def _value(element: Any) -> str:
    return "" if element is None else element.get(qn("w:val")) or ""


def _integer(element: Any, default: int) -> int:
    value = _value(element)
    return int(value) if value.isdigit() else default
