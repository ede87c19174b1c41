"""One file on its way through a converter."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ingest.document import Block, Extracted, language_of
from ingest.limits import MIB, Limits
from ingest.media_type import MediaType
from ingest.text import clean, decode
from ingest.writer import TextWriter
from kb.conversion import (
    ArchiveBomb,
    EmptyDocument,
    EncryptedDocument,
    Notice,
    OutputTooLarge,
    UnreadableDocument,
)

# A compressed office part rarely shrinks more than fifty-fold; bombs shrink a thousand-fold.
_MOST_RATIO = 200
_RATIO_FROM_BYTES = 20 * MIB
_MOST_PARTS = 20_000


@dataclass(frozen=True, slots=True)
class Received:
    """The bytes of one file, its name as sent, the kind its content has, and how much may come of it."""

    data: bytes
    filename: str
    media_type: MediaType
    limits: Limits

    def writer(self) -> TextWriter:
        """A fresh text under construction for this file."""
        return TextWriter(
            filename=self.filename, media_type=self.media_type, output_chars=self.limits.output_chars
        )

    def text(self, *, declared: str | None = None) -> tuple[str, list[Notice]]:
        """The bytes as clean text, with notices of what was replaced or removed."""
        decoded = decode(self.data, declared=declared)
        text, removed = clean(decoded.text)
        if len(text) > self.limits.output_chars:
            raise OutputTooLarge(filename=self.filename, limit_chars=self.limits.output_chars)
        notices = []
        if decoded.replaced_count:
            data = {"count": decoded.replaced_count, "encoding": decoded.encoding}
            notices.append(Notice("replaced_bytes", data))
        if removed:
            notices.append(Notice("removed_characters", {"count": removed}))
        return text, notices

    def as_written(
        self, text: str, blocks: tuple[Block, ...], notices: list[Notice], *, title: str = ""
    ) -> Extracted:
        """The result for kinds of file that are kept as they are.

        Raises:
            EmptyDocument: nothing but white space.
        """
        if not text.strip():
            raise EmptyDocument(filename=self.filename)
        return Extracted(text, blocks, title, self.media_type, language_of(text), tuple(notices))

    @contextmanager
    def archive(self) -> Iterator[zipfile.ZipFile]:
        """The file as a zip archive whose declared sizes were checked before anything is unpacked.

        `zipfile` never yields more than a part's declared size, so the declared sum bounds the memory.

        Raises:
            ArchiveBomb: unpacks beyond `limits.unpacked_bytes`, or shrinks beyond belief.
            EncryptedDocument: parts are encrypted.
            UnreadableDocument: not a zip archive, or a broken one.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as opened:
                self._check_parts(opened.infolist())
                yield opened
        except (zipfile.BadZipFile, EOFError, NotImplementedError, zipfile.LargeZipFile) as error:
            raise UnreadableDocument(
                filename=self.filename, reason=f"the archive is broken ({error})"
            ) from error

    def _check_parts(self, parts: list[zipfile.ZipInfo]) -> None:
        if any(part.flag_bits & 0x1 for part in parts):
            raise EncryptedDocument(filename=self.filename)
        unpacked = sum(part.file_size for part in parts)
        implausible = unpacked > _RATIO_FROM_BYTES and unpacked > _MOST_RATIO * max(1, len(self.data))
        if unpacked > self.limits.unpacked_bytes or implausible or len(parts) > _MOST_PARTS:
            limit = self.limits.unpacked_bytes if unpacked > self.limits.unpacked_bytes else _RATIO_FROM_BYTES
            raise ArchiveBomb(
                filename=self.filename, unpacked_mib=-(-unpacked // MIB), limit_mib=limit // MIB
            )
