"""Outlook messages (MSG)."""

import struct

from oxmsg import Message

from ingest.converters.html import write_html
from ingest.document import Extracted
from ingest.received import Received
from kb.conversion import EncryptedDocument, UnreadableDocument


def convert(received: Received) -> Extracted:
    """Read subject, people and body (plain, else HTML); attachments are named.

    Raises:
        EncryptedDocument: the message is encrypted.
        UnreadableDocument: the container is damaged.
    """
    try:
        return _read(Message.load(received.data), received)
    except (OSError, ValueError, KeyError, IndexError, struct.error, UnicodeError, AttributeError) as error:
        raise UnreadableDocument(
            filename=received.filename, reason=f"no Outlook message ({error})"
        ) from error


def _read(message: Message, received: Received) -> Extracted:
    headers = message.message_headers
    if "encrypted" in (headers.get("Content-Type") or "") or (message.message_class or "").endswith(".SMIME"):
        raise EncryptedDocument(filename=received.filename)
    writer = received.writer()
    writer.heading(1, message.subject or "")
    to = ", ".join(f"{person.name} <{person.email_address}>" for person in message.recipients)
    people = {"From": message.sender or "", "To": to}
    writer.paragraph("\n".join(f"{name}: {value}" for name, value in people.items() if value))
    if message.body and message.body.strip():
        for paragraph in message.body.replace("\r\n", "\n").split("\n\n"):
            writer.paragraph(paragraph)
    elif message.html_body:
        write_html(message.html_body, writer)
    names = [attachment.file_name or "?" for attachment in message.attachments]
    if names:
        writer.notice("attachments", names=", ".join(names))
        writer.paragraph("\n".join(f"[{name}]" for name in names))
    metadata = {name.lower(): value for name, value in people.items() if value}
    if message.sent_date is not None:
        metadata["sent_at"] = message.sent_date.isoformat()
    return writer.finish(title=message.subject or "", metadata=metadata)
