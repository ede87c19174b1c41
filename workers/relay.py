"""The relay: hands due jobs of the outbox to the broker. Any number of them may run."""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Mapping
from typing import Any

from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy import Select, func, select

from kb.clock import utc_now
from kb.database import Database
from kb.outbox import Job, hold_jobs
from kb.settings import Settings
from kb.vocabulary import JobName, JobState
from workers.celery_app import CELERY_TASKS
from workers.lease import RECORD_AWAY
from workers.schedule import Keeper

log = logging.getLogger(__name__)

#: messages on the broker that no worker has taken yet: the outbox is the queue, the broker only the door
WAITING_LIMIT = 64
#: a message that nobody took for so long is taken for lost, and sent again
HOLD_SECONDS = 300.0
#: on a fresh connection, in case the broker was restarted
_ONE_MORE_TRY = {"max_retries": 1, "interval_start": 0.1}
IDLE_SECONDS = 0.3
AWAY_SECONDS = 3.0


class Relay:
    """Sends one message for every due job; also for those whose worker was lost.

    Args:
        tasks: the Celery task of each kind of job.
        hold_seconds: how long a message may wait for a worker before it is sent again.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        tasks: Mapping[JobName, Any] = CELERY_TASKS,
        hold_seconds: float = HOLD_SECONDS,
    ) -> None:
        self._settings = settings
        self._database = database
        self._tasks = tasks
        self._hold_seconds = hold_seconds
        self._name = f"relay:{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def run(self, stopping: threading.Event) -> None:
        """Relay until `stopping` is set; a broker or a record that is away is waited for."""
        keeper = Keeper(self._database, self._settings.zone)
        while not stopping.is_set():
            try:
                keeper.look()
                sent = self.relay_once()
            except (BrokerError, *RECORD_AWAY) as error:
                log.error("jobs cannot be handed over: %s", error)
                stopping.wait(AWAY_SECONDS)
                continue
            if not sent:
                stopping.wait(IDLE_SECONDS)

    def relay_once(self) -> int:
        """One round; how many messages were sent.

        A message goes out before the hold is committed: what fails in between is sent twice, never not
        at all, and a worker that is quicker than the commit waits for the row.
        """
        with self._database.transaction() as session:
            room = WAITING_LIMIT - (session.scalar(_waiting_count()) or 0)
            if room <= 0:
                return 0
            jobs = hold_jobs(
                session,
                holder=self._name,
                limit=room,
                hold_seconds=self._hold_seconds,
                only=self._tasks.keys(),
                attempt_limit=self._settings.job_attempts,
            )
            for job in jobs:
                self._tasks[job.name].apply_async((job.id,), retry_policy=_ONE_MORE_TRY)
        return len(jobs)


def _waiting_count() -> Select[int]:
    return select(func.count()).where(Job.state == JobState.PENDING, Job.lease_until > utc_now())
