"""bm25s: BM25 over sparse matrices in memory, with its own tokenizer; plain and with PyStemmer."""

from collections.abc import Sequence
from typing import Any

import bm25s

from bench.dataset import Entry
from bench.peers.peer import Setup, whole_text
from kb.vocabulary import Language


class Bm25s:
    """The defaults: words of two characters or more, English stop words, the Lucene formula."""

    def __init__(self, setup: Setup) -> None:
        self._language = setup.language
        self._stemmer = self.make_stemmer()
        self._retriever = bm25s.BM25()
        self._ids: list[str] = []

    def make_stemmer(self) -> Any:
        """None, or what bm25s takes as a stemmer."""
        return None

    def build(self, entries: Sequence[Entry]) -> None:
        self._ids = [entry.id for entry in entries]
        self._retriever.index(self._tokens([whole_text(entry) for entry in entries]), show_progress=False)

    def search(self, text: str, limit: int) -> list[str]:
        most = min(limit, len(self._ids))
        numbers, scores = self._retriever.retrieve(self._tokens([text]), k=most, show_progress=False)
        ranked = zip(numbers[0], scores[0], strict=True)
        return [self._ids[int(number)] for number, score in ranked if score > 0]

    def _tokens(self, texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stemmer=self._stemmer, show_progress=False)


class StemmedBm25s(Bm25s):
    """With Snowball's stemmer of the corpus's language."""

    def make_stemmer(self) -> Any:
        import Stemmer

        return Stemmer.Stemmer("persian" if self._language is Language.PERSIAN else "english")
