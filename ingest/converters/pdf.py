"""PDF: text in reading order with headings, paragraphs and table rows; scanned pages are named."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFParser
from pdfminer.utils import decode_text

from ingest.document import Extracted
from ingest.pdf.bidi import bracket_score, logical, rtl_share, spaced
from ingest.pdf.glyphs import BROKEN, MISSING, DrawnPage, draw_pages
from ingest.pdf.lines import Line, Run, lines_of
from ingest.pdf.paragraphs import BULLETS, TextLine, typography, without_furniture, write_lines
from ingest.pdf.shapes import Shape, Shapes, glyphs_of
from ingest.received import Received
from ingest.writer import TextWriter
from kb.conversion import EmptyDocument, EncryptedDocument, ScannedNoText, UnreadableDocument

# A page of few letters under a picture that covers it is a scan with a stamp, not text.
_STAMP_LETTERS = 15
_LEADING_STOP = re.compile(r"[.!?:،؛](?=[A-Za-z][^\n]{20,}[\w)\]\"'%]\Z)")
_NO_TITLE = re.compile(
    r"^microsoft |^untitled\b|\.(?:docx?|tex|dvi|indd|qxd|html?|pptx?|xlsx?|odt|rtf|pdf)$", re.IGNORECASE
)
_SCAN_COVER = 0.6


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    height: float
    rtl: bool
    lines: list[Line]


def convert(received: Received) -> Extracted:
    """Read every page that has text.

    Raises:
        EncryptedDocument: a password is needed.
        ScannedNoText: no page has text and some are pictures.
        EmptyDocument: no page has anything.
        UnreadableDocument: the file's structure is broken, or all its pages are.
    """
    document = _open(received)
    writer = received.writer()
    shapes = Shapes()
    pages: list[_Page] = []
    scanned: list[int] = []
    missing = 0
    for drawn in _drawn_pages(document, received):
        if drawn.broken:
            writer.notice("broken_part", part=f"{drawn.number} ({drawn.broken[:100]})")
        elif _is_scanned(drawn):
            scanned.append(drawn.number)
            continue
        missing += sum(1 for glyph in drawn.glyphs if glyph.text == MISSING)
        pages.append(_laid_out(drawn, shapes))
    if not any(page.lines for page in pages):
        if scanned:
            raise ScannedNoText(filename=received.filename, pages=scanned)
        if writer.notices:
            raise UnreadableDocument(filename=received.filename, reason="its pages are broken")
        raise EmptyDocument(filename=received.filename)
    _write(_reordered(pages, shapes.finals()), writer)
    if scanned:
        writer.notice("scanned_pages", pages=", ".join(map(str, scanned)))
    if missing:
        writer.notice("missing_letters", count=missing)
    writer.pages = max([*scanned, *(page.number for page in pages)])
    return writer.finish(title=_title(document))


def _write(lines: list[TextLine], writer: TextWriter) -> None:
    lines = without_furniture(lines)
    usual = typography(lines)
    for number, of_page in groupby(lines, key=lambda line: line.page):
        writer.page_break(number)
        write_lines(list(of_page), usual, writer)


def _open(received: Received) -> PDFDocument:
    try:
        return PDFDocument(PDFParser(io.BytesIO(received.data)))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise EncryptedDocument(filename=received.filename) from error
    except BROKEN as error:
        raise UnreadableDocument(
            filename=received.filename, reason=f"its structure is broken ({error})"
        ) from error


def _drawn_pages(document: PDFDocument, received: Received) -> Iterator[DrawnPage]:
    try:
        yield from draw_pages(document)
    except BROKEN as error:
        raise UnreadableDocument(filename=received.filename, reason=f"a page is broken ({error})") from error


def _is_scanned(page: DrawnPage) -> bool:
    if page.letters == 0:
        return page.pictures > 0
    return page.letters < _STAMP_LETTERS and page.covered > _SCAN_COVER


def _laid_out(drawn: DrawnPage, shapes: Shapes) -> _Page:
    """Lines of one page, and what its glyphs tell about the shapes of letters."""
    share = rtl_share("".join(glyph.text for glyph in drawn.glyphs))
    rtl = share is not None and share > 0.5
    lines = lines_of(drawn, rtl=rtl)
    for line in lines:
        for run in line.runs:
            shapes.learn(run)
    return _Page(drawn.number, drawn.height, rtl, lines)


def _reordered(pages: list[_Page], finals: frozenset[Shape]) -> list[TextLine]:
    """All lines with their text in reading order."""
    letters = "".join(
        glyph.text for page in pages for line in page.lines for run in line.runs for glyph in run.glyphs
    )
    share = rtl_share(letters)
    order = _Order(finals, document_rtl=share is not None and share > 0.5)
    for page in pages:
        for line in page.lines:
            order.learn(line, page)
    lines = (order.text_line(line, page) for page in pages for line in page.lines)
    return [line for line in lines if line.text.strip()]


class _Order:
    """Puts the lines of one document into reading order, with brackets the way it stores most of them."""

    def __init__(self, finals: frozenset[Shape], *, document_rtl: bool) -> None:
        self._finals = finals
        self._document_rtl = document_rtl
        self._mirrored_lead = 0

    def learn(self, line: Line, page: _Page) -> None:
        """Note whether this line's brackets pair as drawn or as stored."""
        mirrored, stored = self._both(line.runs, rtl=self._is_rtl(line, page))
        self._mirrored_lead += bracket_score(mirrored) - bracket_score(stored)

    def text_line(self, line: Line, page: _Page) -> TextLine:
        rtl = self._is_rtl(line, page)
        runs = list(reversed(line.runs)) if rtl else list(line.runs)
        text, cells = self._text(line.runs, rtl=rtl), tuple(self._text([run], rtl=rtl) for run in runs)
        if not rtl and (self._document_rtl or page.rtl):
            # In a right-to-left paragraph the bullet of a left-to-right line stands on the right,
            # its full stop on the left.
            if text[-1:] in BULLETS and text[-2:-1] == " ":
                text = f"{text[-1]} {text[:-2]}"
                cells = (text,)
            elif _LEADING_STOP.match(text):
                text = text[1:] + text[0]
                cells = (text,) if len(cells) == 1 else cells
        return TextLine(
            text=text,
            cells=cells,
            size=line.size,
            bold=all(run.bold for run in line.runs),
            x0=line.x0,
            x1=line.x1,
            left=line.left,
            right=line.right,
            y=line.y,
            page=page.number,
            page_height=page.height,
            rtl=rtl,
        )

    def _is_rtl(self, line: Line, page: _Page) -> bool:
        """By the line's letters; where it holds both scripts, by what surrounds it."""
        share = rtl_share("".join(glyph.text for run in line.runs for glyph in run.glyphs))
        if share is None:
            return page.rtl
        return (self._document_rtl or page.rtl) if 0 < share < 0.5 else share >= 0.5

    def _both(self, runs: Sequence[Run], *, rtl: bool) -> tuple[str, str]:
        glyphs = glyphs_of(runs, self._finals)
        return logical(glyphs, rtl=rtl, mirror=True), logical(glyphs, rtl=rtl, mirror=False)

    def _text(self, runs: Sequence[Run], *, rtl: bool) -> str:
        mirrored, stored = self._both(runs, rtl=rtl)
        lead = bracket_score(mirrored) - bracket_score(stored) or self._mirrored_lead
        return spaced(" ".join((mirrored if lead >= 0 else stored).split()))


def _title(document: PDFDocument) -> str:
    """The title among the document's properties; file names and product names of producers do not count."""
    for properties in document.info:
        raw: Any = properties.get("Title")
        if isinstance(raw, bytes):
            title = decode_text(raw).strip()
            if title and not _NO_TITLE.search(title):
                return title
    return ""
