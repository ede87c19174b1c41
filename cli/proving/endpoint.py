"""A language model's endpoint on this machine that repeats every passage it is sent, and remembers it."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PASSAGE = re.compile(r'<passage-\w+ number="(\d+)">\n(.*?)\n</passage-', re.DOTALL)


class Endpoint:
    """`url` is what `KB_LLM_URL` takes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._sent: list[str] = []

    def remember(self, request: str) -> None:
        self._sent.append(request)

    def take(self) -> str:
        """Everything it was sent since the last time."""
        sent, self._sent = self._sent, []
        return "\n".join(sent)


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """Serve until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"])).decode()
            running.remember(request)
            answer = json.dumps({"choices": [{"message": {"content": _repeated(request)}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = Endpoint(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _repeated(request: str) -> str:
    """Every passage as one sentence with its number, as a model would cite it."""
    messages = json.loads(request)["messages"]
    passages = _PASSAGE.findall(str(messages[-1]["content"]))
    return "\n".join(f"{' '.join(text.split())[:400]} [{number}]." for number, text in passages)
