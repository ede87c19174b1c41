"""Haystack's in-memory BM25 retriever, with its defaults."""

from collections.abc import Sequence

from haystack import Document
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from bench.dataset import Entry
from bench.peers.peer import Setup, whole_text


class HaystackBm25:
    """One document per entry."""

    def __init__(self, _setup: Setup) -> None:
        self._store = InMemoryDocumentStore()
        self._retriever = InMemoryBM25Retriever(self._store)

    def build(self, entries: Sequence[Entry]) -> None:
        self._store.write_documents([Document(id=entry.id, content=whole_text(entry)) for entry in entries])

    def search(self, text: str, limit: int) -> list[str]:
        return [document.id for document in self._retriever.run(query=text, top_k=limit)["documents"]]
