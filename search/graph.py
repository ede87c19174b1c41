"""A graph of nearest neighbours (HNSW) over a large shard, built on a copy in a process of its own.

Edge builds it in place only, and holds the interpreter lock all the while; so the index's owner copies the
shard, `python -m search.graph` builds the graph there, and the owner takes the copy in the shard's place.

Source: Malkov and Yashunin 2018, doi:10.1109/TPAMI.2018.2889473.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import qdrant_edge as edge

from kb.lifeline import end_with_parent
from search.index import IndexPoint
from search.shard import require_room, shard_config

#: points outside the graph, from which on it is built (again): up to there an exact search takes about 1 ms,
#: and nothing is missed
GRAPH_ABOVE = 50_000
#: of the shard's size: the copy, and the segment that is made of it
_SIZES_NEEDED = 3
_READ_BYTES = 1 << 20


class GraphBuild:
    """A copy of the shard in the directory `source`, made at once; then a process builds the graph in it.

    Raises:
        StorageFull, OSError: there is no room for it, or it cannot be copied.

    Attributes:
        path: of the copy.
        failure: what went wrong; None where the graph is there.
        missed: what the shard was told since it was copied, in order: points put, ids of editions removed.
    """

    def __init__(self, source: Path, path: Path, *, dimension: int) -> None:
        require_room(path.parent, size=_SIZES_NEEDED * _size(source))
        try:
            shutil.copytree(source, path)
        except OSError:
            shutil.rmtree(path, ignore_errors=True)
            raise
        self.path = path
        self.missed: list[tuple[Sequence[IndexPoint], Sequence[str]]] = []
        self.failure: str | None = None
        self._process: subprocess.Popen[str] | None = None
        self._has_begun = threading.Event()
        # A thread of its own: the kernel ends a process with the thread that started it.
        self._thread = threading.Thread(target=self._run, args=(dimension,), name="graph", daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether the process has ended."""
        return not self._thread.is_alive()

    def abandon(self) -> None:
        """End the process and delete the copy."""
        self._has_begun.wait()
        if self._process is not None:
            self._process.kill()
        self._thread.join()
        shutil.rmtree(self.path, ignore_errors=True)

    def _run(self, dimension: int) -> None:
        arguments = [str(self.path), str(dimension), str(os.getpid())]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", "search.graph", *arguments],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,  # Ctrl-C reaches the whole terminal group, and is not meant for it
            )
        except OSError as error:
            self.failure = str(error)
            return
        finally:
            self._has_begun.set()
        _, said = self._process.communicate()
        if self._process.returncode:
            self.failure = (said.strip().splitlines() or [f"exit code {self._process.returncode}"])[-1]
        else:
            _read_through(self.path)


def main(arguments: Sequence[str]) -> int:
    """Build the graph of the shard PATH, whose vectors have DIMENSION numbers, for the process PARENT."""
    path, dimension, parent = arguments
    if not end_with_parent(int(parent)):
        return 1
    os.nice(10)  # searches go first
    shard = edge.EdgeShard.load(path, shard_config(int(dimension)))
    shard.optimize()
    shard.flush()
    shard.close()
    return 0


def _size(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def _read_through(directory: Path) -> None:
    """Have the system keep the files in memory.

    Edge holds the interpreter lock while it loads a shard: 200,000 points took 3 to 5 s of the disk's time,
    and take less than one where it is not asked.
    """
    for path in directory.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while file.read(_READ_BYTES):
                    pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
