"""CSV and TSV: one table."""

import csv
import io
from collections import Counter

from ingest.document import Extracted
from ingest.media_type import MediaType
from ingest.received import Received
from ingest.text import unify_newlines

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 50


def convert(received: Received) -> Extracted:
    """Read delimited rows; the first row is the header unless it holds numbers."""
    text, notices = received.text()
    text = unify_newlines(text).removeprefix("\ufeff")
    csv.field_size_limit(max(131_072, len(text)))
    delimiter = "\t" if received.media_type is MediaType.TSV else find_delimiter(text)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True))
    writer = received.writer()
    writer.notices.extend(notices)
    writer.table(rows, has_header=looks_like_header(rows))
    return writer.finish()


def looks_like_header(rows: list[list[str]]) -> bool:
    """Whether the first row names columns: more than one row, and no number or blank in the first."""
    if len(rows) < 2 or not rows[0]:
        return False
    return not any(_is_number(cell) for cell in rows[0] if cell.strip()) and any(
        cell.strip() for cell in rows[0]
    )


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "").strip().rstrip("%٪"))
    except ValueError:
        return False
    return True


def find_delimiter(text: str) -> str:
    """The delimiter that parts the most sample lines into the same number of cells, above one."""
    sample = text[:100_000].split("\n")[:_SAMPLE_LINES]
    best, best_score = ",", 0
    for delimiter in _DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if row)
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        score = count * (width - 1)
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best
