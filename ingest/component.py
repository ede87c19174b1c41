"""The converters as one Haystack component."""

from typing import Any

from haystack import Document, component
from haystack.dataclasses import ByteStream

from ingest.limits import Limits
from ingest.sandbox import convert_in_child


@component
class SourceConverter:
    """Converts files of every `MediaType` to Documents, each in the converter child.

    Haystack's own converters reverse Persian digits and words in PDF, delete ZWNJ in HTML, flatten the
    headings of Markdown and DOCX, and log errors instead of raising them; this one raises `ConversionError`.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    @component.output_types(documents=list[Document])
    def run(self, sources: list[ByteStream], meta: dict[str, Any] | None = None) -> dict[str, list[Document]]:
        """Convert `sources` in order; a source's `meta["filename"]` and `mime_type` are hints to its kind.

        Returns:
            `documents`: one per source, `meta` with title, language, media type, pages and notices.
        Raises:
            ConversionError: for the first source that cannot be read.
        """
        return {"documents": [self._convert(source, meta or {}) for source in sources]}

    def _convert(self, source: ByteStream, meta: dict[str, Any]) -> Document:
        name = str(source.meta.get("filename") or source.meta.get("file_path") or "")
        extracted = convert_in_child(
            source.data, filename=name, declared_type=source.mime_type, limits=self._limits
        )
        found = {
            "title": extracted.title,
            "language": extracted.language.value,
            "media_type": extracted.media_type.value,
            "pages": extracted.pages,
            "notices": [notice.message() for notice in extracted.notices],
        }
        return Document(content=extracted.text, meta={**source.meta, **meta, **found})
