"""`kb serve`: the serving process (record, index, web) and one worker child, which live and end together."""

import gc
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.failures import FAILED, PortInUse
from cli.output import complain, say

if TYPE_CHECKING:
    from cli.server import WebServer
    from kb.database import Database
    from kb.installation import DataDirectory
    from kb.settings import Settings
    from search.embedding import Embedder


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on (else KB_HOST, else 127.0.0.1).")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port (else KB_PORT, else 8000); 0 takes a free one.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill an empty record with the demo knowledge base.")
    ] = False,
) -> None:
    """Run the service in this terminal until Ctrl-C."""
    gc.disable()  # until the service is up: while so much is imported, collections take a third of the time
    from kb.database import Database
    from kb.installation import DataDirectory
    from kb.logs import configure_logging
    from kb.migrate import upgrade

    settings = _settings(host, port)
    configure_logging(settings.log_level, for_people=True)
    directory = DataDirectory(settings.data_dir)
    directory.create()
    with ExitStack() as stack:
        directory.lock()
        stack.callback(directory.unlock)
        listener = stack.enter_context(listen(settings.host, settings.port))
        database = Database(settings.record_url)
        stack.callback(database.close)
        upgrade(database)
        welcome(database)
        embedder = stack.enter_context(_loading_embedder(settings))
        _Serving(settings, directory, database, listener, embedder, demo=demo).run()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, so that a taken port is known before anything else starts.

    Raises:
        PortInUse: another program listens there, or the address is not this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except socket.gaierror as error:
        raise PortInUse(host=host, port=port, reason=error.strerror or str(error)) from error
    except OSError as error:  # whose own text goes on with the address
        raise PortInUse(host=host, port=port, reason=os.strerror(error.errno or 0)) from error


def welcome(database: "Database") -> None:
    """On the first start, make the administrator and print the password, this once."""
    from cli.init import create_first_admin

    password = create_first_admin(database)
    if password is not None:
        say(f"First start. Sign in as admin; the password is shown only now: {password}")


@contextmanager
def _loading_embedder(settings: "Settings") -> Iterator["Embedder"]:
    """The embedder, whose model is read on another core while the rest of the program is imported."""
    from kb.errors import KbError
    from search.embedding import EmbedderConfig, make_embedder

    embedder = make_embedder(EmbedderConfig.from_settings(settings))

    def load() -> None:
        with suppress(KbError):  # readiness tries again, and says why not
            embedder.warm_up()

    loading = threading.Thread(target=load, name="load-model", daemon=True)
    loading.start()
    try:
        yield embedder
    finally:
        loading.join()  # ending the process while it loads would abort it


class _Serving:
    """One run of the service: worker child, web server, announcements, and an orderly end."""

    def __init__(
        self,
        settings: "Settings",
        directory: "DataDirectory",
        database: "Database",
        listener: socket.socket,
        embedder: "Embedder",
        *,
        demo: bool,
    ) -> None:
        from workers.child import WorkerProcess

        self._settings = settings
        self._directory = directory
        self._database = database
        self._listener = listener
        self._embedder = embedder
        self._demo = demo
        self._worker = WorkerProcess(settings)
        self._worker_exit: int | None = None
        self._asked_to_end = False
        self._operator_token = secrets.token_urlsafe(32)
        self._server: WebServer | None = None
        self._stopping = threading.Event()

    def run(self) -> None:
        signal.signal(signal.SIGTERM, _end)
        self._worker.recover_jobs(self._database)
        try:
            self._run_server()
            self._note_signals()
        except KeyboardInterrupt:  # Ctrl-C or SIGTERM, after the server has closed its connections
            self._note_signals()
            self._asked_to_end = True
        finally:
            self._stopping.set()
            self._directory.withdraw()
            self._worker.stop()
        # A service manager's SIGTERM may reach the worker first.
        if self._worker_exit is not None and not self._asked_to_end:
            complain(
                f"The worker process ended with code {self._worker_exit}, so the service has stopped too."
            )
            sys.exit(FAILED)
        say("Stopped.")

    def _note_signals(self) -> None:
        """From here on the end is under way: being asked for it (again) interrupts nothing."""

        def note(_signal: int, _frame: FrameType | None) -> None:
            self._asked_to_end = True

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, note)

    def _run_server(self) -> None:
        from api.app import create_app
        from cli.server import WebServer
        from workers.rebuild import Rebuilder

        app = create_app(
            self._settings,
            database=self._database,
            embedder=self._embedder,
            operator_token=self._operator_token,
        )
        rebuilder: Rebuilder | None = None

        def started() -> None:
            nonlocal rebuilder
            rebuilder = Rebuilder(self._database, app.state.service.search.projector)
            rebuilder.start()
            # Only now: its imports would take a core from the ones that people wait for.
            self._worker.start(on_exit=self._worker_ended)
            # What was loaded stays: a collection that walks all of it would hold up a search for 50 ms.
            gc.freeze()
            gc.enable()
            # A query's vector is computed in another thread, which then waits for the interpreter lock.
            sys.setswitchinterval(0.0005)
            self._announce()

        def ending() -> None:
            if rebuilder is not None:  # before the application closes the index
                rebuilder.stop()

        self._server = WebServer(app, self._listener, started=started, ending=ending)
        self._server.run()

    def _announce(self) -> None:
        """Tell people and other `kb` commands where the service is."""
        host, port = self._listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{port}"
        self._directory.announce(url=url, operator_token=self._operator_token)
        say(f"Nagofte is at {self._settings.public_url or url}  (Ctrl-C ends it)")
        if self._demo:
            threading.Thread(target=self._load_demo, name="demo", daemon=True).start()

    def _load_demo(self) -> None:
        from cli.demo import load_into_empty

        load_into_empty(self._database, self._stopping)

    def _worker_ended(self, code: int) -> None:
        self._worker_exit = code
        if self._server is not None:
            self._server.stop()


def _settings(host: str | None, port: int | None) -> "Settings":
    from kb.errors import InvalidInput
    from kb.settings import Settings

    given: dict[str, Any] = {"host": host, "port": port}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    if settings.broker_url is not None:
        raise InvalidInput(
            field="KB_BROKER_URL",
            reason="with a broker the parts run on their own (`uvicorn --factory api.app:create_app`, "
            "`celery -A workers.celery_app worker`, `kb relay`); unset it to run everything with `kb serve`",
        )
    return settings


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
