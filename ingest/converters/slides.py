"""Presentations (PPTX): a heading a slide, then its texts from top to bottom, tables and speaker notes."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.exc import InvalidXmlError, PackageNotFoundError

from ingest.document import Extracted
from ingest.received import Received
from ingest.writer import TextWriter
from kb.conversion import UnreadableDocument

_BROKEN = (KeyError, ValueError, AttributeError, IndexError, TypeError, InvalidXmlError, etree.XMLSyntaxError)
_DEEPEST_GROUP = 20
# What programs write where nobody gave a title.
_PLACEHOLDER_TITLES = ("PowerPoint Presentation", "Presentation")


def convert(received: Received) -> Extracted:
    """Read every slide; a shape that cannot be read is left out with a notice.

    Raises:
        ArchiveBomb, UnreadableDocument: before or while the package is opened.
    """
    with received.archive():
        pass
    try:
        presentation = Presentation(io.BytesIO(received.data))
        slides = list(presentation.slides)
    except (PackageNotFoundError, zipfile.BadZipFile, *_BROKEN) as error:
        raise UnreadableDocument(filename=received.filename, reason=f"no presentation ({error})") from error
    writer = received.writer()
    for number, slide in enumerate(slides, start=1):
        writer.page_break(number)
        _write_slide(slide, number, writer)
    title = presentation.core_properties.title or ""
    return writer.finish(title="" if title in _PLACEHOLDER_TITLES else title)


def _write_slide(slide: Any, number: int, writer: TextWriter) -> None:
    title = slide.shapes.title
    if title is not None and title.has_text_frame:
        writer.heading(2, title.text_frame.text)
    for shape in sorted(slide.shapes, key=_top):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        try:
            for leaf in _leaves(shape, 0):
                _write_shape(leaf, writer)
        except _BROKEN:
            writer.notice("broken_part", part=f"slide {number}, {shape.name}")
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        writer.quote(slide.notes_slide.notes_text_frame.text)


def _top(shape: Any) -> tuple[int, int]:
    """Reading position; shapes that inherit theirs from the layout come first."""
    try:
        return (shape.top or 0, shape.left or 0)
    except _BROKEN:
        return (0, 0)


def _leaves(shape: Any, depth: int) -> Iterator[Any]:
    if hasattr(shape, "shapes") and depth < _DEEPEST_GROUP:
        for inner in sorted(shape.shapes, key=_top):
            yield from _leaves(inner, depth + 1)
    else:
        yield shape


def _write_shape(shape: Any, writer: TextWriter) -> None:
    if getattr(shape, "has_table", False):
        writer.table([[cell.text for cell in row.cells] for row in shape.table.rows])
    elif getattr(shape, "has_text_frame", False):
        paragraphs = [paragraph for paragraph in shape.text_frame.paragraphs if paragraph.text.strip()]
        for paragraph in paragraphs:
            # One line alone is a caption; several are the slide's points.
            if len(paragraphs) > 1 or paragraph.level:
                writer.list_item(paragraph.text.replace("\v", "\n"), depth=paragraph.level + 1)
            else:
                writer.paragraph(paragraph.text.replace("\v", "\n"))
