"""The converter child: serves conversions on one socket, under limits, until its parent is gone.

Started by `sandbox` as `python -m ingest.child FD PARENT_PID MEMORY_BYTES`. It inherits no other file, no
settings and no secrets, writes no files, and dies with its parent.
"""

import os
import resource
import socket
import sys

from ingest.convert import convert
from ingest.limits import Limits
from ingest.wire import Closed, receive, send, to_wire
from kb.conversion import ConversionError
from kb.lifeline import end_with_parent

_MOST_OPEN_FILES = 64
# The parent checked the size already; this only bounds a confused stream.
_MOST_REQUEST_BYTES = 1 << 33


def main(arguments: list[str]) -> int:
    """Serve until the socket closes."""
    channel = socket.socket(fileno=int(arguments[0]))
    # Where the kernel does not help, the closed socket ends it.
    if not end_with_parent(int(arguments[1])):
        return 0
    _confine(int(arguments[2]))
    while True:
        try:
            request, data = receive(channel, most_bytes=_MOST_REQUEST_BYTES)
        except Closed:
            return 0
        limits = Limits(**request["limits"])
        _allow_cpu(limits.cpu_seconds)
        head, answer = _answer(data, request["filename"], request["declared_type"], limits)
        try:
            send(channel, head, answer)
        except Closed:
            return 0
        if head["spent"]:
            return 0


def _answer(
    data: bytes, filename: str, declared_type: str | None, limits: Limits
) -> tuple[dict[str, object], bytes]:
    """The result or the error as a message; `spent` says that this process should not be used again."""
    import json

    try:
        extracted = convert(data, filename=filename, declared_type=declared_type, limits=limits)
        return {"ok": True, "spent": False}, json.dumps(to_wire(extracted)).encode("ascii")
    except ConversionError as error:
        return {"ok": False, "spent": False, "code": error.code, "data": error.data}, b""
    except MemoryError:
        return {"ok": False, "spent": True, "code": "conversion_memory", "data": {}}, b""
    except Exception as error:  # the process boundary: whatever a parser throws costs this one file
        reason = f"{type(error).__name__}: {error}"[:300].encode("utf-8", "replace").decode("utf-8")
        return {"ok": False, "spent": True, "code": "unreadable_document", "data": {"reason": reason}}, b""


def _confine(memory_bytes: int) -> None:
    """No files written, few opened, no core dumps, bounded memory; interactive work goes first."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_OPEN_FILES, _MOST_OPEN_FILES))
    if sys.platform != "darwin":
        # macOS refuses or ignores it; there only the clock and the processor time bound a conversion.
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _allow_cpu(seconds: int) -> None:
    """Processor time for one more conversion; beyond it the kernel ends this process (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
