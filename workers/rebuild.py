"""Rebuilding the index on demand: the one job that is not a worker's but the index's owner's."""

import logging
import os
import secrets
import socket
import threading

from sqlalchemy.exc import InterfaceError, OperationalError

from kb.clock import utc_now
from kb.database import Database
from kb.errors import KbError
from kb.outbox import Job, claim_jobs, fail_job, finish_job, renew_lease, report_progress
from kb.retry import decide
from kb.vocabulary import JobName
from search.projection import Projector
from workers.errors import InternalError
from workers.lease import RECORD_AWAY

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
_LEASE_SECONDS = 60.0
#: progress is recorded every so many passages, which also renews the lease
_REPORT_PASSAGES = 2000


class Rebuilder:
    """Performs `reindex` jobs in a thread beside a projector that this process runs."""

    def __init__(self, database: Database, projector: Projector) -> None:
        self._database = database
        self._projector = projector
        self._name = f"owner:{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rebuilder", daemon=True)

    def start(self) -> None:
        """Look for jobs in a thread until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the rebuild at hand and end the thread."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            try:
                self.rebuild_if_asked()
            except RECORD_AWAY as error:
                log.error("the record is not available: %s", error)

    def rebuild_if_asked(self) -> bool:
        """Perform a due `reindex` job; False when there is none."""
        with self._database.transaction() as session:
            jobs = claim_jobs(
                session, worker=self._name, limit=1, lease_seconds=_LEASE_SECONDS, only={JobName.REINDEX}
            )
        for job in jobs:
            self._rebuild(job)
        return bool(jobs)

    def _rebuild(self, job: Job) -> None:
        """Searches go on meanwhile; what is staged meanwhile waits."""
        reported = 0

        def progress(done: int, total: int) -> None:
            nonlocal reported
            if done < total and done - reported < _REPORT_PASSAGES:
                return
            reported = done
            with self._database.transaction() as session:
                report_progress(session, job_id=job.id, worker=self._name, done=done, total=total)
                renew_lease(session, job_id=job.id, worker=self._name, lease_seconds=_LEASE_SECONDS)

        try:
            with self._projector.paused():
                self._projector.rebuild(progress)
        except (OperationalError, InterfaceError):
            raise  # the record is away: the lease brings the job back
        except Exception as error:  # a fault of the program costs this job, not the thread
            log.exception("the index could not be rebuilt")
            failed = error if isinstance(error, KbError) else InternalError(error=type(error).__name__)
            retry_at = decide(failed.code, job.attempts, utc_now()).retry_at
            with self._database.transaction() as session:
                fail_job(session, job_id=job.id, worker=self._name, error=failed, retry_at=retry_at)
        else:
            with self._database.transaction() as session:
                finish_job(session, job_id=job.id, worker=self._name)
