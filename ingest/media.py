"""What kind of file some bytes are: content first, then name, then what the sender declared."""

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
import olefile

from ingest.media_type import BY_SUFFIX, TEXT_TYPES, MediaType
from ingest.text import decode, looks_binary
from kb.conversion import EmptyDocument, EncryptedDocument, UnreadableDocument, UnsupportedMediaType

# In a package of parts (OOXML) one of these names tells the kind.
_PACKAGE_PARTS = (
    ("word/document", MediaType.DOCX),
    ("ppt/presentation", MediaType.PPTX),
    ("xl/workbook", MediaType.XLSX),
)
_OLE_LEGACY = (
    ("WordDocument", "application/msword", ".docx"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint", ".pptx"),
    ("Workbook", "application/vnd.ms-excel", ".xlsx"),
    ("Book", "application/vnd.ms-excel", ".xlsx"),
)
_MAIL_FIELDS = re.compile(
    r"^(?:from|to|cc|subject|date|message-id|mime-version|received|return-path|reply-to|content-type"
    r"|delivered-to|x-[\w-]+):",
    re.IGNORECASE,
)
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)


__all__ = ["Detected", "MediaType", "detect"]


@dataclass(frozen=True, slots=True)
class Detected:
    """The kind that the content has, and the kind that the name claims where it claims another."""

    media_type: MediaType
    named: MediaType | None = None


def detect(data: bytes, *, filename: str, declared_type: str | None = None) -> Detected:
    """Decide how to read `data`; a wrong name is overruled by the content.

    Raises:
        EmptyDocument: no bytes at all.
        EncryptedDocument: an office file inside an encrypted envelope.
        UnsupportedMediaType: a known kind that is not read here, or bytes that are no text.
        UnreadableDocument: the content contradicts the name and cannot be read either way.
    """
    if not data:
        raise EmptyDocument(filename=filename)
    named = _named_type(filename, declared_type)
    found = _binary_type(data, filename) or _text_type(data, filename, named)
    return Detected(found, named if named is not None and named is not found else None)


def _named_type(filename: str, declared_type: str | None) -> MediaType | None:
    suffix = PurePosixPath(filename.replace("\\", "/")).suffix.lower()
    if suffix in BY_SUFFIX:
        return BY_SUFFIX[suffix]
    declared = (declared_type or "").partition(";")[0].strip().lower()
    return MediaType(declared) if declared in set(MediaType) else None


def _binary_type(data: bytes, filename: str) -> MediaType | None:
    """The kind that the first bytes prove, None for text."""
    if b"%PDF-" in data[:1024]:
        return MediaType.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package_type(data, filename)
    if data.startswith(olefile.MAGIC):
        return _ole_type(data, filename)
    if data.startswith(b"{\\rtf"):
        return MediaType.RTF
    guess = filetype.guess(data[:8192])
    if guess is not None:
        raise _unsupported(filename, guess.mime)
    return None


def _package_type(data: bytes, filename: str) -> MediaType:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            mimetype = (
                package.read("mimetype")[:200].decode("ascii", "replace") if "mimetype" in names else ""
            )
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise UnreadableDocument(filename=filename, reason=f"the archive is broken ({error})") from error
    for part, media_type in _PACKAGE_PARTS:
        if any(name.startswith(part) for name in names):
            return media_type
    mimetype = mimetype.strip()
    if mimetype in (MediaType.EPUB, MediaType.ODT):
        return MediaType(mimetype)
    if "META-INF/container.xml" in names:
        return MediaType.EPUB
    raise _unsupported(filename, mimetype or "application/zip")


def _ole_type(data: bytes, filename: str) -> MediaType:
    try:
        with olefile.OleFileIO(data) as container:
            streams = {entry[0] for entry in container.listdir()}
    except (OSError, ValueError, IndexError) as error:
        raise UnreadableDocument(filename=filename, reason=f"the container is broken ({error})") from error
    if streams & {"EncryptedPackage", "EncryptionInfo"}:
        raise EncryptedDocument(filename=filename)
    if "__properties_version1.0" in streams:
        return MediaType.MSG
    for stream, media_type, better in _OLE_LEGACY:
        if stream in streams:
            raise UnsupportedMediaType(
                filename=filename,
                media_type=media_type,
                advice=f"Open it and save it as {better}, then upload that.",
                advice_fa=f"آن را باز و با پسوند {better} ذخیره کنید و همان را بفرستید.",
            )
    raise _unsupported(filename, "application/x-ole-storage")


def _text_type(data: bytes, filename: str, named: MediaType | None) -> MediaType:
    """Strong signs in the text overrule the name; between plain kinds of text the name decides."""
    text = decode(data[:65536]).text
    if looks_binary(text):
        if named is not None:
            raise UnreadableDocument(filename=filename, reason=f"the content is not {named.value}")
        raise _unsupported(filename, "application/octet-stream")
    head = text.lstrip("\ufeff \t\r\n")
    if head.startswith("WEBVTT"):
        return MediaType.VTT
    if named in (None, MediaType.PLAIN) or named not in TEXT_TYPES:
        if _HTML_START.match(head):
            return MediaType.HTML
        if head.startswith("<?xml"):
            return MediaType.XML
        if _is_mail(head):
            return MediaType.EML
    return named if named in TEXT_TYPES else MediaType.PLAIN


def _is_mail(head: str) -> bool:
    """Whether the text opens with at least three mail header fields."""
    fields = 0
    for line in head.splitlines()[:30]:
        if _MAIL_FIELDS.match(line):
            fields += 1
        elif not line.startswith((" ", "\t")):
            break
    return fields >= 3


def _unsupported(filename: str, media_type: str) -> UnsupportedMediaType:
    if media_type.startswith("image/"):
        advice = "Run text recognition (OCR) on it and upload the result."
        advice_fa = "آن را با نویسه‌خوان (OCR) به متن تبدیل کنید و بفرستید."
    else:
        advice = "Save it as PDF, DOCX, HTML or text, then upload that."
        advice_fa = "آن را با قالب PDF، DOCX، HTML یا متن ذخیره کنید و بفرستید."
    return UnsupportedMediaType(filename=filename, media_type=media_type, advice=advice, advice_fa=advice_fa)
