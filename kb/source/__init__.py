"""Sources: uploaded or fetched documents, kept as received."""

from kb.source.model import Source, SourceBlob
from kb.source.progress import (
    mark_source_failed,
    mark_source_given_up,
    mark_source_indexed,
    mark_source_published,
    mark_source_received,
    mark_source_staged,
)
from kb.source.store import (
    StoredSource,
    delete_source,
    get_source,
    list_sources,
    source_bytes,
    store_source,
)

__all__ = [
    "Source",
    "SourceBlob",
    "StoredSource",
    "delete_source",
    "get_source",
    "list_sources",
    "mark_source_failed",
    "mark_source_given_up",
    "mark_source_indexed",
    "mark_source_published",
    "mark_source_received",
    "mark_source_staged",
    "source_bytes",
    "store_source",
]
