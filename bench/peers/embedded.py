"""Our passages with our vectors, made once for every peer that takes vectors."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.dataset import Entry
from bench.knowledge import passages_of
from kb.settings import Settings
from search.embedding import Embedder
from search.embedding.protocol import Vector
from search.open import open_embedder


@dataclass(frozen=True, slots=True)
class Embedded:
    """Passages in the order of the corpus.

    Args:
        owners: per passage, the id of its document.
        texts: what was embedded.
        vectors: [passages, dimension] float32, unit rows.
    """

    owners: Sequence[str]
    texts: Sequence[str]
    vectors: Vector


def embed_corpus(entries: Sequence[Entry], path: Path) -> None:
    """Cut the documents as we do, embed the passages, and keep them at `path`."""
    cut = [(entry.id, passage.indexed_text) for entry in entries for passage in passages_of(entry)]
    owners, texts = [owner for owner, _ in cut], [text for _, text in cut]
    embedder = query_embedder()
    vectors = embedder.embed_passages(texts)
    np.savez(path, vectors=vectors, passages=np.array(json.dumps({"owners": owners, "texts": texts})))


def load_embedded(path: Path) -> Embedded:
    """What `embed_corpus` kept."""
    with np.load(path) as kept:
        passages = json.loads(str(kept["passages"]))
        return Embedded(passages["owners"], passages["texts"], kept["vectors"])


def query_embedder() -> Embedder:
    """The embedder of this installation, loaded, without a memory for repeated queries."""
    embedder = open_embedder(Settings())
    embedder.warm_up()
    return embedder


def best_of_each(owners: Iterable[str], limit: int) -> list[str]:
    """Documents in the order of their best passage."""
    return list(dict.fromkeys(owners))[:limit]
