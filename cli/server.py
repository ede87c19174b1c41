"""The web server inside `kb serve`: uvicorn on a socket that is open already, heard at its start and end."""

import logging
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger("uvicorn.error")
#: open connections (progress streams) get this long when the service ends
_GRACE_SECONDS = 3


class WebServer:
    """Serves one application until it is told to stop, by Ctrl-C, SIGTERM or `stop`.

    Args:
        started: called once requests are answered.
        ending: called before the application is closed, if `started` was.
    """

    def __init__(
        self,
        app: ASGIApp,
        listener: socket.socket,
        *,
        started: Callable[[], None],
        ending: Callable[[], None],
    ) -> None:
        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                if self.started:
                    started()

            async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
                ending()
                await super().shutdown(sockets)

        self._watched = _WatchedLifespan(app)
        self._listener = listener
        self._server = Server(
            uvicorn.Config(
                self._watched, log_config=None, access_log=False, timeout_graceful_shutdown=_GRACE_SECONDS
            )
        )

    def run(self) -> None:
        """Serve until stopped; Ctrl-C and SIGTERM arrive again at their own handlers afterwards.

        Raises:
            Exception: what kept the application from starting.
        """
        try:
            self._server.run(sockets=[self._listener])
        except SystemExit:
            raise self._watched.error or RuntimeError("the web server could not start") from None

    def stop(self) -> None:
        """End as soon as possible; from any thread."""
        self._server.should_exit = True


class _WatchedLifespan:
    """The application; keeps what kept it from starting, which uvicorn would only log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.error: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        _LOG.disabled = True  # it would print a traceback; the command prints what is of use

        async def answer(message: Message) -> None:
            _LOG.disabled = message["type"] == "lifespan.startup.failed"
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            self.error = error
            raise
