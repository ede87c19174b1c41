"""The data directory: who owns it, and where the running service is."""

import contextlib
import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from kb.errors import DataDirectoryInUse, InvalidInput

#: an owner that has just been killed may take this long to be gone
_LOCK_PATIENCE_SECONDS = 0.5
#: a look at the lock (`is_locked`) shares it for an instant, longer where the machine is very busy
_GLANCE_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class ServiceInfo:
    """The service that runs on a data directory, and the token with which the operator calls it."""

    pid: int
    url: str
    operator_token: str

    def __repr__(self) -> str:
        return f"ServiceInfo(pid={self.pid}, url={self.url!r})"


class DataDirectory:
    """One installation's files. Whoever holds its lock owns the index and may migrate the record."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock_fd: int | None = None

    @property
    def lock_path(self) -> Path:
        return self.path / "lock"

    @property
    def service_path(self) -> Path:
        return self.path / "service.json"

    def create(self) -> None:
        """Make the directory, for its owner only (mode 700), unless it is there.

        Raises:
            InvalidInput: it cannot be made there, or cannot be written.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidInput(field="KB_DATA_DIR", reason=f"{self.path}: {error.strerror}") from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise InvalidInput(field="KB_DATA_DIR", reason=f"{self.path} cannot be written")

    def lock(self) -> None:
        """Own the directory until `unlock`, or until this process ends in whatever way.

        Raises:
            DataDirectoryInUse: another process owns it; says which, and its address.
        """
        assert self._lock_fd is None, "this process holds the lock already"
        fd = os.open(self.lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        began = time.monotonic()
        while not _flock(fd, fcntl.LOCK_EX):
            # What can be shared has no owner: somebody is only looking.
            is_owned = not _flock(fd, fcntl.LOCK_SH)
            fcntl.flock(fd, fcntl.LOCK_UN)
            if time.monotonic() > began + (_LOCK_PATIENCE_SECONDS if is_owned else _GLANCE_PATIENCE_SECONDS):
                pid = _read_pid(fd)
                os.close(fd)
                raise self._in_use(pid)
            time.sleep(0.02)
        os.ftruncate(fd, 0)
        os.pwrite(fd, str(os.getpid()).encode(), 0)
        self._lock_fd = fd

    def unlock(self) -> None:
        """Give the directory up; nothing happens where it is not held."""
        if self._lock_fd is not None:
            os.close(self._lock_fd)
            self._lock_fd = None

    def announce(self, *, url: str, operator_token: str) -> None:
        """Say where the service listens; only the directory's owner can read it (mode 600)."""
        content = {"pid": os.getpid(), "url": url, "operator_token": operator_token}
        partial = self.service_path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        fd = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            json.dump(content, file)
        partial.replace(self.service_path)  # in one step: nobody reads half of it

    def withdraw(self) -> None:
        """Take back what `announce` said."""
        self.service_path.unlink(missing_ok=True)

    def is_locked(self) -> bool:
        """Whether a living process owns the directory."""
        try:
            fd = os.open(self.lock_path, os.O_RDONLY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return False
        try:
            return not _flock(fd, fcntl.LOCK_SH)
        finally:
            os.close(fd)

    def _in_use(self, pid: int) -> DataDirectoryInUse:
        service = _read_service(self.service_path)
        address = f" ({service.url})" if service is not None and service.pid == pid else ""
        return DataDirectoryInUse(directory=str(self.path), pid=pid, address=address)


def running_service(data_dir: Path) -> ServiceInfo | None:
    """The service that owns `data_dir` now; None where none does, whatever a dead one left behind."""
    directory = DataDirectory(data_dir)
    service = _read_service(directory.service_path)
    if service is None or not directory.is_locked():
        return None
    with contextlib.suppress(OSError):
        fd = os.open(directory.lock_path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            # A file left by a dead service says nothing about another process that owns the lock now.
            return service if _read_pid(fd) == service.pid else None
        finally:
            os.close(fd)
    return None


def _read_service(path: Path) -> ServiceInfo | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    match content:
        case {"pid": int(pid), "url": str(url), "operator_token": str(token)}:
            return ServiceInfo(pid, url, token)
        case _:
            return None


def _flock(fd: int, kind: int) -> bool:
    """Take the lock if it is free for that kind of holder; whether it was."""
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read_pid(fd: int) -> int:
    text = os.pread(fd, 32, 0).decode("ascii", "replace").strip()
    return int(text) if text.isdigit() else 0
