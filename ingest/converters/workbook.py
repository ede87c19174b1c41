"""Workbooks (XLSX): a heading a sheet; blank rows part its tables."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ingest.converters.delimited import looks_like_header
from ingest.document import Extracted
from ingest.received import Received
from kb.conversion import UnreadableDocument

MOST_ROWS = 20_000
MOST_COLUMNS = 200
_BROKEN = (
    KeyError,
    ValueError,
    AttributeError,
    TypeError,
    IndexError,
    OSError,
    zipfile.BadZipFile,
    ParseError,
)


def convert(received: Received) -> Extracted:
    """Read the stored values (not formulas) of every sheet, at most `MOST_ROWS` rows of `MOST_COLUMNS` cells.

    Raises:
        ArchiveBomb, UnreadableDocument: before or while the package is opened.
    """
    with received.archive():
        pass
    writer = received.writer()
    try:
        workbook = load_workbook(io.BytesIO(received.data), read_only=True, data_only=True, keep_links=False)
        for sheet in workbook.worksheets:
            writer.pages += 1
            # Other programs write wrong dimensions, which would hide cells.
            sheet.reset_dimensions()
            tables = list(_tables(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)))
            if tables and sum(map(len, tables)) >= MOST_ROWS:
                writer.notice("rows_left_out", sheet=sheet.title, limit=MOST_ROWS)
            if tables:
                writer.heading(2, sheet.title)
            for table in tables:
                writer.table(table, has_header=looks_like_header(table))
        title = workbook.properties.title or ""
    except (InvalidFileException, etree.XMLSyntaxError, *_BROKEN) as error:
        raise UnreadableDocument(filename=received.filename, reason=f"no workbook ({error})") from error
    return writer.finish(title=title)


def _tables(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[list[str]]]:
    """Runs of rows that hold something."""
    table: list[list[str]] = []
    for row in islice(rows, MOST_ROWS):
        cells = [_cell(value) for value in row]
        if any(cells):
            table.append(cells)
        elif table:
            yield table
            table = []
    if table:
        yield table


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return str(value).strip()
