"""The arithmetic behind the quantised graph."""

import numpy as np
import onnx
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from search.embedding.e5_graph import build_encoder, quantise_rows, smoothing
from search.embedding.e5_weights import E5Weights, find_weights

WEIGHTS = arrays.arrays(
    np.float32, (3, 8), elements=st.floats(-4, 4, width=32).filter(lambda value: abs(value) > 1e-3)
)


@given(WEIGHTS)
def test_a_quantised_row_is_off_by_half_a_step_at_most(matrix: np.ndarray) -> None:
    integers, scales = quantise_rows(matrix)
    assert integers.dtype == np.int8
    assert np.abs(integers).max() == 63
    error = np.abs(integers.T * scales[:, np.newaxis] - matrix)
    assert (error <= scales[:, np.newaxis] * 0.5001).all()


@given(WEIGHTS, WEIGHTS)
def test_smoothing_moves_range_without_changing_the_product(matrix: np.ndarray, values: np.ndarray) -> None:
    factors = smoothing(gain=values[0], offset=values[1], matrix=matrix)
    assert (factors > 0).all()
    np.testing.assert_allclose(np.log(factors).mean(), 0, atol=1e-4)
    np.testing.assert_allclose(
        (values / factors) @ (matrix * factors).T, values @ matrix.T, rtol=1e-3, atol=1e-3
    )


def test_the_graph_is_valid_and_holds_its_matrices_as_int8() -> None:
    model = onnx.load_from_string(build_encoder(E5Weights(find_weights())))
    onnx.checker.check_model(model)
    matrices = [constant for constant in model.graph.initializer if len(constant.dims) == 2]
    assert len(matrices) == 12 * 6
    assert {constant.data_type for constant in matrices} == {onnx.TensorProto.INT8}


def test_unpacked_word_rows_do_not_depend_on_their_neighbours() -> None:
    weights = E5Weights(find_weights())
    both = weights.embed_tokens(np.array([0, 1294, 12, 2]))
    swapped = weights.embed_tokens(np.array([0, 12, 1294, 2]))
    assert both.shape == (1, 4, 384)
    np.testing.assert_array_equal(both[0, 0], swapped[0, 0])
    # The same word one place further differs by the difference of the two positions, for every word.
    first, second = both[0, 1] - swapped[0, 2], both[0, 2] - swapped[0, 1]
    np.testing.assert_allclose(first, -second, atol=1e-6)
