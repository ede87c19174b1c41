"""How a command reaches the record: beside the running service, in production, or alone under the lock."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import BrokenRecord, DataDirectoryInUse

if TYPE_CHECKING:
    from kb.database import Database
    from kb.installation import ServiceInfo
    from kb.settings import Settings
    from search.open import Search

#: how long a service that holds the lock may take until it listens
_START_SECONDS = 15.0


@dataclass(slots=True)
class Opened:
    """What a command works with.

    `service` is the running embedded service, where there is one. `alone`: this process holds the data
    directory's lock, so the index is its own to open.
    """

    settings: "Settings"
    database: "Database"
    service: "ServiceInfo | None" = None
    alone: bool = False


def read_settings() -> "Settings":
    """The settings of this command, from `KB_*` variables and `.env`."""
    from kb.settings import Settings

    return Settings()


def is_production(settings: "Settings") -> bool:
    """Whether services and workers of their own share the record, so that a lock of ours says nothing."""
    return settings.broker_url is not None


@contextmanager
def open_record(
    settings: "Settings | None" = None, *, exclusive: bool = False, create: bool = False
) -> Iterator[Opened]:
    """The migrated record.

    Args:
        exclusive: whether the command needs the index, and so either the service or the lock; without it
            rows may be read and written beside anything that runs.
        create: whether the command begins a knowledge base where there is none.

    Raises:
        NoKnowledgeBase: there is none, and it is not `create`; nothing was made.
        DataDirectoryInUse: `exclusive`, and a process that is no service holds the data.
        BrokenRecord: the schema is not the one of this program, and not ours to migrate.
    """
    # Every table's module, so that what points to a table finds it.
    import kb.models  # noqa: F401
    from kb.database import Database

    settings = settings or read_settings()
    if not create:
        _refuse_nothing(settings)
    with ExitStack() as stack:
        service, alone = None, False
        if not is_production(settings):
            service, alone = _service_or_lock(settings, stack, exclusive=exclusive)
        database = Database(settings.record_url)
        stack.callback(database.close)
        _see_to_schema(database, ours=alone)
        yield Opened(settings, database, service=service, alone=alone)


@contextmanager
def at_work(opened: Opened) -> Iterator[None]:
    """Whatever was accepted is worked on and made searchable until the end of the block.

    By the running service or by production's workers; where the record was opened `alone`, this process opens
    the index, projects into it, and runs a worker child.
    """
    with ExitStack() as stack:
        if opened.alone:
            from workers.child import WorkerProcess

            worker = WorkerProcess(opened.settings, quiet=True)
            stack.callback(worker.stop)
            worker.recover_jobs(opened.database)
            worker.start()
            stack.enter_context(keeping_index(opened))
        yield


@contextmanager
def keeping_index(opened: Opened) -> Iterator[None]:
    """Write the index until the end of the block; for its one owner."""
    from workers.rebuild import Rebuilder

    with open_index_parts(opened) as search:
        search.projector.prepare()
        search.projector.start()
        rebuilder = Rebuilder(opened.database, search.projector)
        rebuilder.start()
        try:
            yield
        finally:
            rebuilder.stop()


@contextmanager
def open_index_parts(opened: Opened) -> Iterator["Search"]:
    """Index and searcher of this process's own: for a record opened `alone`, or an index server."""
    from search.open import open_search

    search = open_search(opened.settings, opened.database)
    try:
        yield search
    finally:
        search.close()


def _refuse_nothing(settings: "Settings") -> None:
    """A mistyped directory is not an empty knowledge base."""
    from cli.failures import NoKnowledgeBase
    from kb.installation import DataDirectory

    if settings.database_url is not None or settings.record_path.exists():
        return
    if not DataDirectory(settings.data_dir).is_locked():  # else a service is just making it
        raise NoKnowledgeBase(directory=str(settings.data_dir.resolve()))


def _service_or_lock(
    settings: "Settings", stack: ExitStack, *, exclusive: bool
) -> "tuple[ServiceInfo | None, bool]":
    """The running service, or whether the lock was taken (until the stack unwinds)."""
    from kb.installation import DataDirectory, running_service

    directory = DataDirectory(settings.data_dir)
    directory.create()
    give_up_at = time.monotonic() + _START_SECONDS
    while True:
        service = running_service(settings.data_dir)
        if service is not None:
            return service, False
        try:
            directory.lock()
        except DataDirectoryInUse:
            if not exclusive:
                return None, False
            # Perhaps a service that is just starting; any other command never becomes one.
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.2)
        else:
            stack.callback(directory.unlock)
            return None, True


def _see_to_schema(database: "Database", *, ours: bool) -> None:
    from kb import migrate

    if ours:
        migrate.upgrade(database)
        return
    give_up_at = time.monotonic() + _START_SECONDS  # a starting service may be migrating
    while migrate.current(database) != migrate.head():
        if time.monotonic() > give_up_at:
            raise BrokenRecord(reason="its schema is not the one of this program; run `kb init` once")
        time.sleep(0.2)
