"""PostgreSQL full text: the 'simple' configuration, a GIN index, ts_rank; in a temporary table."""

from collections.abc import Sequence

import psycopg

from bench.dataset import Entry
from bench.peers.peer import Setup, Unavailable, whole_text

_SEARCH = """
    SELECT number FROM docs, (
        SELECT replace(plainto_tsquery('simple', %s)::text, '&', '|')::tsquery AS query
    ) AS asked
    WHERE words @@ query ORDER BY ts_rank(words, query) DESC, number LIMIT %s
"""


class Postgres:
    """The server's memory is not this process's: the row shows the client's alone."""

    def __init__(self, setup: Setup) -> None:
        if setup.postgres is None:
            raise Unavailable("no database: say --postgres postgresql://...")
        # SQLAlchemy's form of the address is taken too, as the settings have it.
        address = setup.postgres.replace("postgresql+psycopg://", "postgresql://", 1)
        try:
            self._connection = psycopg.connect(address, autocommit=True)
        except psycopg.OperationalError as error:
            raise Unavailable(f"no database: {error}") from error
        self._ids: list[str] = []

    def build(self, entries: Sequence[Entry]) -> None:
        self._ids = [entry.id for entry in entries]
        # PostgreSQL takes no NUL in texts.
        rows = [(number, whole_text(entry).replace("\0", " ")) for number, entry in enumerate(entries)]
        with self._connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE docs (number integer PRIMARY KEY, words tsvector)")
            cursor.executemany("INSERT INTO docs VALUES (%s, to_tsvector('simple', %s))", rows)
            cursor.execute("CREATE INDEX ON docs USING gin (words)")
            cursor.execute("ANALYZE docs")

    def search(self, text: str, limit: int) -> list[str]:
        found = self._connection.execute(_SEARCH, (text.replace("\0", " "), limit))
        return [self._ids[number] for (number,) in found]
