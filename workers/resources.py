"""What tasks work with: opened once per process, on first use, and never before a fork.

The embedder's threads and the record's connections do not survive a fork, so a prefork pool's parent
must not open them; every child opens its own.
"""

import os
import secrets
import socket
import threading
from functools import cached_property
from typing import TYPE_CHECKING

import kb.models  # noqa: F401 - every table's module, so that what points to a table finds it
from kb.database import Database
from kb.settings import Settings

if TYPE_CHECKING:
    from search.embedding import Embedder
    from search.terms import TermCounter


class Resources:
    """The record, the embedder and the analyzer of one process.

    `worker` names this run of this process in leases; `stopping` is set when the process should end.

    Args:
        embedder: one that is open already; else the one that the settings name.
    """

    def __init__(self, settings: Settings, *, embedder: "Embedder | None" = None) -> None:
        self.settings = settings
        self._embedder = embedder
        self.worker = f"worker:{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stopping = threading.Event()

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.record_url)

    @cached_property
    def embedder(self) -> "Embedder":
        """Raises: EmbeddingUnavailable."""
        if self._embedder is not None:
            return self._embedder
        from search.embedding import EmbedderConfig, make_embedder

        return make_embedder(EmbedderConfig.from_settings(self.settings))

    @cached_property
    def counter(self) -> "TermCounter":
        from search.terms import TermCounter

        return TermCounter()


_opened: tuple[int, Resources] | None = None


def resources() -> Resources:
    """This process's resources; a forked child gets its own."""
    global _opened
    if _opened is None or _opened[0] != os.getpid():
        _opened = (os.getpid(), Resources(Settings()))
    return _opened[1]
