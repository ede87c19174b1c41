"""The worker as a child process of whoever owns the index: start it, watch it, end it."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

from kb.database import Database
from kb.outbox import release_leases
from kb.settings import Settings

log = logging.getLogger(__name__)

#: what a worker gets to finish or hand back its job before it is killed
GRACE_SECONDS = 10.0
#: tells the child whom it belongs to
PARENT_VARIABLE = "KB_PARENT_PID"


class WorkerProcess:
    """One `python -m workers`, which ends when this process does.

    Args:
        quiet: log errors only, where a command tells people itself what became of their files.

    Start it from the main thread: signals ask for that, and on Linux the kernel ties the child to the
    *thread* that forked it.
    """

    def __init__(self, settings: Settings, *, quiet: bool = False) -> None:
        self._settings = settings
        self._quiet = quiet
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @staticmethod
    def recover_jobs(database: Database) -> int:
        """Give back the jobs of a worker that was killed; only for the holder of the data directory's lock.

        It counts against each of them: a job that keeps killing its worker is given up.
        """
        with database.transaction() as session:
            recovered = release_leases(session, lost=True)
        if recovered:
            log.info("%d interrupted jobs go on", recovered)
        return recovered

    def start(self, on_exit: Callable[[int], None] | None = None) -> None:
        """Start the child; `on_exit` gets its exit code, from another thread, if it ends unasked."""
        # Ctrl-C reaches the whole terminal group; the child ignores it from its first moment on.
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workers"],
                stdin=subprocess.PIPE,
                env=_environment(self._settings, quiet=self._quiet),
            )
        finally:
            signal.signal(signal.SIGINT, handler)
        threading.Thread(
            target=self._wait, args=(self._process, on_exit), name="worker-watch", daemon=True
        ).start()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask the child to end, wait for it, and kill it if it takes too long. Harmless when it is gone."""
        self._stopping = True
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def _wait(self, process: subprocess.Popen[bytes], on_exit: Callable[[int], None] | None) -> None:
        code = process.wait()
        if not self._stopping and on_exit is not None:
            on_exit(code)


def _environment(settings: Settings, *, quiet: bool) -> dict[str, str]:
    """The parent's environment, with the settings as this process sees them (options override variables)."""
    return {
        **os.environ,
        "KB_DATA_DIR": str(settings.data_dir.resolve()),
        "KB_LOG_LEVEL": "error" if quiet else settings.log_level,
        PARENT_VARIABLE: str(os.getpid()),
    }
