"""What a peer is: something that takes documents and ranks them for a query, each in a process of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.dataset import Entry
from kb.vocabulary import Language


@dataclass(frozen=True, slots=True)
class Setup:
    """What a peer may need.

    Args:
        directory: an empty directory of its own, deleted when it ends.
        language: of most of the corpus, for peers whose users choose an analyzer by language.
        vectors: where our passages and their vectors are kept, for peers that take vectors.
        postgres: address of a PostgreSQL database, as libpq takes it.
        lucene_jar: a jar that holds Lucene.
    """

    directory: Path
    language: Language
    vectors: Path | None = None
    postgres: str | None = None
    lucene_jar: Path | None = None


class Unavailable(Exception):
    """This machine lacks something that the peer needs; the message says what to do."""


class Peer(Protocol):
    """A search engine with the settings that its documentation begins with.

    Queries are bags of words everywhere: where an engine demands every word by default, they are joined by
    OR, or natural questions would find nothing.
    """

    def build(self, entries: Sequence[Entry]) -> None:
        """Index the documents; searches see them when it returns."""

    def search(self, text: str, limit: int) -> list[str]:
        """Ids of the `limit` best documents, best first; as many as were found."""


def whole_text(entry: Entry) -> str:
    """The document as one text, its title before it."""
    return f"{entry.title}\n{entry.text}" if entry.title else entry.text
