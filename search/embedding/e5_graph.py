"""The encoder of multilingual-e5-small as an ONNX graph with 7-bit weights, quantised per output channel.

What is quantised, and why this way (cosine to the same weights in float32, Persian passages / queries):

* plain dynamic int8 per channel, one scale per activation tensor: .9970 / .9967;
* nearly all of that loss is one GELU unit per layer that reaches 10 to 50 on the first and last token while
  everything else stays below 5 ("massive activations", Sun et al. 2024, arXiv:2402.17762), so that one scale
  starves the other tokens. Each row entering the second feed-forward matrix is therefore scaled by its own
  maximum (vector-wise quantisation, Dettmers et al. 2022, arXiv:2208.07339);
* the input of the first feed-forward matrix is evened out between channels (SmoothQuant, Xiao et al. 2022,
  arXiv:2211.10438), with ranges taken from the layer norm before it, so no calibration texts are needed.

Together .9991 / .9990, for 4 % of the time. Weights take 7 bits, not 8: on CPUs without VNNI, ONNX Runtime's
kernels add pairs of 8x8-bit products in 16 bits, which saturate with 8-bit weights and cannot with 7.
"""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from search.embedding.e5_weights import DIMENSION, EPSILON, FEED_FORWARD, HEADS, LAYERS, E5Weights
from search.embedding.protocol import Vector

INPUT = "embeddings"
OUTPUT = "vectors"

_FUSED = "com.microsoft"
_LARGEST_WEIGHT = 63
#: GELU falls no lower than this below zero; a row's scale never does either.
_GELU_DEPTH = 0.17
#: Standard deviations of a normalised activation that a channel's range is taken to cover.
_SPREAD = 4.0
#: Share of a channel's range that moves from the activations into the weights.
_SMOOTHING = 0.7


def build_encoder(weights: E5Weights) -> bytes:
    """The graph, serialised: `embeddings` [b, n, 384] float32 -> `vectors` [b, 384] float32, unit rows.

    All texts of one run must have the same number of tokens: there is no mask.
    """
    graph = _Graph(weights)
    hidden = graph.layer_norm(INPUT, "emb.ln", "embedded")
    for layer in range(LAYERS):
        hidden = _attention(graph, hidden, f"l{layer}")
        hidden = _feed_forward(graph, hidden, f"l{layer}")
    mean = graph.node("ReduceMean", [hidden, graph.constant("mean.axes", np.array([1]))], "mean", keepdims=0)
    graph.node("LpNormalization", [mean], OUTPUT, axis=-1, p=2)
    return graph.serialise()


def _attention(graph: "_Graph", hidden: str, layer: str) -> str:
    quantised = graph.quantise(hidden)
    query, key, value = (graph.project(quantised, f"{layer}.{part}") for part in "qkv")
    mixed = graph.node(
        "MultiHeadAttention", [query, key, value], f"{layer}.mixed", domain=_FUSED, num_heads=HEADS
    )
    out = graph.linear(mixed, graph.square(f"{layer}.ao.w"), f"{layer}.ao", bias=f"{layer}.ao.b")
    return graph.layer_norm(
        graph.node("Add", [out, hidden], f"{layer}.attended"), f"{layer}.aln", f"{layer}.aln"
    )


def _feed_forward(graph: "_Graph", hidden: str, layer: str) -> str:
    first = graph.weights.matrix(f"{layer}.fi.w", rows=FEED_FORWARD, columns=DIMENSION)
    shift = smoothing(
        gain=graph.weights.vector(f"{layer}.aln.w"),
        offset=graph.weights.vector(f"{layer}.aln.b"),
        matrix=first,
    )
    even = graph.node("Mul", [hidden, graph.constant(f"{layer}.shift", 1 / shift)], f"{layer}.even")
    inner = graph.linear(even, first * shift, f"{layer}.fi", bias=f"{layer}.fi.b")
    active = graph.node("Gelu", [inner], f"{layer}.active", domain=_FUSED)

    axes = graph.constant("row.axes", np.array([-1]))
    peak = graph.node("ReduceMax", [active, axes], f"{layer}.peak", keepdims=1)
    scale = graph.node("Max", [peak, graph.constant("gelu.depth", np.float32(_GELU_DEPTH))], f"{layer}.scale")
    rows = graph.node("Div", [active, scale], f"{layer}.rows")
    second = graph.weights.matrix(f"{layer}.fo.w", rows=DIMENSION, columns=FEED_FORWARD)
    product = graph.linear(rows, second, f"{layer}.fo")
    scaled = graph.node("Mul", [product, scale], f"{layer}.scaled")
    biased = graph.node("Add", [scaled, graph.vector(f"{layer}.fo.b")], f"{layer}.biased")
    return graph.layer_norm(
        graph.node("Add", [biased, hidden], f"{layer}.fed"), f"{layer}.oln", f"{layer}.oln"
    )


def smoothing(*, gain: Vector, offset: Vector, matrix: Vector) -> Vector:
    """Factors that move range from activation channels into weight columns.

    Args:
        gain, offset: of the layer norm that makes the activation, [n].
        matrix: the weights that take it, [outputs, n].
    Returns:
        [n] float32, geometric mean 1; divide the activation by it and multiply the columns with it.
    """
    reach = np.abs(offset) + _SPREAD * np.abs(gain)
    largest = np.maximum(np.abs(matrix).max(axis=0), 1e-6)
    factors = reach**_SMOOTHING / largest ** (1 - _SMOOTHING)
    return np.asarray(factors / np.exp(np.log(factors).mean()), np.float32)


def quantise_rows(matrix: Vector) -> tuple[np.ndarray, Vector]:
    """Symmetric 7-bit weights, one scale per output.

    Args:
        matrix: [outputs, inputs] float32, no all-zero row.
    Returns:
        [inputs, outputs] int8 in -63..63, and [outputs] float32 scales.
    """
    scales = np.abs(matrix).max(axis=1) / _LARGEST_WEIGHT
    return np.rint(matrix / scales[:, np.newaxis]).astype(np.int8).T, scales.astype(np.float32)


class _Graph:
    """Nodes and constants in the making; a node returns the name of what it makes."""

    def __init__(self, weights: E5Weights) -> None:
        self.weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def node(
        self, operator: str, inputs: list[str], output: str, *, domain: str = "", **attributes: Any
    ) -> str:
        self._nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output

    def constant(self, name: str, value: np.ndarray | np.generic) -> str:
        self._constants[name] = numpy_helper.from_array(
            np.ascontiguousarray(value).reshape(value.shape), name
        )
        return name

    def vector(self, name: str) -> str:
        return self.constant(name, self.weights.vector(name))

    def square(self, name: str) -> Vector:
        return self.weights.matrix(name, rows=DIMENSION, columns=DIMENSION)

    def quantise(self, value: str) -> tuple[str, str, str]:
        made = (f"{value}.int", f"{value}.step", f"{value}.zero")
        self._nodes.append(helper.make_node("DynamicQuantizeLinear", [value], list(made)))
        return made

    def project(self, quantised: tuple[str, str, str], name: str) -> str:
        """One of several products that share an already quantised input."""
        integers, scales = quantise_rows(self.square(f"{name}.w"))
        values, step, zero = quantised
        inputs = [
            values,
            self.constant(f"{name}.i", integers),
            step,
            self.constant(f"{name}.s", scales),
            zero,
            "",
        ]
        return self.node("MatMulIntegerToFloat", [*inputs, self.vector(f"{name}.b")], name, domain=_FUSED)

    def linear(self, value: str, matrix: Vector, name: str, *, bias: str | None = None) -> str:
        """A product that quantises its input itself."""
        integers, scales = quantise_rows(matrix)
        inputs = [value, self.constant(f"{name}.i", integers), self.constant(f"{name}.s", scales)]
        if bias is not None:
            inputs += ["", self.vector(bias)]
        return self.node("DynamicQuantizeMatMul", inputs, name, domain=_FUSED)

    def layer_norm(self, value: str, parameters: str, output: str) -> str:
        # Add and LayerNormalization, not SkipLayerNormalization: on the CPU that one takes six times as long.
        inputs = [value, self.vector(f"{parameters}.w"), self.vector(f"{parameters}.b")]
        return self.node("LayerNormalization", inputs, output, axis=-1, epsilon=EPSILON)

    def serialise(self) -> bytes:
        shape_in: list[str | int | None] = ["texts", "tokens", DIMENSION]
        graph = helper.make_graph(
            self._nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, shape_in)],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["texts", DIMENSION])],
            list(self._constants.values()),
        )
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_FUSED, 1)]
        # The oldest IR version with opset 18, so that older runtimes read it too.
        packed: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()
        return packed
