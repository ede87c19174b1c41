"""Planting: a temporary knowledge base, made by the record's verbs and the workers' real code, and served."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from anyio.from_thread import start_blocking_portal

from api.app import create_app
from cli.proving.askers import ASKERS, Standing
from cli.proving.base import Base
from cli.proving.credentials import OPERATOR_TOKEN, with_credentials
from cli.proving.endpoint import endpoint
from cli.proving.plant_articles import plant_articles
from cli.proving.plant_desk import plant_desk
from cli.proving.plant_exchange import plant_exchange
from cli.proving.plant_origins import plant_origins
from cli.proving.planted import World
from cli.proving.registry import Ask
from cli.proving.sowing import Garden
from cli.proving.tokens import Mint
from kb.clock import utc_now
from kb.database import Database
from kb.edition import retired_editions, staged_editions
from kb.outbox import list_jobs
from kb.settings import Settings
from kb.visibility import Caller, CallerKind
from kb.vocabulary import JobState, Role
from workers.resources import Resources
from workers.run import run_job
from workers.tasks import TASKS

_INDEX_SECONDS = 100


class PlantingFailed(RuntimeError):
    """The knowledge base that was to be asked could not be made."""


@contextmanager
def planted_base(
    *, models_dir: Path, quick: bool, seed: int = 7, directory: Path | None = None
) -> Iterator[Base]:
    """A knowledge base full of secrets, served until the end of the block, and then deleted.

    Args:
        models_dir: where the embedder's model is unpacked.
        quick: fewer places for the same kinds and states.
        seed: of the tokens.
        directory: an empty one to use, and leave; else a temporary one.
    """
    with tempfile.TemporaryDirectory(prefix="nagofte-proof-") as made, endpoint() as model:
        settings = Settings(
            data_dir=directory or Path(made),
            models_dir=models_dir,
            release_check_seconds=0,
            llm_url=model.url,
            llm_model="repeats",
            _env_file=None,  # type: ignore[call-arg]
        )
        app = create_app(settings, operator_token=OPERATOR_TOKEN)
        with start_blocking_portal() as portal, ExitStack() as running:
            running.enter_context(portal.wrap_async_context_manager(app.router.lifespan_context(app)))
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            client = httpx.AsyncClient(transport=transport, base_url="http://proof")
            running.callback(lambda: portal.call(client.aclose))
            base = Base(app, settings, World(Mint(seed)), (), portal, client, model, running)
            _plant(base, quick=quick)
            yield base


def _plant(base: Base, *, quick: bool) -> None:
    database = base.service.database
    resources = Resources(base.settings, embedder=base.service.search.embedder)
    try:
        base.askers = tuple(with_credentials(database, asker) for asker in ASKERS)
        people = {
            asker.name: Caller(CallerKind.PERSON, asker.id, Role(asker.role))
            for asker in base.askers
            if asker.standing is Standing.PERSON and asker.role
        }
        garden = Garden(database, base.world, lambda: work(base, resources), people, quick)
        plant_articles(garden)
        plant_origins(garden)
        plant_desk(garden)
        base.world.finish()
        _check_releases(base, garden)
        plant_exchange(base, garden.work)
    finally:
        resources.database.close()


def work(base: Base, resources: Resources) -> None:
    """Perform every job that is due, with the workers' real code, and wait for the index."""
    while True:
        with base.service.database.reading() as session:
            pending = list_jobs(session, state=JobState.PENDING, limit=200).items
        due = [job for job in pending if job.name in TASKS and job.due_at <= utc_now()]
        if not due:
            break
        for job in due:
            run_job(resources, TASKS, job_id=job.id)
    give_up_at = time.monotonic() + _INDEX_SECONDS
    while _is_projecting(base.service.database):
        if time.monotonic() > give_up_at:
            raise PlantingFailed(f"the index is not in step: {base.service.search.projector.last_error}")
        time.sleep(0.02)
    base.service.search.vocabulary.refresh()


def _is_projecting(database: Database) -> bool:
    with database.reading() as session:
        return bool(staged_editions(session, limit=1) or retired_editions(session, limit=1))


def _check_releases(base: Base, garden: Garden) -> None:
    """A check names the questions of its article's neighbours."""
    operator = next(asker for asker in base.askers if asker.is_operator)
    for thing in list(base.world.of_kind("article")):
        if not thing.label.startswith("revised") or thing.segment or thing.product:
            continue
        path = f"/v1/articles/{thing.id}/checks"
        article = base.ask(operator, Ask("", "GET", f"/v1/articles/{thing.id}"))
        asked = base.ask(operator, Ask("", "POST", path, headers={"If-Match": article.headers["etag"]}))
        if asked.status != httpx.codes.ACCEPTED:
            raise PlantingFailed(f"{path}: {asked.body.decode()}")
        garden.work()
        check_path = asked.headers["location"]
        base.ask(operator, Ask("", "GET", check_path))
        base.world.extra[thing.id, "check_id"] = check_path.rsplit("/", 1)[1]
