"""The temporary knowledge base: the real application on it, asked in this process, as everybody."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from api.app import create_app
from api.dependencies import SESSION_COOKIE
from api.service import Service
from api.visitor_limit import VisitorLimit
from cli.proving.askers import ASKERS, Asker, Standing
from cli.proving.endpoint import Endpoint, endpoint
from cli.proving.plant_articles import plant_articles
from cli.proving.plant_desk import plant_desk
from cli.proving.plant_origins import plant_origins
from cli.proving.planted import World
from cli.proving.registry import Ask
from cli.proving.sowing import Garden
from cli.proving.tokens import Mint
from kb.api_key import create_key, revoke_key
from kb.clock import utc_now
from kb.database import Database
from kb.edition import retired_editions, staged_editions
from kb.outbox import list_jobs
from kb.settings import Settings
from kb.user import change_user, create_user, csrf_token, open_session, sign_out
from kb.visibility import OPERATOR, Caller, CallerKind
from kb.vocabulary import Audience, JobState, Role, Scope
from workers.resources import Resources
from workers.run import run_job
from workers.tasks import TASKS

_TOKEN = "token-of-the-proof"  # noqa: S105 - of a service that nobody else can reach
_INDEX_SECONDS = 100


class PlantingFailed(RuntimeError):
    """The knowledge base that was to be asked could not be made."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `texts` are its status line, headers and body, and whatever else the asking caused."""

    status: int
    headers: dict[str, str]
    body: bytes
    sent_on: str = ""


@dataclass(slots=True)
class Base:
    """A planted knowledge base, and who may be asked as."""

    app: FastAPI
    settings: Settings
    world: World
    askers: tuple[Asker, ...]
    _portal: BlockingPortal
    _client: httpx.AsyncClient
    _endpoint: Endpoint
    _running: ExitStack

    @property
    def service(self) -> Service:
        service = self.app.state.service
        assert isinstance(service, Service)
        return service

    def ask(self, asker: Asker, ask: Ask) -> Answer:
        """Send one request as `asker`."""
        content: dict[str, Any] = {"params": ask.params, "headers": {**asker.headers, **ask.headers}}
        if ask.json is not None:
            content["json"] = ask.json
        if ask.form is not None:
            content["data"] = ask.form
        if ask.files is not None:
            content["files"] = {name: (file, data) for name, (file, data) in ask.files.items()}
        with self._served_for(asker):
            response = self._portal.call(lambda: self._client.request(ask.method, ask.path, **content))
        return Answer(response.status_code, dict(response.headers), response.content, self._endpoint.take())

    def close(self) -> None:
        """End the service; what was planted stays until the end of the block."""
        self._running.close()

    @contextmanager
    def _served_for(self, asker: Asker) -> Iterator[None]:
        """The portal is closed where it should be, and nobody has asked too often."""
        service = self.service
        settings = service.settings.model_copy(
            update={"portal_public": asker.standing is not Standing.SHUT_OUT}
        )
        self.app.state.service = replace(service, settings=settings, visitor_limit=VisitorLimit())
        try:
            yield
        finally:
            self.app.state.service = service


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
        app = create_app(settings, operator_token=_TOKEN)
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
        base.askers = tuple(_credentials(database, asker) for asker in ASKERS)
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


def _credentials(database: Database, asker: Asker) -> Asker:
    """The asker with what it proves itself with, made in the record."""
    match asker.standing:
        case Standing.OPERATOR:
            return replace(asker, headers={"Authorization": f"Bearer {_TOKEN}"})
        case Standing.KEY | Standing.REVOKED_KEY | Standing.EXPIRED_KEY:
            return _with_key(database, asker)
        case Standing.UNKNOWN_KEY:
            return replace(asker, headers={"X-API-Key": f"nk_{'x' * 43}"})
        case Standing.PERSON | Standing.FORMER_PERSON | Standing.ENDED_SESSION:
            return _signed_in(database, asker)
        case _:
            return asker


def _with_key(database: Database, asker: Asker) -> Asker:
    ceiling = next(one for one in Audience if one.value in asker.audiences or not asker.audiences)
    with database.transaction() as session:
        made = create_key(
            session,
            caller=OPERATOR,
            name=asker.name,
            scopes=[Scope(scope) for scope in asker.scopes] or list(Scope),
            audience_ceiling=ceiling,
            segments=asker.segments or (),
            products=asker.products or (),
        )
        if asker.standing is Standing.REVOKED_KEY:
            revoke_key(session, caller=OPERATOR, key_id=made.key.id)
        if asker.standing is Standing.EXPIRED_KEY:
            made.key.expires_at = utc_now() - timedelta(seconds=1)
    return replace(asker, headers={"Authorization": f"Bearer {made.plaintext}"})


def _signed_in(database: Database, asker: Asker) -> Asker:
    with database.transaction() as session:
        user = create_user(
            session,
            caller=OPERATOR,
            login=asker.name.replace(" ", "-"),
            name=asker.name,
            role=Role(asker.role or "publisher"),
        )
        token = open_session(session, user=user, now=utc_now(), hours=1).token
        if asker.standing is Standing.ENDED_SESSION:
            sign_out(session, token=token)
        if asker.standing is Standing.FORMER_PERSON:
            change_user(session, caller=OPERATOR, user_id=user.id, active=False)
        user_id = user.id
    headers = {"Cookie": f"{SESSION_COOKIE}={token}", "X-CSRF-Token": csrf_token(token)}
    return replace(asker, id=user_id, headers=headers)
