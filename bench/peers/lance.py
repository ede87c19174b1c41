"""LanceDB's full text over character 3-grams."""

from collections.abc import Sequence

import lancedb
from lancedb.index import FTS

from bench.dataset import Entry
from bench.peers.peer import Setup, whole_text


class LanceNgram:
    """A table on disk with an FTS index whose base tokenizer is `ngram`; its defaults otherwise."""

    def __init__(self, setup: Setup) -> None:
        self._database = lancedb.connect(str(setup.directory))

    def build(self, entries: Sequence[Entry]) -> None:
        rows = [{"id": entry.id, "text": whole_text(entry)} for entry in entries]
        self._table = self._database.create_table("docs", rows)
        self._table.create_index("text", config=FTS(base_tokenizer="ngram"))

    def search(self, text: str, limit: int) -> list[str]:
        rows = self._table.search(text, query_type="fts").select(["id"]).limit(limit).to_list()
        return [row["id"] for row in rows]
