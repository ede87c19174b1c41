"""EPUB books: the XHTML files of the spine, in reading order."""

import posixpath
import zipfile
from urllib.parse import unquote

from lxml import etree

from ingest.converters.html import declared_charset, write_html
from ingest.document import Extracted
from ingest.received import Received
from ingest.text import decode
from kb.conversion import EncryptedDocument, UnreadableDocument

_CONTAINER = "META-INF/container.xml"


def convert(received: Received) -> Extracted:
    """Read every chapter named by the spine; one that is missing or broken leaves a notice.

    Raises:
        UnreadableDocument: the package file is missing or broken.
        EncryptedDocument: the book has digital-rights encryption of its chapters.
    """
    writer = received.writer()
    with received.archive() as book:
        try:
            package_path, package = _package(book)
        except (KeyError, IndexError, etree.XMLSyntaxError) as error:
            raise UnreadableDocument(
                filename=received.filename, reason="the book has no package file"
            ) from error
        if "META-INF/encryption.xml" in book.namelist() and "META-INF/rights.xml" in book.namelist():
            raise EncryptedDocument(filename=received.filename)
        for path in _spine(package, posixpath.dirname(package_path)):
            try:
                data = book.read(path)
            except (KeyError, zipfile.BadZipFile):
                writer.notice("broken_part", part=path)
                continue
            writer.pages += 1
            write_html(decode(data, declared=declared_charset(data)).text, writer)
    title = package.findtext(".//{*}metadata/{*}title") or ""
    creator = package.findtext(".//{*}metadata/{*}creator") or ""
    return writer.finish(title=title, metadata={"author": creator} if creator else None)


def _package(book: zipfile.ZipFile) -> tuple[str, etree._Element]:
    container = parse_xml(book.read(_CONTAINER))
    path = container.xpath("string(//*[local-name()='rootfile']/@full-path)")
    return str(path), parse_xml(book.read(str(path)))


def _spine(package: etree._Element, folder: str) -> list[str]:
    """Paths inside the archive of the chapters, in reading order."""
    items = {item.get("id"): item for item in package.iterfind(".//{*}manifest/{*}item")}
    paths = []
    for reference in package.iterfind(".//{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is not None and "html" in (item.get("media-type") or ""):
            href = unquote((item.get("href") or "").partition("#")[0])
            paths.append(posixpath.normpath(posixpath.join(folder, href)))
    return paths


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML without resolving entities or fetching anything."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
