"""Rich Text Format through striprtf."""

import re

from striprtf.striprtf import rtf_to_text

from ingest.document import Extracted
from ingest.received import Received
from kb.conversion import UnreadableDocument

_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_TABLE_CELLS = re.compile(r"^[^\n]*\|[^\n]*\|[^\n]*$")


def convert(received: Received) -> Extracted:
    """Read paragraphs and table rows.

    Raises:
        UnreadableDocument: the groups do not parse.
    """
    found = _CODE_PAGE.search(received.data[:2000])
    encoding = f"cp{found.group(1).decode()}" if found else "cp1252"
    try:
        source = received.data.decode("latin-1")
        text: str = rtf_to_text(source, encoding=encoding, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError, KeyError) as error:
        raise UnreadableDocument(filename=received.filename, reason=f"not valid RTF ({error})") from error
    writer = received.writer()
    rows: list[list[str]] = []
    for line in text.replace("\r", "\n").split("\n"):
        if _TABLE_CELLS.match(line):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        writer.table(rows)
        rows = []
        writer.paragraph(line)
    writer.table(rows)
    return writer.finish()
