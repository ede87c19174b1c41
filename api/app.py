"""The composition root: settings in, a running web application out."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    ExitStack,
    asynccontextmanager,
    contextmanager,
)

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

import api.error_responses as error_responses
from api.interview import open_probe_writer
from api.key_use import KeyUse
from api.measurements import readings
from api.metrics import Metrics
from api.middleware import BodyLimit, RequestEdge
from api.oidc.provider import open_provider
from api.openapi import DESCRIPTION, TAGS, TITLE, describe
from api.readiness import Readiness
from api.routes import ROUTERS
from api.service import Service
from api.sign_in_gate import SignInGate
from api.visitor_limit import VisitorLimit
from api.web.routers import WEB_ROUTERS
from api.web.static_files import static_files
from codify.elicitation.detect import detector_with
from kb.database import Database
from kb.installation import DataDirectory
from kb.logs import configure_logging
from kb.migrate import upgrade
from kb.settings import Settings
from search.embedding import Embedder
from search.open import open_search

#: JSON may write each character of the longest text as a six-byte escape
_BYTES_PER_CHAR = 6
_ENVELOPE_BYTES = 64 * 1024


def create_app(
    settings: Settings | None = None,
    *,
    database: Database | None = None,
    embedder: Embedder | None = None,
    operator_token: str | None = None,
) -> FastAPI:
    """The web application; record and index are opened when it starts and closed when it ends.

    In embedded mode (no broker) this process owns the index and keeps it in step with the record.

    Args:
        settings: read from the environment unless given, and then logging is set up, too.
        database: already migrated, by the owner of the data directory's lock, who also closes it. Without
            it the application opens the record itself and, in embedded mode, takes the lock and migrates.
        embedder: the one that the settings name, if it is being loaded already.
        operator_token: what proves the command line on this machine; without it nobody is the operator.
    """
    if settings is None:
        settings = Settings()
        configure_logging(settings.log_level)
    metrics = Metrics()
    app = FastAPI(
        title=TITLE,
        description=DESCRIPTION,
        version="1",
        openapi_tags=TAGS,
        servers=[{"url": "/"}],
        lifespan=_lifespan(lambda: _opened(settings, database, embedder, metrics, operator_token)),
        docs_url=None,
        redoc_url=None,
        middleware=_middleware(settings, metrics),
    )
    error_responses.install(app)
    for router in (*ROUTERS, *WEB_ROUTERS):
        app.include_router(router)
    app.mount("/static", static_files(), name="static")
    describe(app)
    return app


def _middleware(settings: Settings, metrics: Metrics) -> list[Middleware]:
    return [
        Middleware(RequestEdge, metrics=metrics),
        Middleware(
            BodyLimit,
            default_bytes=settings.text_limit_chars * _BYTES_PER_CHAR + _ENVELOPE_BYTES,
            by_path=dict.fromkeys(
                ("/v1/sources", "/v1/articles/*/attachments", "/desk/articles/*/files"),
                settings.upload_limit_bytes + _ENVELOPE_BYTES,
            ),
        ),
    ]


def _lifespan(
    opened: Callable[[], AbstractContextManager[tuple[Service, Readiness]]],
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Opening and closing take a while, so they happen beside the event loop."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opening = opened()
        app.state.service, app.state.readiness = await run_in_threadpool(opening.__enter__)
        try:
            yield
        finally:
            await run_in_threadpool(opening.__exit__, None, None, None)

    return lifespan


@contextmanager
def _opened(
    settings: Settings,
    database: Database | None,
    embedder: Embedder | None,
    metrics: Metrics,
    operator_token: str | None,
) -> Iterator[tuple[Service, Readiness]]:
    """Everything a request needs, until the block ends."""
    owns_index = settings.broker_url is None
    with ExitStack() as stack:
        if database is None:
            database = _open_record(settings, stack, alone=owns_index)
        search = open_search(settings, database, embedder=embedder)
        stack.callback(search.close)
        if owns_index:
            search.projector.prepare()
            search.projector.start()
        service = Service(
            settings,
            database,
            search,
            metrics,
            SignInGate(),
            KeyUse(database),
            VisitorLimit(),
            operator_token,
            open_probe_writer(settings),
            open_provider(settings),
            detector_with(search.embedder.source),
        )
        metrics.add_readings(lambda: readings(service))
        readiness = Readiness(service)
        readiness.warm_up()
        stack.callback(readiness.close)
        yield service, readiness


def _open_record(settings: Settings, stack: ExitStack, *, alone: bool) -> Database:
    if alone:
        directory = DataDirectory(settings.data_dir)
        directory.create()
        directory.lock()
        stack.callback(directory.unlock)
    database = Database(settings.record_url)
    stack.callback(database.close)
    if alone:
        upgrade(database)
    return database
