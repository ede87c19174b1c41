"""tantivy: BM25 over its default tokenizer, queries through its own lenient parser."""

from collections.abc import Sequence

import tantivy

from bench.dataset import Entry
from bench.peers.peer import Setup, whole_text


class Tantivy:
    """An index on disk with one text field."""

    def __init__(self, setup: Setup) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw")
        schema.add_text_field("text")
        self._index = tantivy.Index(schema.build(), path=str(setup.directory))

    def build(self, entries: Sequence[Entry]) -> None:
        writer = self._index.writer()
        for entry in entries:
            writer.add_document(tantivy.Document(id=entry.id, text=whole_text(entry)))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, text: str, limit: int) -> list[str]:
        query, _errors = self._index.parse_query_lenient(text, ["text"])
        searcher = self._index.searcher()
        hits = searcher.search(query, limit).hits
        return [str(searcher.doc(address).get_first("id")) for _score, address in hits]
