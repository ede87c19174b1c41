"""One loaded model for all tests here, and a real HTTP endpoint with it behind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.embedding import E5Embedder
from tests.endpoints import Answer, EndpointServer, json_answer, serve


@pytest.fixture(scope="session")
def models_directory(models_dir: Path) -> Path:
    return models_dir


@pytest.fixture(scope="session")
def e5(models_directory: Path) -> E5Embedder:
    return E5Embedder(models_directory=models_directory, threads=2)


def embeddings_answer(vectors: list[list[float]]) -> Answer:
    data = [{"object": "embedding", "index": i, "embedding": vector} for i, vector in enumerate(vectors)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return json_answer({"object": "list", "data": data, "model": "m", "usage": usage})


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

    with serve("/embeddings", answer, base="/v1") as running:
        yield running
