"""Conversion of untrusted files in a child process with limits: a hostile file costs one job.

Children are kept warm between files, because starting one costs a third of a second, and replaced after
`MOST_CONVERSIONS` files or when one ended badly.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict

from ingest.document import Extracted
from ingest.limits import MIB, Limits
from ingest.wire import Closed, TooLong, from_wire, receive, send
from kb.conversion import (
    ConversionError,
    ConversionMemory,
    ConversionTimeout,
    OutputTooLarge,
    UnreadableDocument,
    conversion_error,
)
from kb.errors import FileTooLarge

MOST_CONVERSIONS = 200
# JSON writes a character outside the BMP as two escapes of six bytes; blocks and metadata come on top.
_WIRE_BYTES_PER_CHAR = 12
_WIRE_SPARE_BYTES = 64 * MIB
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

_idle: list["_Child"] = []
_idle_lock = threading.Lock()


def convert_in_child(
    data: bytes, *, filename: str, declared_type: str | None = None, limits: Limits | None = None
) -> Extracted:
    """Turn one untrusted file into text with structure.

    Safe to call from several threads and after a fork: each thread uses its own child, which ends with it.

    Args:
        filename: as the sender named it; its suffix is a hint, no file of that name is touched.
        declared_type: the media type that the sender declared, a weaker hint.
    Raises:
        FileTooLarge: more than `limits.input_bytes`; nothing was started.
        ConversionError: the kind of failure, naming the file and what to do; running out of time, memory or
            output and a crash of a parser are among them.
    """
    limits = limits or Limits()
    if len(data) > limits.input_bytes:
        raise FileTooLarge(filename=filename, limit_mib=limits.input_bytes // MIB)
    child = _take(limits)
    reusable = False
    try:
        extracted = child.convert(data, filename=filename, declared_type=declared_type, limits=limits)
        reusable = True
        return extracted
    except ConversionError:
        reusable = child.is_usable
        raise
    finally:
        if reusable:
            _give_back(child)
        else:
            child.stop()


def stop_children() -> None:
    """End the warm children of this process; the next conversion starts a new one."""
    with _idle_lock:
        children = [child for child in _idle if child.owner == os.getpid()]
        _idle.clear()
    for child in children:
        child.stop()


atexit.register(stop_children)


class _Child:
    """One converter process and the socket to it."""

    def __init__(self, memory_bytes: int) -> None:
        self.owner = os.getpid()
        # The kernel ends a child with the thread that started it, so no other thread may rely on it.
        self.thread = threading.get_ident()
        self.memory_bytes = memory_bytes
        self.is_usable = True
        self.served = 0
        self._channel, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [
                    *(sys.executable, "-P", "-B", "-m", "ingest.child"),
                    *(str(theirs.fileno()), str(self.owner), str(memory_bytes)),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                cwd="/",
                start_new_session=True,
            )
        finally:
            theirs.close()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def convert(self, data: bytes, *, filename: str, declared_type: str | None, limits: Limits) -> Extracted:
        """Hand over one file and wait for the answer, at most `limits.wall_seconds`."""
        self.is_usable = False
        deadline = time.monotonic() + limits.wall_seconds
        request = {"filename": filename, "declared_type": declared_type, "limits": asdict(limits)}
        most_bytes = limits.output_chars * _WIRE_BYTES_PER_CHAR + _WIRE_SPARE_BYTES
        try:
            send(self._channel, request, data, deadline=deadline)
            head, body = receive(self._channel, most_bytes=most_bytes, deadline=deadline)
        except TimeoutError as error:
            raise ConversionTimeout(filename=filename, seconds=limits.wall_seconds) from error
        except TooLong as error:
            raise OutputTooLarge(filename=filename, limit_chars=limits.output_chars) from error
        except Closed as error:
            raise self._cause_of_death(filename, limits) from error
        self.served += 1
        self.is_usable = not head["spent"] and self.served < MOST_CONVERSIONS
        if head["ok"]:
            return _parsed(body)
        data_of_error = {"filename": filename, **head["data"]}
        if head["code"] == ConversionMemory.code:
            data_of_error["limit_mib"] = self.memory_bytes // MIB
        raise conversion_error(head["code"], data_of_error)

    def stop(self) -> None:
        """End the process at once."""
        self.is_usable = False
        self._channel.close()
        self._process.kill()
        self._process.wait()

    def _cause_of_death(self, filename: str, limits: Limits) -> ConversionError:
        try:
            status = self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            return ConversionTimeout(filename=filename, seconds=limits.wall_seconds)
        if status == -signal.SIGXCPU:
            return ConversionTimeout(filename=filename, seconds=limits.cpu_seconds)
        # Out of memory ends a C library in an abort, and the kernel's choice of victim in a kill.
        if status in (-signal.SIGKILL, -signal.SIGABRT):
            return ConversionMemory(filename=filename, limit_mib=self.memory_bytes // MIB)
        return UnreadableDocument(filename=filename, reason=f"its reader crashed (status {status})")


def _parsed(body: bytes) -> Extracted:
    import json

    return from_wire(json.loads(body))


def _take(limits: Limits) -> _Child:
    """This thread's warm child where it is alive and has these memory limits, else a new one."""
    with _idle_lock:
        # After a fork the parent's children are not ours to talk to.
        mine = [child for child in _idle if child.owner == os.getpid()]
        dead = [child for child in mine if not child.is_alive]
        _idle[:] = [child for child in mine if child not in dead]
        for child in dead:
            child.stop()
        for child in _idle:
            if child.thread == threading.get_ident() and child.memory_bytes == limits.memory_bytes:
                _idle.remove(child)
                return child
    return _Child(limits.memory_bytes)


def _give_back(child: _Child) -> None:
    with _idle_lock:
        if child.is_usable and not any(idle.thread == child.thread for idle in _idle):
            _idle.append(child)
            return
    child.stop()


def _environment() -> dict[str, str]:
    """Enough to start Python and find this code; no settings, no secrets."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONUTF8": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        # Each thread of a maths library reserves address space, which counts against the limit.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
