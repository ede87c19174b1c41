"""A temporary knowledge base from a list of texts, through the code that serves: passages, vectors, index."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from bench.dataset import Entry
from ingest.document import language_of
from kb.database import Database
from kb.migrate import upgrade
from kb.settings import Settings
from kb.source import store_source
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, OriginKind, PassageField
from search.open import Search, open_search
from workers.lease import Lease
from workers.passages import of_markdown
from workers.resources import Resources
from workers.staging import Material, PassageText, compute, fingerprint_of, stage

#: entries embedded together: enough that texts of like length meet, little enough to report progress
BATCH_ENTRIES = 128


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What was built. `entry_of` maps origin ids to corpus ids."""

    database: Database
    search: Search
    entry_of: dict[str, str]
    passages: int
    seconds: float


class _NoLease:
    """A lease that nobody else wants: measuring has no outbox."""

    def check(self) -> None:
        """Nothing can take this work away."""

    def report(self, done: int, total: int) -> None:
        """Progress is reported per batch of entries."""


@contextmanager
def temporary_knowledge(
    entries: Sequence[Entry],
    *,
    index: Literal["edge", "client"] = "edge",
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[Knowledge]:
    """Build a knowledge base of `entries` in a temporary directory, which is deleted at the end.

    Unpacked models are the installation's own.
    """
    configured = Settings()
    with tempfile.TemporaryDirectory(prefix="nagofte-eval-") as directory:
        settings = configured.model_copy(
            update={
                "data_dir": Path(directory),
                "models_dir": configured.models_path,
                "database_url": None,
                "index": index,
                "qdrant_url": None,
            }
        )
        database = Database(settings.record_url)
        upgrade(database)
        search = open_search(settings, database)
        search.embedder.warm_up()
        try:
            search.projector.prepare()
            resources = Resources(settings)
            started = time.perf_counter()
            entry_of: dict[str, str] = {}
            passages = 0
            for start in range(0, len(entries), BATCH_ENTRIES):
                batch = entries[start : start + BATCH_ENTRIES]
                passages += _add(resources, database, batch, entry_of)
                while search.projector.apply():
                    pass
                progress(start + len(batch), len(entries))
            seconds = time.perf_counter() - started
            search.projector.rebuild()
            yield Knowledge(database, search, entry_of, passages, seconds)
        finally:
            search.close()
            database.close()


def _add(resources: Resources, database: Database, entries: Sequence[Entry], entry_of: dict[str, str]) -> int:
    cut = [(entry, passages_of(entry)) for entry in entries if entry.text.strip() or entry.title.strip()]
    drafts = iter(
        compute(resources, [passage for _, passages in cut for passage in passages], cast(Lease, _NoLease()))
    )
    total = 0
    with database.transaction() as session:
        for entry, passages in cut:
            stored = store_source(
                session,
                caller=OPERATOR,
                locator=f"eval:{entry.id}",
                filename=f"{entry.id}.md",
                data=f"{entry.id}\n{entry.text}".encode(),
                media_type="text/markdown",
                audience=Audience.PUBLIC,
            )
            entry_of[stored.source.id] = entry.id
            language = language_of(entry.text)
            material = Material(OriginKind.SOURCE, stored.source.id, entry.title, language, (entry.text,))
            stage(
                session,
                resources,
                material,
                fingerprint_of(resources, material),
                [next(drafts) for _ in passages],
            )
            total += len(passages)
    return total


def passages_of(entry: Entry) -> list[PassageText]:
    """What an entry becomes in the index: its title, where it has one, and the passages of its text."""
    passages = of_markdown(entry.text, title=entry.title, language=language_of(entry.text))
    if entry.title.strip():
        passages.insert(0, PassageText(PassageField.TITLE, 0, 0, (), entry.title, entry.title))
    return passages
