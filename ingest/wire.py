"""The form in which values cross between the converter child and its parent: length-prefixed JSON."""

import json
import socket
import struct
import time
from typing import Any

from ingest.document import Block, BlockKind, Extracted, Span
from ingest.media_type import MediaType
from kb.conversion import Notice
from kb.vocabulary import Language

_LENGTH = struct.Struct(">Q")


class Closed(Exception):
    """The other end is gone."""


class TooLong(Exception):
    """The other end announced more than was agreed."""


def send(
    channel: socket.socket, head: dict[str, Any], body: bytes = b"", *, deadline: float | None = None
) -> None:
    """Send one message.

    Args:
        deadline: `time.monotonic()` by which it must be handed over.
    Raises:
        Closed: nobody reads.
        TimeoutError: the deadline passed.
    """
    encoded = json.dumps({**head, "body_bytes": len(body)}).encode("ascii")
    try:
        _until(channel, deadline)
        channel.sendall(_LENGTH.pack(len(encoded)) + encoded)
        if body:
            _until(channel, deadline)
            channel.sendall(body)
    except (BrokenPipeError, ConnectionError) as error:
        raise Closed from error


def receive(
    channel: socket.socket, *, most_bytes: int, deadline: float | None = None
) -> tuple[dict[str, Any], bytes]:
    """Read one message.

    Raises:
        Closed: the other end closed before a whole message came.
        TooLong: head or body beyond `most_bytes`.
        TimeoutError: the deadline passed.
    """
    (length,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size, deadline))
    if length > most_bytes:
        raise TooLong
    head = json.loads(_exactly(channel, length, deadline))
    if head["body_bytes"] > most_bytes:
        raise TooLong
    return head, _exactly(channel, head["body_bytes"], deadline)


def to_wire(extracted: Extracted) -> dict[str, Any]:
    """JSON values; blocks as arrays, since a book has tens of thousands."""
    return {
        "text": extracted.text,
        "blocks": [
            [
                block.kind.value,
                block.start,
                block.end,
                block.level,
                block.label,
                [[row.start, row.end] for row in block.rows],
                block.has_header,
            ]
            for block in extracted.blocks
        ],
        "title": extracted.title,
        "media_type": extracted.media_type.value,
        "language": extracted.language.value,
        "notices": [[notice.code, dict(notice.data)] for notice in extracted.notices],
        "pages": extracted.pages,
        "metadata": dict(extracted.metadata),
    }


def from_wire(values: dict[str, Any]) -> Extracted:
    """The value that `to_wire` took apart."""
    return Extracted(
        text=values["text"],
        blocks=tuple(
            Block(BlockKind(kind), start, end, level, label, tuple(Span(*row) for row in rows), has_header)
            for kind, start, end, level, label, rows, has_header in values["blocks"]
        ),
        title=values["title"],
        media_type=MediaType(values["media_type"]),
        language=Language(values["language"]),
        notices=tuple(Notice(code, data) for code, data in values["notices"]),
        pages=values["pages"],
        metadata=values["metadata"],
    )


def _until(channel: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        channel.settimeout(None)
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    channel.settimeout(left)


def _exactly(channel: socket.socket, count: int, deadline: float | None) -> bytes:
    received = bytearray()
    while len(received) < count:
        _until(channel, deadline)
        try:
            part = channel.recv(min(1 << 20, count - len(received)))
        except ConnectionError as error:
            raise Closed from error
        if not part:
            raise Closed
        received += part
    return bytes(received)
