"""OpenDocument text (ODT): headings, lists, tables and paragraphs of `content.xml`."""

import zipfile

from lxml import etree

from ingest.converters.epub import parse_xml
from ingest.document import Extracted
from ingest.received import Received
from ingest.writer import TextWriter
from kb.conversion import EncryptedDocument, UnreadableDocument

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_SILENT = frozenset(
    [f"{_TEXT}note", f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}sequence-decls"]
)
_MOST_REPEATS = 1000
_MOST_SPACES = 100


def convert(received: Received) -> Extracted:
    """Read the body in order.

    Raises:
        EncryptedDocument: the parts are encrypted.
        UnreadableDocument: there is no body, or its XML is broken.
    """
    with received.archive() as package:
        try:
            if "META-INF/manifest.xml" in package.namelist() and b"encryption-data" in package.read(
                "META-INF/manifest.xml"
            ):
                raise EncryptedDocument(filename=received.filename)
            body = parse_xml(package.read("content.xml")).find(f".//{_OFFICE}text")
            title = _title(package)
        except (KeyError, etree.XMLSyntaxError) as error:
            raise UnreadableDocument(
                filename=received.filename, reason="its body is missing or broken"
            ) from error
    writer = received.writer()
    if body is not None:
        _write_children(body, writer, 0)
    return writer.finish(title=title)


def _title(package: zipfile.ZipFile) -> str:
    if "meta.xml" not in package.namelist():
        return ""
    return parse_xml(package.read("meta.xml")).findtext(".//{http://purl.org/dc/elements/1.1/}title") or ""


def _write_children(element: etree._Element, writer: TextWriter, depth: int) -> None:
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _SILENT:
            continue
        if child.tag == f"{_TEXT}h":
            level = child.get(f"{_TEXT}outline-level") or "1"
            writer.heading(int(level) if level.isdigit() else 1, _inline(child))
        elif child.tag == f"{_TEXT}p":
            writer.paragraph(_inline(child))
        elif child.tag == f"{_TEXT}list":
            _write_list(child, writer, depth + 1)
        elif child.tag == f"{_TABLE}table":
            writer.table(_table(child))
        else:
            _write_children(child, writer, depth)


def _write_list(element: etree._Element, writer: TextWriter, depth: int) -> None:
    for item in element:
        if item.tag not in (f"{_TEXT}list-item", f"{_TEXT}list-header"):
            continue
        own = [child for child in item if child.tag in (f"{_TEXT}p", f"{_TEXT}h")]
        writer.list_item("\n".join(_inline(child) for child in own), depth=depth)
        for child in item:
            if child.tag == f"{_TEXT}list":
                _write_list(child, writer, depth + 1)


def _table(element: etree._Element) -> list[list[str]]:
    rows = []
    for row in element.iter(f"{_TABLE}table-row"):
        cells: list[str] = []
        for cell in row:
            if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                text = "\n".join(_inline(paragraph) for paragraph in cell.iter(f"{_TEXT}p"))
                cells.extend([text] * _count(cell.get(f"{_TABLE}number-columns-repeated"), _MOST_REPEATS))
        rows.append(cells)
    return rows


def _inline(element: etree._Element) -> str:
    """The words of one paragraph; OpenDocument writes runs of spaces, tabs and breaks as elements."""
    words = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            words.append(" " * _count(child.get(f"{_TEXT}c"), _MOST_SPACES))
        elif child.tag == f"{_TEXT}tab":
            words.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            words.append("\n")
        elif isinstance(child.tag, str) and child.tag not in _SILENT:
            words.append(_inline(child))
        words.append(child.tail or "")
    return "".join(words)


def _count(value: str | None, most: int) -> int:
    return min(int(value), most) if value and value.isdigit() else 1
