"""From bytes to text and structure: one converter a media type, imported when it is first needed."""

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Protocol, cast

from ingest.document import Extracted
from ingest.limits import Limits
from ingest.media import detect
from ingest.media_type import MediaType
from ingest.received import Received
from kb.conversion import Notice, OutputTooLarge

# Module names, because a process that converts Markdown need not load the PDF reader.
CONVERTERS: Mapping[MediaType, str] = {
    MediaType.MARKDOWN: "markdown_file",
    MediaType.PLAIN: "plain",
    MediaType.HTML: "html",
    MediaType.XML: "markup",
    MediaType.RST: "markup",
    MediaType.ORG: "markup",
    MediaType.CSV: "delimited",
    MediaType.TSV: "delimited",
    MediaType.VTT: "subtitles",
    MediaType.SRT: "subtitles",
    MediaType.SBV: "subtitles",
    MediaType.EML: "mail",
    MediaType.MSG: "outlook",
    MediaType.RTF: "rtf",
    MediaType.PDF: "pdf",
    MediaType.EPUB: "epub",
    MediaType.ODT: "opendocument",
    MediaType.DOCX: "word",
    MediaType.PPTX: "slides",
    MediaType.XLSX: "workbook",
}


class _Converter(Protocol):
    def convert(self, received: Received) -> Extracted: ...


def convert(
    data: bytes, *, filename: str, declared_type: str | None = None, limits: Limits | None = None
) -> Extracted:
    """Turn one file into text with structure, in this process (see `sandbox` for untrusted files).

    Raises:
        ConversionError: the kind of failure, naming the file and what to do.
    """
    limits = limits or Limits()
    found = detect(data, filename=filename, declared_type=declared_type)
    received = Received(data, filename, found.media_type, limits)
    module = cast(_Converter, import_module(f"ingest.converters.{CONVERTERS[found.media_type]}"))
    extracted = module.convert(received)
    if len(extracted.text) > limits.output_chars:
        raise OutputTooLarge(filename=filename, limit_chars=limits.output_chars)
    if found.named is None:
        return extracted
    mismatch = Notice("type_mismatch", {"named": found.named.value, "found": found.media_type.value})
    return replace(extracted, notices=(mismatch, *extracted.notices))
