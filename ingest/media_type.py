"""The kinds of file that can be read, and the names they go by."""

from collections.abc import Mapping
from enum import StrEnum


class MediaType(StrEnum):
    """Every kind of file that can be read, by its registered (or customary) media type."""

    MARKDOWN = "text/markdown"
    PLAIN = "text/plain"
    HTML = "text/html"
    XML = "application/xml"
    RST = "text/x-rst"
    ORG = "text/x-org"
    CSV = "text/csv"
    TSV = "text/tab-separated-values"
    VTT = "text/vtt"
    SRT = "application/x-subrip"
    SBV = "text/x-sbv"
    EML = "message/rfc822"
    MSG = "application/vnd.ms-outlook"
    RTF = "application/rtf"
    PDF = "application/pdf"
    EPUB = "application/epub+zip"
    ODT = "application/vnd.oasis.opendocument.text"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


BY_SUFFIX: Mapping[str, MediaType] = {
    ".md": MediaType.MARKDOWN,
    ".mdx": MediaType.MARKDOWN,
    ".markdown": MediaType.MARKDOWN,
    ".txt": MediaType.PLAIN,
    ".text": MediaType.PLAIN,
    ".log": MediaType.PLAIN,
    ".json": MediaType.PLAIN,
    ".jsonl": MediaType.PLAIN,
    ".yaml": MediaType.PLAIN,
    ".yml": MediaType.PLAIN,
    ".html": MediaType.HTML,
    ".htm": MediaType.HTML,
    ".xhtml": MediaType.HTML,
    ".xml": MediaType.XML,
    ".rst": MediaType.RST,
    ".org": MediaType.ORG,
    ".csv": MediaType.CSV,
    ".tsv": MediaType.TSV,
    ".tab": MediaType.TSV,
    ".vtt": MediaType.VTT,
    ".srt": MediaType.SRT,
    ".sbv": MediaType.SBV,
    ".eml": MediaType.EML,
    ".msg": MediaType.MSG,
    ".rtf": MediaType.RTF,
    ".pdf": MediaType.PDF,
    ".epub": MediaType.EPUB,
    ".odt": MediaType.ODT,
    ".docx": MediaType.DOCX,
    ".docm": MediaType.DOCX,
    ".dotx": MediaType.DOCX,
    ".pptx": MediaType.PPTX,
    ".pptm": MediaType.PPTX,
    ".ppsx": MediaType.PPTX,
    ".xlsx": MediaType.XLSX,
    ".xlsm": MediaType.XLSX,
}
TEXT_TYPES = frozenset(list(MediaType)[: list(MediaType).index(MediaType.EML) + 1])
