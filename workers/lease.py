"""Keeping a job while its task computes: the lease is renewed from a thread of its own."""

import logging
import threading
import time
from types import TracebackType
from typing import Self

from sqlalchemy.exc import InterfaceError, OperationalError

from kb.errors import StorageFull
from kb.outbox import renew_lease, report_progress
from workers.errors import Interrupted
from workers.resources import Resources

log = logging.getLogger(__name__)

#: what the record raises when it cannot be reached or written just now; see `is_away`
RECORD_AWAY = (StorageFull, OperationalError, InterfaceError)
#: least time between two progress reports
_REPORT_SECONDS = 0.5


def is_away(error: Exception) -> bool:
    """Whether an error of `RECORD_AWAY` passes by itself; SQLite calls a wrong statement operational, too."""
    return getattr(getattr(error, "orig", None), "sqlite_errorname", "") != "SQLITE_ERROR"


class Lease:
    """Renews the lease of one job until the block ends, and reports how far its task is."""

    def __init__(self, resources: Resources, job_id: str) -> None:
        self._resources = resources
        self._job_id = job_id
        self._lost = False
        self._ended = threading.Event()
        self._reported_at = 0.0
        self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def check(self) -> None:
        """Return while the job may go on.

        Raises:
            Interrupted: it may not.
        """
        if self._lost:
            raise Interrupted("its lease is lost")
        if self._resources.stopping.is_set():
            raise Interrupted("the worker ends")

    def report(self, done: int, total: int) -> None:
        """Record progress, at most twice a second before the end.

        Raises:
            Interrupted: as `check`.
        """
        self.check()
        now = time.monotonic()
        if done < total and now - self._reported_at < _REPORT_SECONDS:
            return
        self._reported_at = now
        with self._resources.database.transaction() as session:
            held = report_progress(
                session, job_id=self._job_id, worker=self._resources.worker, done=done, total=total
            )
        if not held:
            raise Interrupted("its lease is lost")

    def _renew(self) -> None:
        seconds = self._resources.settings.job_lease_seconds
        while not self._ended.wait(seconds / 3):
            try:
                with self._resources.database.transaction() as session:
                    held = renew_lease(
                        session, job_id=self._job_id, worker=self._resources.worker, lease_seconds=seconds
                    )
            except RECORD_AWAY as error:
                log.warning("the lease of job %s could not be renewed: %s", self._job_id, error)
                continue
            if not held:
                self._lost = True
                return
