"""SQLite FTS5 with its bm25(): words (`unicode61`) or character 3-grams (`trigram`)."""

import sqlite3
from collections.abc import Sequence

from bench.dataset import Entry
from bench.peers.peer import Setup, spoken_words, whole_text


class SqliteFts:
    """One FTS5 table in a file."""

    tokenizer = "unicode61"
    least_chars = 1

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
        words = [word.replace('"', "") for word in spoken_words(text)]
        asked = " OR ".join(f'"{word}"' for word in words if len(word) >= self.least_chars)
        if not asked:
            return []
        found = self._database.execute(
            "SELECT rowid FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT ?", (asked, limit)
        )
        return [self._ids[number] for (number,) in found]


class SqliteTrigram(SqliteFts):
    """A word of the query is found inside words; one of fewer than three characters has no 3-gram."""

    tokenizer = "trigram"
    least_chars = 3
