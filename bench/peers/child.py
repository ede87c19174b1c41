"""The process of one peer: `python -m bench.peers.child REQUEST RESULT`, both JSON files.

A process of its own makes the peak memory the peer's own, and what crashes takes nothing with it.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench.dataset import Entry, Question
from bench.peers.catalogue import PEERS, Candidate
from bench.peers.peer import Peer, Setup, Unavailable
from kb.vocabulary import Language

#: instead of a peer's name: embed the corpus for those that take vectors
EMBED = "embed"
#: hits asked for
DEPTH = 10
#: asked before the clock starts
WARM_UP_QUERIES = 20

Search = Callable[[str, int], list[str]]


def main(request_path: str, result_path: str) -> None:
    """Do what the request asks and write what was found; what goes wrong is written too."""
    request = json.loads(Path(request_path).read_text(encoding="utf-8"))
    setup = _setup_of(request["setup"])
    tempfile.tempdir = str(setup.directory)
    corpus = json.loads(Path(request["corpus"]).read_text(encoding="utf-8"))
    entries = [Entry(*row) for row in corpus["entries"]]
    questions = [Question(*row) for row in corpus["questions"]]
    try:
        result = _work(request["peer"], setup, entries, questions)
    except Unavailable as error:
        result = {"why": str(error)}
    except Exception as error:  # a peer may raise anything: its row says what
        result = {"why": f"failed: {type(error).__name__}: {error}"}
    Path(result_path).write_text(json.dumps(result), encoding="utf-8")


def _work(name: str, setup: Setup, entries: Sequence[Entry], questions: Sequence[Question]) -> dict[str, Any]:
    if name == EMBED:
        from bench.peers.embedded import embed_corpus

        assert setup.vectors is not None
        return {"seconds": _timed(partial(embed_corpus, entries, setup.vectors))}
    candidate = PEERS[name]
    peer = candidate.open(setup)
    seconds = _timed(partial(peer.build, entries))
    asked = {leg: _ask(search, questions) for leg, search in _searches(candidate, peer).items()}
    return {"seconds": seconds, "memory_mib": peak_memory_mib(), "asked": asked}


def _searches(candidate: Candidate, peer: Peer) -> Mapping[str, Search]:
    if not candidate.legs:
        return {"": peer.search}
    from bench.peers.ours import Nagofte

    assert isinstance(peer, Nagofte)
    return {leg: partial(peer.search_by, leg) for leg in candidate.legs}


def _ask(search: Search, questions: Sequence[Question]) -> list[tuple[list[str], float]]:
    """Per question: the ids found and the milliseconds it took."""
    for question in questions[:WARM_UP_QUERIES]:
        search(f"{question.text} .", DEPTH)
    asked = []
    for question in questions:
        started = time.perf_counter()
        found = search(question.text, DEPTH)
        asked.append((found, (time.perf_counter() - started) * 1000))
    return asked


def peak_memory_mib() -> float:
    """The largest resident set of this program.

    Linux counts the parent's pages into `ru_maxrss` of a fresh process; VmHWM starts at its own.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _setup_of(given: dict[str, Any]) -> Setup:
    return Setup(
        Path(given["directory"]),
        Language(given["language"]),
        Path(given["vectors"]),
        given["postgres"],
        Path(given["lucene_jar"]) if given["lucene_jar"] else None,
    )


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
