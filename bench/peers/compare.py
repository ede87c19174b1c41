"""Asks every peer the same questions, one process after the other, and measures what they say."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bench
from bench.dataset import Dataset
from bench.measures import Quality, percentile, quality
from bench.peers.catalogue import HOW_TO_INSTALL, PEERS, Candidate
from bench.peers.child import EMBED
from ingest.document import language_of

#: after so long a peer's row says that it did not end
CHILD_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class KindResult:
    """One kind of query; times in milliseconds, a query's embedding included where it has one."""

    kind: str
    quality: Quality
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Row:
    """What one peer did with one dataset; with `why` there are no figures."""

    title: str
    leg: str
    why: str | None = None
    results: tuple[KindResult, ...] = ()
    index_seconds: float = 0.0
    memory_mib: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.title}, {self.leg}" if self.leg else self.title


@dataclass(frozen=True, slots=True)
class Options:
    """What some peers need from outside; see `bench.peers.peer.Setup`."""

    postgres: str | None = None
    lucene_jar: Path | None = None


def compare_peers(
    dataset: Dataset,
    names: Sequence[str],
    *,
    options: Options = Options(),
    progress: Callable[[str], None] = lambda _name: None,
) -> Iterator[list[Row]]:
    """The rows of one peer after the other, in the order of `names`: one for each way of asking it.

    Args:
        names: keys of `PEERS`.
        progress: called with what is done next.
    """
    with tempfile.TemporaryDirectory(prefix="nagofte-peers-") as directory:
        run = _Run(dataset, Path(directory), options)
        embed_seconds: float | None = None
        for name in names:
            candidate = PEERS[name]
            if missing := candidate.missing():
                why = f"not installed ({', '.join(missing)}): {HOW_TO_INSTALL}"
                yield [Row(candidate.title, "", why)]
                continue
            if candidate.takes_vectors and embed_seconds is None:
                progress("embedding the passages")
                embed_seconds = float(run.child(EMBED).get("seconds", 0.0))
            progress(candidate.title)
            more = (embed_seconds or 0.0) if candidate.takes_vectors else 0.0
            yield _rows(candidate, dataset, run.child(name), more)


class _Run:
    """The files that the processes of one dataset share, and how one is started."""

    def __init__(self, dataset: Dataset, directory: Path, options: Options) -> None:
        self._directory = directory
        self._options = options
        self._language = Counter(language_of(entry.text) for entry in dataset.corpus).most_common(1)[0][0]
        corpus = {
            "entries": [(entry.id, entry.title, entry.text) for entry in dataset.corpus],
            "questions": [(question.id, question.text, question.kind) for question in dataset.questions],
        }
        (directory / "corpus.json").write_text(json.dumps(corpus), encoding="utf-8")

    def child(self, name: str) -> dict[str, Any]:
        """What `bench.peers.child` wrote, or {"why": ...} where it wrote nothing."""
        own = self._directory / name
        own.mkdir()
        request, result = own.with_suffix(".request.json"), own.with_suffix(".result.json")
        setup = {
            "directory": str(own),
            "language": self._language.value,
            "vectors": str(self._directory / "vectors.npz"),
            "postgres": self._options.postgres,
            "lucene_jar": str(self._options.lucene_jar) if self._options.lucene_jar else None,
        }
        given = {"peer": name, "corpus": str(self._directory / "corpus.json"), "setup": setup}
        request.write_text(json.dumps(given), encoding="utf-8")
        root = str(Path(bench.__file__).parents[1])
        path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH")) if part)
        try:
            done = subprocess.run(  # noqa: S603 - this program
                [sys.executable, "-m", "bench.peers.child", str(request), str(result)],
                env={**os.environ, "PYTHONPATH": path},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=CHILD_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"why": f"failed: no end after {CHILD_SECONDS:.0f} s"}
        if not result.exists():
            said = done.stderr.decode(errors="replace").strip().splitlines()
            return {"why": f"failed: exit code {done.returncode}: {said[-1] if said else 'said nothing'}"}
        found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return found


def _rows(candidate: Candidate, dataset: Dataset, found: dict[str, Any], more_seconds: float) -> list[Row]:
    if "why" in found:
        return [Row(candidate.title, "", " ".join(found["why"].split()))]
    seconds = found["seconds"] + more_seconds
    return [
        Row(candidate.title, leg, None, _by_kind(dataset, asked), seconds, found["memory_mib"])
        for leg, asked in found["asked"].items()
    ]


def _by_kind(dataset: Dataset, asked: Sequence[tuple[list[str], float]]) -> tuple[KindResult, ...]:
    """One result per kind, in the order of the first query of each."""
    answered = list(zip(dataset.questions, asked, strict=True))
    results = []
    for kind in dict.fromkeys(question.kind for question in dataset.questions):
        rankings = [
            (found, dataset.relevant[question.id])
            for question, (found, _) in answered
            if question.kind == kind
        ]
        times = [milliseconds for question, (_, milliseconds) in answered if question.kind == kind]
        results.append(KindResult(kind, quality(rankings), percentile(times, 0.5), percentile(times, 0.95)))
    return tuple(results)
