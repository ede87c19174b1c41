"""chromadb and qdrant-haystack over our vectors; a document counts by its best passage."""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.dataset import Entry
from bench.peers.embedded import Embedded, best_of_each, load_embedded, query_embedder
from bench.peers.peer import Setup, Unavailable
from search.weighting import bm25_weights

#: passages asked for per wanted document: several share one
PASSAGES_PER_DOCUMENT = 5
_WORD = re.compile(r"\w+")


class Chroma:
    """A persistent collection, cosine distance, its HNSW defaults."""

    def __init__(self, setup: Setup) -> None:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        client = chromadb.PersistentClient(path=str(setup.directory), settings=settings)
        self._largest_batch = client.get_max_batch_size()
        self._collection = client.create_collection(
            "docs", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )
        self._kept = _embedded(setup)
        self._embedder = query_embedder()

    def build(self, _entries: Sequence[Entry]) -> None:
        kept = self._kept
        for start in range(0, len(kept.texts), self._largest_batch):
            batch = range(start, min(start + self._largest_batch, len(kept.texts)))
            self._collection.add(
                ids=[str(number) for number in batch],
                embeddings=kept.vectors[batch.start : batch.stop],
                documents=[kept.texts[number] for number in batch],
                metadatas=[{"owner": kept.owners[number]} for number in batch],
            )

    def search(self, text: str, limit: int) -> list[str]:
        found = self._collection.query(
            query_embeddings=[self._embedder.embed_query(text)],
            n_results=min(limit * PASSAGES_PER_DOCUMENT, len(self._kept.texts)),
            include=["metadatas"],
        )
        return best_of_each((row["owner"] for row in found["metadatas"][0]), limit)


class QdrantHaystack:
    """qdrant-haystack's hybrid retriever: our vectors and sparse vectors of plain words, fused by RRF.

    The words are weighed as fastembed's `Qdrant/bm25` weighs them (BM25's share of the passage; the store
    adds IDF), without its stop words, which it downloads. The store is the client's local mode.
    """

    def __init__(self, setup: Setup) -> None:
        from haystack_integrations.components.retrievers.qdrant import QdrantHybridRetriever
        from haystack_integrations.document_stores.qdrant import QdrantDocumentStore

        self._kept = _embedded(setup)
        self._embedder = query_embedder()
        self._store = QdrantDocumentStore(
            ":memory:",
            embedding_dim=self._kept.vectors.shape[1],
            use_sparse_embeddings=True,
            sparse_idf=True,
            progress_bar=False,
        )
        self._retriever = QdrantHybridRetriever(self._store)

    def build(self, _entries: Sequence[Entry]) -> None:
        from haystack import Document

        counted = [_count_words(text) for text in self._kept.texts]
        average = max(1.0, sum(sum(words.values()) for words in counted) / max(1, len(counted)))
        self._store.write_documents(
            [
                Document(
                    id=str(number),
                    content=text,
                    meta={"owner": owner},
                    embedding=vector.tolist(),
                    sparse_embedding=_weighed(words, average),
                )
                for number, (text, owner, vector, words) in enumerate(
                    zip(self._kept.texts, self._kept.owners, self._kept.vectors, counted, strict=True)
                )
            ]
        )

    def search(self, text: str, limit: int) -> list[str]:
        from haystack.dataclasses import SparseEmbedding

        words = sorted(_count_words(text))
        found = self._retriever.run(
            query_embedding=self._embedder.embed_query(text).tolist(),
            query_sparse_embedding=SparseEmbedding(indices=words, values=[1.0] * len(words)),
            top_k=limit * PASSAGES_PER_DOCUMENT,
        )
        return best_of_each((document.meta["owner"] for document in found["documents"]), limit)


def _embedded(setup: Setup) -> Embedded:
    if setup.vectors is None or not setup.vectors.exists():
        raise Unavailable("the passages could not be embedded")
    return load_embedded(setup.vectors)


def _count_words(text: str) -> Counter[int]:
    """Word hashes with their counts."""
    return Counter(zlib.crc32(word.encode()) for word in _WORD.findall(text.lower()))


def _weighed(words: Counter[int], average: float) -> Any:
    from haystack.dataclasses import SparseEmbedding

    counts = np.array(list(words.values()), dtype=np.float32)
    return SparseEmbedding(indices=list(words), values=bm25_weights(counts, average).tolist())
