"""`kb bench desk`."""

import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from api.dependencies import SESSION_COOKIE
from api.web.routers import WEB_ROUTERS
from bench.desk.lists import FAR_PAGES, list_addresses, narrowed_together
from bench.desk.record import DeskRecord, Progress, fill_desk
from bench.measures import percentile
from bench.options import progress_bar, report_to
from bench.service import serving
from kb.database import Database
from kb.migrate import upgrade
from kb.settings import Settings

#: what a list may take, 95 of 100 times
LIMIT_MS = 150.0
#: what a service still does right after its start is not measured
SETTLE_SECONDS = 10.0
_screen = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class ListFigures:
    """One address: how many items a page had, and milliseconds over HTTP."""

    address: str
    items: int
    p50_ms: float
    p95_ms: float


def desk(
    articles: Annotated[int, typer.Option(min=100, help="Articles in the record.")] = 10_000,
    asked: Annotated[int, typer.Option(min=5, help="Times each list is asked for.")] = 20,
    postgres: Annotated[
        str | None, typer.Option(help="Address of an empty PostgreSQL database; else SQLite.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Every list of the desk over HTTP on a large made-up record, narrowed by each filter; p50 and p95."""
    with progress_bar(_screen) as bar:
        measured = measure_desk(
            articles=articles, asked=asked, database_url=postgres, progress=report_to(bar)
        )
    if as_json:
        print(json.dumps([asdict(one) for one in measured], ensure_ascii=False, indent=2))
        return
    table = Table()
    for name in ("list", "items", "p50 ms", "p95 ms"):
        table.add_column(name, justify="left" if name == "list" else "right", overflow="fold")
    for one in measured:
        table.add_row(one.address, str(one.items), f"{one.p50_ms:.1f}", f"{one.p95_ms:.1f}")
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    worst = max(measured, key=lambda one: one.p95_ms)
    slow = sum(one.p95_ms >= LIMIT_MS for one in measured)
    print(f"{len(measured)} lists; p95 of the slowest {worst.p95_ms:.1f} ms ({worst.address})")
    print(f"{slow} of them take {LIMIT_MS:.0f} ms or more")


def measure_desk(
    *, articles: int, asked: int, database_url: str | None, progress: Progress
) -> list[ListFigures]:
    """Fill a record, serve it, and ask for every list `asked` times; the slowest last."""
    configured = Settings()
    with tempfile.TemporaryDirectory(prefix="nagofte-desk-") as directory:
        settings = configured.model_copy(
            update={
                "data_dir": Path(directory),
                "models_dir": configured.models_path,
                "database_url": database_url,
                "index": "edge",
                "broker_url": None,
            }
        )
        database = Database(settings.record_url)
        upgrade(database)
        record = fill_desk(database, articles=articles, progress=progress)
        database.close()
        with serving(settings) as (service, _):
            client = httpx.Client(
                base_url=service.url, cookies={SESSION_COOKIE: record.session_token}, timeout=60
            )
            with client:
                time.sleep(SETTLE_SECONDS)
                return _measure(client, record, asked, progress)


def _measure(client: httpx.Client, record: DeskRecord, asked: int, progress: Progress) -> list[ListFigures]:
    description = client.get("/openapi.json").json()
    addresses = [
        *dict.fromkeys(list_addresses(description, record)),
        *narrowed_together(record),
        _far(client),
        *_pages(),
    ]
    measured = []
    for number, address in enumerate(addresses):
        answer = client.get(address)
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise RuntimeError(f"{address} was answered with {answer.status_code}")
        if answer.status_code == httpx.codes.OK:
            times = [_milliseconds(client, address) for _ in range(asked)]
            measured.append(
                ListFigures(address, _items(answer), percentile(times, 0.5), percentile(times, 0.95))
            )
        progress("lists", number + 1, len(addresses))
    return sorted(measured, key=lambda one: one.p95_ms)


def _far(client: httpx.Client) -> str:
    """A page of articles that many others come before."""
    address = "/v1/articles?limit=200"
    cursor = None
    for _ in range(FAR_PAGES):
        page = client.get(address if cursor is None else f"{address}&cursor={cursor}").json()
        if page["next_cursor"] is None:
            break
        cursor = page["next_cursor"]
    return address if cursor is None else f"/v1/articles?cursor={cursor}"


def _pages() -> list[str]:
    """The desk's pages that need nothing but an address."""
    paths = {
        str(getattr(route, "path", ""))
        for router in WEB_ROUTERS
        for route in router.routes
        if "GET" in (getattr(route, "methods", None) or ())
    }
    return sorted(path for path in paths if path.startswith("/desk") and "{" not in path)


def _items(answer: httpx.Response) -> int:
    if not answer.headers["content-type"].startswith("application/json"):
        return 0
    return len(answer.json()["items"])


def _milliseconds(client: httpx.Client, address: str) -> float:
    started = time.perf_counter()
    client.get(address)
    return (time.perf_counter() - started) * 1000
