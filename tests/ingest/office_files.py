"""Office files made with the libraries that read them, and archives made by hand."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
from docx.document import Document


def docx_bytes(paragraphs: Sequence[str]) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A compressed archive with these parts, in order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()
