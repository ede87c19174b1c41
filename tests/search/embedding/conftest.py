"""One loaded model for all tests here, and a real HTTP endpoint with it behind."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from search.embedding import E5Embedder


@pytest.fixture(scope="session")
def models_directory(models_dir: Path) -> Path:
    return models_dir


@pytest.fixture(scope="session")
def e5(models_directory: Path) -> E5Embedder:
    return E5Embedder(models_directory=models_directory, threads=2)


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


def embeddings_answer(vectors: list[list[float]]) -> Answer:
    data = [{"object": "embedding", "index": i, "embedding": vector} for i, vector in enumerate(vectors)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return Answer(json.dumps({"object": "list", "data": data, "model": "m", "usage": usage}).encode())


@pytest.fixture
def endpoint(e5: E5Embedder) -> Iterator[EndpointServer]:
    """An OpenAI-compatible `/v1/embeddings` that embeds with multilingual-e5-small."""

    def embed(text: str) -> list[float]:
        kind, _, rest = text.partition(": ")
        vector = e5.embed_query(rest) if kind == "query" else e5.embed_passages([rest])[0]
        return [float(value) for value in vector]

    def answer(request: dict[str, Any]) -> Answer:
        texts = request["input"]
        return embeddings_answer([embed(text) for text in ([texts] if isinstance(texts, str) else texts)])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            running.requests.append(request)
            running.keys.append(self.headers.get("Authorization"))
            reply = running.answer(request)
            if self.path != "/v1/embeddings":
                reply = Answer(b"{}", status=404)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *args: object) -> None:
            """Keep the test output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = EndpointServer(url=f"http://127.0.0.1:{server.server_port}/v1", answer=answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield running
    server.shutdown()
    server.server_close()
    thread.join()
