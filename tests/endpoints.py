"""Real HTTP endpoints on this machine, for what calls services outside."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What the endpoint sends back."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"


@dataclass
class EndpointServer:
    """A running endpoint: its address, what it was asked, and how it answers."""

    url: str
    answer: Callable[[dict[str, Any]], Answer]
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    #: set when the endpoint closes, so that an answer that hangs does not hang longer
    closing: threading.Event = field(default_factory=threading.Event)

    def hang(self, _request: dict[str, Any]) -> Answer:
        """An answer that never comes while somebody waits for it."""
        self.closing.wait(30)
        return Answer(b"{}")

    @property
    def sent(self) -> str:
        """Everything that it was asked so far, as one text."""
        return json.dumps(self.requests, ensure_ascii=False)


def json_answer(value: object, *, status: int = 200) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), status=status)


@contextmanager
def serve(
    path: str, answer: Callable[[dict[str, Any]], Answer], *, base: str = ""
) -> Iterator[EndpointServer]:
    """An endpoint that answers posts to `base` + `path`, all else with 404; its `url` ends in `base`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            running.requests.append(request)
            running.keys.append(self.headers.get("Authorization"))
            reply = running.answer(request)
            if self.path != base + path:
                reply = Answer(b"{}", status=404)
            try:
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)
            except ConnectionError:
                pass  # whoever asked did not wait

        def log_message(self, *args: object) -> None:
            """Keep the test output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = EndpointServer(url=f"http://127.0.0.1:{server.server_port}{base}", answer=answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
