"""Rerankers: a second, slower opinion on the first hits, off by default."""

from search.rerank.choose import make_reranker, open_reranking
from search.rerank.protocol import Reranker
from search.rerank.reranking import Reranking

__all__ = ["Reranker", "Reranking", "make_reranker", "open_reranking"]
