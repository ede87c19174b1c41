"""Ourselves: the real ingestion and the real search, as `kb eval` measures them."""

import atexit
from collections.abc import Sequence
from contextlib import ExitStack

from bench.dataset import Entry
from bench.evaluate import EVERYTHING, LEGS, ranked_ids
from bench.knowledge import Knowledge, temporary_knowledge
from bench.peers.peer import Setup


class Nagofte:
    """One knowledge base, asked by all legs or by some; the embedding of a query is part of its time."""

    def __init__(self, _setup: Setup) -> None:
        self._open = ExitStack()
        atexit.register(self._open.close)
        self._knowledge: Knowledge

    def build(self, entries: Sequence[Entry]) -> None:
        self._knowledge = self._open.enter_context(temporary_knowledge(entries))

    def search(self, text: str, limit: int) -> list[str]:
        return self.search_by("hybrid", text, limit)

    def search_by(self, leg: str, text: str, limit: int) -> list[str]:
        """By one of `bench.evaluate.LEGS`; nothing is remembered from other queries."""
        search = self._knowledge.search
        search.forget_queries()
        result = search.searcher.search(text=text, visibility=EVERYTHING, limit=limit, legs=LEGS[leg])
        return ranked_ids(self._knowledge, result)
