"""The temporary knowledge base: the real application on it, asked in this process, as everybody."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI

from api.service import Service
from api.visitor_limit import VisitorLimit
from cli.proving.askers import Asker, Standing
from cli.proving.endpoint import Endpoint
from cli.proving.planted import World
from cli.proving.registry import Ask
from kb.settings import Settings


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and what the asking sent on to other services."""

    status: int
    headers: dict[str, str]
    body: bytes
    sent_on: str = ""

    def json(self) -> Any:
        """The body, where it is JSON."""
        return json.loads(self.body)


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
