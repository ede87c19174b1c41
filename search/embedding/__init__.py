"""Texts to vectors: the default embedder, remote and local ones, and a cache of query vectors."""

from search.embedding.cache import QueryCache
from search.embedding.choose import EmbedderConfig, make_embedder
from search.embedding.e5 import E5Embedder
from search.embedding.protocol import Embedder, Vector, prepare_query

__all__ = [
    "E5Embedder",
    "Embedder",
    "EmbedderConfig",
    "QueryCache",
    "Vector",
    "make_embedder",
    "prepare_query",
]
