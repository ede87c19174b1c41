"""E-mail (RFC 822): subject, people and date, then the best body part; attachments are named."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import Message
from email.utils import parsedate_to_datetime

from ingest.converters.html import declared_charset, write_html
from ingest.document import Extracted
from ingest.received import Received
from ingest.text import Decoded, decode
from ingest.writer import TextWriter
from kb.conversion import EmptyDocument, EncryptedDocument, Notice

_PEOPLE = ("From", "To", "Cc")
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_WORD = re.compile(r"=\?[\w-]+\?[bq]\?", re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^(?:>\s?)+")
_DEEPEST = 20


def convert(received: Received) -> Extracted:
    """Read one message; the plain body is preferred, an HTML body keeps its structure.

    Raises:
        EncryptedDocument: the body is encrypted (PGP/MIME or S/MIME).
    """
    # Mail is bytes with its own charsets; a file saved as UTF-16 is brought back to bytes first.
    decoded = decode(received.data)
    data = decoded.text.encode("utf-8", "replace") if decoded.encoding.startswith("utf-") else received.data
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    if not message.keys():
        raise EmptyDocument(filename=received.filename)
    writer = received.writer()
    write_message(message, writer)
    metadata = {name.lower(): value for name in (*_PEOPLE, "Subject") if (value := header(message, name))}
    if sent := _sent_at(message):
        metadata["sent_at"] = sent
    return writer.finish(title=header(message, "Subject"), metadata=metadata)


def write_message(message: Message, writer: TextWriter, depth: int = 1) -> None:
    """Write the heading, the people and the body of `message` and of messages inside it."""
    if any(part.get_content_type() in _ENCRYPTED for part in message.walk()):
        raise EncryptedDocument(filename=writer.filename)
    writer.heading(min(depth, 6), header(message, "Subject"))
    people = [f"{name}: {value}" for name in _PEOPLE if (value := header(message, name))]
    writer.paragraph("\n".join(people))
    attachments: list[str] = []
    for part in _body_parts(message, attachments):
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message) and depth < _DEEPEST:
                write_message(inner[0], writer, depth + 1)
        else:
            _write_body(part, writer)
    if attachments:
        writer.notice("attachments", names=", ".join(attachments))
        writer.paragraph("\n".join(f"[{name}]" for name in attachments))


def header(message: Message, name: str) -> str:
    """A header's text with its encoded words decoded; unknown charsets are read as best they can be."""
    raw = message.get(name)
    if raw is None:
        return ""
    parts = []
    try:
        pieces = email.header.decode_header(str(raw)) if _WORD.search(str(raw)) else [(raw, None)]
    except email.errors.HeaderParseError:
        pieces = [(str(raw), None)]
    for piece, charset in pieces:
        if isinstance(piece, bytes):
            parts.append(decode(piece, declared=charset).text)
        else:
            # Raw eight-bit headers arrive as surrogates of their bytes.
            parts.append(decode(str(piece).encode("utf-8", "surrogateescape")).text)
    return " ".join("".join(parts).split())


def _body_parts(message: Message, attachments: list[str], depth: int = 0) -> Iterator[Message]:
    """The parts to read, in order: of alternatives the plain one, unless only HTML has words."""
    kind = message.get_content_type()
    if kind == "message/rfc822":
        yield message
    elif message.is_multipart() and depth < _DEEPEST:
        parts = [part for part in message.get_payload() if isinstance(part, Message)]
        if kind == "multipart/alternative":
            parts = _best_alternative(parts)
        for part in parts:
            yield from _body_parts(part, attachments, depth + 1)
    elif message.get_content_disposition() == "attachment" or message.get_content_maintype() != "text":
        if (name := _attachment_name(message)) or message.get_content_disposition() == "attachment":
            attachments.append(name or kind)
    elif kind in ("text/plain", "text/html") or not message.get_filename():
        yield message
    else:
        attachments.append(_attachment_name(message))


def _best_alternative(parts: list[Message]) -> list[Message]:
    """The plain part where it has words, else the HTML (or what wraps it), else the first."""
    rich = [part for part in parts if part.get_content_type() == "text/html" or part.is_multipart()]
    plain = [part for part in parts if part.get_content_type() == "text/plain"]
    if plain and _text(plain[0]).text.strip():
        return plain[:1]
    return (rich or parts)[:1]


def _write_body(part: Message, writer: TextWriter) -> None:
    decoded = _text(part)
    if decoded.replaced_count:
        data = {"count": decoded.replaced_count, "encoding": decoded.encoding}
        writer.notices.append(Notice("replaced_bytes", data))
    if part.get_content_type() == "text/html":
        write_html(decoded.text, writer)
        return
    for paragraph in re.split(r"\n\s*\n", decoded.text.replace("\r\n", "\n")):
        lines = paragraph.split("\n")
        if all(_QUOTED_LINE.match(line) for line in lines if line.strip()):
            writer.quote("\n".join(_QUOTED_LINE.sub("", line) for line in lines))
        else:
            writer.paragraph(paragraph)


def _text(part: Message) -> Decoded:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return Decoded("", "utf-8", 0)
    declared = part.get_content_charset()
    if part.get_content_type() == "text/html":
        declared = declared or declared_charset(payload)
    if declared in ("us-ascii", "ascii", "iso-8859-1", "latin-1"):
        declared = None if declared != "iso-8859-1" else "cp1252"
    return decode(payload, declared=declared)


def _attachment_name(part: Message) -> str:
    name = part.get_filename()
    return " ".join(str(name).split()) if name else ""


def _sent_at(message: Message) -> str:
    try:
        return parsedate_to_datetime(str(message.get("Date"))).isoformat()
    except (ValueError, TypeError, IndexError):
        return ""
