"""A running `kb serve` to measure: started on a temporary record, asked over HTTP, ended at the end."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import psutil

from bench.measures import percentile
from bench.synthetic import fill, material, queries
from kb.database import Database
from kb.installation import ServiceInfo, running_service
from kb.migrate import upgrade
from kb.settings import Settings
from search.embedding import Embedder
from search.graph import GRAPH_ABOVE
from search.open import open_embedder
from search.terms import TermCounter

START_SECONDS = 120
#: a large index is built before the service answers; a busy machine puts so many passages a second
LEAST_PUT_A_SECOND = 100
#: a repeated query is asked again after so many others
REPEAT_DISTANCE = 50


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """What `measure_service` found; milliseconds over HTTP, mebibytes of the serving process."""

    passages: int
    start_seconds: float
    embedding_p50_ms: float
    embedding_p95_ms: float
    search_p50_ms: float
    search_p95_ms: float
    repeated_p50_ms: float
    ingesting_p50_ms: float
    ingesting_p95_ms: float
    ingested_passages_per_second: float
    suggest_p95_ms: float
    memory_mib: float

    @property
    def repeat_ratio(self) -> float:
        """How many times faster a repeated query is."""
        return self.search_p50_ms / max(self.repeated_p50_ms, 1e-9)

    @property
    def search_ratio(self) -> float:
        """p95 of a search over p95 of embedding its query."""
        return self.search_p95_ms / max(self.embedding_p95_ms, 1e-9)

    @property
    def ingesting_ratio(self) -> float:
        """p95 while ingesting over the idle one."""
        return self.ingesting_p95_ms / max(self.search_p95_ms, 1e-9)


def measure_service(
    *,
    passages: int,
    asked: int = 300,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
) -> ServiceFigures:
    """Fill a record with `passages` passages, serve it, and ask `asked` distinct queries over HTTP."""
    with made_up_record(passages, progress) as (settings, embedder):
        patience = START_SECONDS + passages / LEAST_PUT_A_SECOND
        with serving(settings, patience=patience) as (service, start_seconds):
            return _measure(service, embedder, passages, asked, start_seconds, progress)


@contextmanager
def made_up_record(
    passages: int, progress: Callable[[str, int, int], None]
) -> Iterator[tuple[Settings, Embedder]]:
    """Settings of a record of so many made-up passages in a temporary directory, and their embedder."""
    configured = Settings()
    with tempfile.TemporaryDirectory(prefix="nagofte-bench-") as directory:
        settings = configured.model_copy(
            update={
                "data_dir": Path(directory),
                "models_dir": configured.models_path,
                "database_url": None,
                "index": "edge",
            }
        )
        embedder = open_embedder(settings)
        _fill(settings, embedder, passages, progress)
        yield settings, embedder


@contextmanager
def serving(settings: Settings, *, patience: float = START_SECONDS) -> Iterator[tuple[ServiceInfo, float]]:
    """`kb serve` on the settings' data directory, and the seconds until it was ready (`patience` at most)."""
    environment = {
        **os.environ,
        "KB_DATA_DIR": str(settings.data_dir),
        "KB_MODELS_DIR": str(settings.models_path.resolve()),
        # Whatever the installation uses: its record must not be filled with made-up documents.
        "KB_DATABASE_URL": settings.record_url,
        "KB_INDEX": settings.index,
    }
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        service = _ready(process, settings.data_dir, patience)
        yield service, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(timeout=30)


def _ready(process: "subprocess.Popen[bytes]", data_dir: Path, patience: float) -> ServiceInfo:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"kb serve ended with {process.returncode}")
        service = running_service(data_dir)
        if service is not None and httpx.get(f"{service.url}/health/ready").status_code == httpx.codes.OK:
            return service
        time.sleep(0.05)
    raise RuntimeError(f"kb serve was not ready after {patience:.0f} s")


def _fill(
    settings: Settings, embedder: Embedder, passages: int, progress: Callable[[str, int, int], None]
) -> None:
    database = Database(settings.record_url)
    upgrade(database)
    fill(
        database,
        passages=passages,
        material=material(embedder),
        embedder=embedder,
        counter=TermCounter(),
        progress=lambda done, total: progress("record", done, total),
    )
    database.close()


def _measure(
    service: ServiceInfo,
    embedder: Embedder,
    passages: int,
    asked: int,
    start_seconds: float,
    progress: Callable[[str, int, int], None],
) -> ServiceFigures:
    headers = {"Authorization": f"Bearer {service.operator_token}"}
    distinct = queries(2 * asked + REPEAT_DISTANCE)
    with (
        httpx.Client(base_url=service.url, headers=headers, timeout=60) as client,
        closing(_Asker(service)) as asker,
    ):
        if (done := _index_points(client)) < passages // 10 * 10:
            raise RuntimeError(f"only {done} of {passages} passages are in the index")
        _wait_for_graph(client, passages)
        for text in distinct[-REPEAT_DISTANCE:]:
            asker.search(text)
        embedding, search, repeated = [], [], []
        for number, text in enumerate(distinct[:asked]):
            # In turns, so that what else the machine does weighs on both alike.
            embedding.append(_milliseconds(partial(embedder.embed_query, text)))
            search.append(asker.search(text))
            if number >= REPEAT_DISTANCE:
                repeated.append(asker.search(distinct[number - REPEAT_DISTANCE]))
            progress("search", number + 1, asked)
        suggest = [asker.suggest(text) for text in distinct[:asked]]
        while_ingesting, speed = _search_while_ingesting(client, asker, distinct[asked : 2 * asked], progress)
        memory = psutil.Process(service.pid).memory_info().rss / 2**20
    return ServiceFigures(
        passages=passages,
        start_seconds=start_seconds,
        embedding_p50_ms=percentile(embedding, 0.5),
        embedding_p95_ms=percentile(embedding, 0.95),
        search_p50_ms=percentile(search, 0.5),
        search_p95_ms=percentile(search, 0.95),
        repeated_p50_ms=percentile(repeated, 0.5),
        ingesting_p50_ms=percentile(while_ingesting, 0.5),
        ingesting_p95_ms=percentile(while_ingesting, 0.95),
        ingested_passages_per_second=speed,
        suggest_p95_ms=percentile(suggest, 0.95),
        memory_mib=memory,
    )


def _index_points(client: httpx.Client) -> int:
    return _gauge(client, "nagofte_index_points")


def _wait_for_graph(client: httpx.Client, passages: int) -> None:
    """Until what makes a large index quick is there: it is built while the service answers."""
    deadline = time.monotonic() + START_SECONDS + passages / LEAST_PUT_A_SECOND
    while _gauge(client, "nagofte_index_unoptimized_points") > GRAPH_ABOVE:
        if time.monotonic() > deadline:
            raise RuntimeError("the index's graph was not built in time")
        time.sleep(0.5)


def _gauge(client: httpx.Client, name: str) -> int:
    for line in client.get("/metrics").text.splitlines():
        if line.startswith(f"{name} "):
            return int(float(line.split()[1]))
    return 0


def _search_while_ingesting(
    client: httpx.Client, asker: "_Asker", texts: Sequence[str], progress: Callable[[str, int, int], None]
) -> tuple[list[float], float]:
    """Milliseconds of searches while the worker is busy, and the passages it added a second."""
    before, started = _index_points(client), time.perf_counter()
    _upload(client, texts, count=60)
    times = []
    for number, text in enumerate(texts):
        times.append(asker.search(text))
        progress("search while ingesting", number + 1, len(texts))
        time.sleep(0.02)  # people pause; the worker goes on meanwhile
    return times, (_index_points(client) - before) / (time.perf_counter() - started)


def _upload(client: httpx.Client, texts: Sequence[str], *, count: int) -> None:
    """Documents of about ten passages each, for the worker to be busy with."""
    for number in range(count):
        body = "\n\n".join(f"{text}. " * 8 for text in texts[number % 40 : number % 40 + 20])
        files = {"file": (f"bench-{number}.md", f"# سند {number}\n\n{body}".encode(), "text/markdown")}
        client.post("/v1/sources", files=files, data={"audience": "internal"}).raise_for_status()


class _Asker:
    """Milliseconds of questions over one open connection; the standard library's, as it adds least."""

    def __init__(self, service: ServiceInfo) -> None:
        self._connection = HTTPConnection(urlsplit(service.url).netloc, timeout=60)
        self._headers = {
            "Authorization": f"Bearer {service.operator_token}",
            "Content-Type": "application/json",
        }

    def search(self, text: str) -> float:
        body = json.dumps({"query": text}).encode()
        return _milliseconds(lambda: self._ask("POST", "/v1/search", body))

    def suggest(self, text: str) -> float:
        typed = text[: max(2, len(text) // 2)]
        return _milliseconds(lambda: self._ask("GET", f"/v1/suggest?q={quote(typed)}"))

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None = None) -> None:
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}")


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
