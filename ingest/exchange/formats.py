"""Which format an import is in, and its files as articles."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from ingest.exchange.faq import is_faq, is_faq_header, read_faq, read_faq_json, read_table
from ingest.exchange.foreign import DATA_FILE_LIMIT_BYTES, Defaults, read_json
from ingest.exchange.layout import MANIFEST, ReadFile, check_manifest, read_files
from ingest.exchange.package import Archive, Package, checked_name
from ingest.exchange.zammad import is_zammad, read_zammad
from ingest.exchange.zendesk import is_zendesk, read_zendesk, read_zendesk_rows
from kb.exchange.errors import NotAnExport
from kb.vocabulary import ImportFormat

_ZIP_MARK = b"PK\x03\x04"


class SingleFile:
    """One file on its own, as a package of itself."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name = checked_name(name)
        self._data = data

    @property
    def label(self) -> str:
        return self._name

    def names(self) -> list[str]:
        return [self._name]

    def read(self, name: str, *, limit_bytes: int = DATA_FILE_LIMIT_BYTES) -> bytes:  # noqa: ARG002
        return self._data


def package_of(name: str, data: bytes, *, unpacked_limit_bytes: int) -> Package:
    """Uploaded bytes as files: an archive, or one file.

    Raises:
        ExchangeError.
    """
    if data.startswith(_ZIP_MARK) or name.lower().endswith(".zip"):
        return Archive(name, io.BytesIO(data), unpacked_limit_bytes=unpacked_limit_bytes)
    return SingleFile(name, data)


def read_import(
    package: Package, wanted: ImportFormat, defaults: Defaults, *, now: datetime
) -> Iterator[ReadFile]:
    """Every article, note and template of an import, in the format wanted or the one that it is in.

    Raises:
        ExchangeError: before anything is given, where the whole cannot be read.
    """
    if wanted is ImportFormat.MARKDOWN or (wanted is ImportFormat.AUTO and MANIFEST in package.names()):
        check_manifest(package)
        return read_files(package)
    tables = [name for name in package.names() if name.lower().endswith((".csv", ".tsv", ".txt"))]
    values = [name for name in package.names() if name.lower().endswith(".json")]
    if values:
        return _read_values(package, values, wanted, defaults, now)
    if tables:
        return iter([one for name in tables for one in _read_tables(package, name, wanted, defaults)])
    reason = f"there is neither {MANIFEST} nor a JSON or CSV file in it"
    raise NotAnExport(filename=package.label, reason=reason)


def _read_values(
    package: Package, names: Sequence[str], wanted: ImportFormat, defaults: Defaults, now: datetime
) -> Iterator[ReadFile]:
    files: list[tuple[str, Any]] = [(name, read_json(package, name)) for name in names]
    known = {
        ImportFormat.ZENDESK: [file for file in files if is_zendesk(file[1])],
        ImportFormat.ZAMMAD: [file for file in files if is_zammad(file[1])],
        ImportFormat.FAQ: [file for file in files if is_faq(file[1])],
    }
    chosen = wanted
    if wanted is ImportFormat.AUTO:
        chosen = next((kind for kind, found in known.items() if found), ImportFormat.AUTO)
    found = known.get(chosen, [])
    if not found:
        reason = f"there is nothing of {wanted.value} in its JSON"
        if wanted is ImportFormat.AUTO:
            reason = "there is no format that is known in its JSON"
        raise NotAnExport(filename=package.label, reason=reason)
    match chosen:
        case ImportFormat.ZENDESK:
            return read_zendesk(found, defaults)
        case ImportFormat.ZAMMAD:
            return read_zammad(found, defaults, now=now)
        case _:
            return iter([one for name, value in found for one in read_faq_json(name, value, defaults)])


def _read_tables(package: Package, name: str, wanted: ImportFormat, defaults: Defaults) -> Iterator[ReadFile]:
    header, rows = read_table(name, package.read(name, limit_bytes=DATA_FILE_LIMIT_BYTES))
    is_questions = not header or is_faq_header(header)
    is_articles = {"title", "body"} <= set(header)
    if wanted in (ImportFormat.AUTO, ImportFormat.FAQ) and is_questions:
        return read_faq(name, rows, defaults)
    if wanted in (ImportFormat.AUTO, ImportFormat.ZENDESK) and is_articles:
        # Folding made `user_segment` two words.
        named = [(line, {key.replace(" ", "_"): cell for key, cell in row.items()}) for line, row in rows]
        return read_zendesk_rows(name, named, defaults)
    reason = "its first line names neither question and answer nor title and body"
    raise NotAnExport(filename=name, reason=reason)
