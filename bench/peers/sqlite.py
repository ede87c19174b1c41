"""SQLite FTS5 with its bm25(): words (`unicode61`) or character 3-grams (`trigram`)."""

import re
import sqlite3
from collections.abc import Sequence

from bench.dataset import Entry
from bench.peers.peer import Setup, whole_text

_WORD = re.compile(r"\w+")


class SqliteFts:
    """One FTS5 table in a file."""

    tokenizer = "unicode61"

    def __init__(self, setup: Setup) -> None:
        self._database = sqlite3.connect(setup.directory / "fts.sqlite")
        self._ids: list[str] = []

    def build(self, entries: Sequence[Entry]) -> None:
        self._ids = [entry.id for entry in entries]
        rows = [(number, whole_text(entry)) for number, entry in enumerate(entries)]
        with self._database as database:
            database.execute(f"CREATE VIRTUAL TABLE docs USING fts5(text, tokenize='{self.tokenizer}')")
            database.executemany("INSERT INTO docs(rowid, text) VALUES (?, ?)", rows)
            database.execute("INSERT INTO docs(docs) VALUES ('optimize')")

    def search(self, text: str, limit: int) -> list[str]:
        # Quoted, so that nothing in it is an operator.
        asked = " OR ".join(f'"{token}"' for token in self.tokens(text))
        if not asked:
            return []
        found = self._database.execute(
            "SELECT rowid FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT ?", (asked, limit)
        )
        return [self._ids[number] for (number,) in found]

    def tokens(self, text: str) -> list[str]:
        """The query as the tokenizer cuts it."""
        return _WORD.findall(text)


class SqliteTrigram(SqliteFts):
    """The query's 3-grams joined by OR, which finds more than its words as substrings do."""

    tokenizer = "trigram"

    def tokens(self, text: str) -> list[str]:
        return [word[at : at + 3] for word in super().tokens(text) for at in range(len(word) - 2)]
