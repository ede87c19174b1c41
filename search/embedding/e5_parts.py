"""What the parts of a text mean in its context: multilingual-e5-small's middle layer, averaged part by part.

The last layers turn towards the meaning of the whole, which is what they were trained for; what a part does
in its text is read better from the middle (Tenney, Das & Pavlick 2019, arXiv:1905.05950). So the upper four
of twelve layers are not run.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search.embedding.e5_tokenizer import BEGIN, END, E5Tokenizer
from search.embedding.e5_weights import DIMENSION, WINDOW, E5Weights
from search.embedding.protocol import Vector, readable_text

if TYPE_CHECKING:
    import onnxruntime

_PREFIX = "query:"


def lower_layers(encoder: bytes, layers: int) -> bytes:
    """The graph of `build_encoder` cut off: `embeddings` [b, n, 384] -> hidden states [b, n, 384]."""
    import onnx
    from onnx import TensorProto, helper

    model = onnx.load_model_from_string(encoder)
    output = f"l{layers - 1}.oln"
    nodes = list(model.graph.node)
    nodes = nodes[: next(at for at, node in enumerate(nodes, start=1) if output in node.output)]
    read = {name for node in nodes for name in node.input}
    graph = helper.make_graph(
        nodes,
        model.graph.name,
        list(model.graph.input),
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", "tokens", DIMENSION])],
        [constant for constant in model.graph.initializer if constant.name in read],
    )
    cut: bytes = helper.make_model(
        graph, opset_imports=list(model.opset_import), ir_version=model.ir_version
    ).SerializeToString()
    return cut


class E5Parts:
    """Runs the lower layers; may be shared between threads."""

    def __init__(
        self, weights: E5Weights, tokenizer: E5Tokenizer, session: "onnxruntime.InferenceSession"
    ) -> None:
        self._weights = weights
        self._tokenizer = tokenizer
        self._session = session

    def embed(self, parts: Sequence[str]) -> Vector:
        """See `PartsEmbedder`. A text that is longer than the window is read window by window."""
        vectors = np.zeros((len(parts), DIMENSION), np.float32)
        for states, spans in self.read(parts):
            for part, (start, end) in spans.items():
                if end > start:
                    vectors[part] = states[start:end].mean(axis=0)
        return vectors

    def read(self, parts: Sequence[str]) -> Iterator[tuple[Vector, dict[int, tuple[int, int]]]]:
        """Window by window: hidden states [tokens, 384], and by number of a part its tokens [start, end)."""
        prefix = self._ids(_PREFIX)
        room = WINDOW - len(prefix) - 2
        ids = [self._ids(part)[:room] for part in parts]
        for first, upto in _windows([len(one) for one in ids], room):
            tokens = np.concatenate([[BEGIN], prefix, *ids[first:upto], [END]]).astype(np.int64)
            states = self._session.run(None, {"embeddings": self._weights.embed_tokens(tokens)})[0][0]
            ends = list(itertools.accumulate(map(len, ids[first:upto]), initial=1 + len(prefix)))
            yield states, dict(enumerate(itertools.pairwise(ends), start=first))

    def _ids(self, text: str) -> NDArray[np.int64]:
        return self._tokenizer.encode(readable_text(text))[1:-1]


def _windows(lengths: Sequence[int], room: int) -> Iterator[tuple[int, int]]:
    """Half-open runs of parts that fit the window together."""
    first = taken = 0
    for part, length in enumerate(lengths):
        if taken + length > room:
            yield first, part
            first, taken = part, 0
        taken += length
    if first < len(lengths):
        yield first, len(lengths)
