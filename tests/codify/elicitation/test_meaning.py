"""Detection with embeddings: what clauses mean is weighed beside what rules read in them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from codify.elicitation.detect import detect, detect_in, detector_with, observe
from codify.elicitation.element import Element
from codify.elicitation.meaning import Exemplar, Meaning, in_context, packed, unpacked
from codify.elicitation.model import LABELS, Model, load_meaning_model
from codify.elicitation.telling import telling_of
from kb.errors import EmbeddingUnavailable
from search.embedding import E5Embedder
from search.embedding.e5_adapter import Adapter
from search.embedding.protocol import Vector

CUE = LABELS.index(Element.CUE)
NOTE = (
    "A tenant rang because the radiators stayed cold. The needle stood at zero with the pump off. "
    "I topped the system up and bled it from the bottom. Air collects where the pipe is highest."
)


class TwoDimensions:
    """Parts that speak of light lie along the first dimension, others along the second."""

    def embed_parts(self, parts: Sequence[str], *, adapter: Adapter | None = None) -> Vector:
        return np.array([[1.0, 0.0] if "light" in part else [0.0, 1.0] for part in parts], np.float32)


class Broken:
    def embed_parts(self, parts: Sequence[str], *, adapter: Adapter | None = None) -> Vector:
        raise EmbeddingUnavailable(reason="no weights")


def model() -> Model:
    weights = np.zeros((8, len(LABELS)), np.float32)
    weights[0, CUE] = 6.0
    exemplars = (
        Exemplar(Element.CUE, "the lamp was off", np.array([1.0, 0.0], np.float32)),
        Exemplar(Element.CUE, "nothing was heard", np.array([0.0, 1.0], np.float32)),
    )
    meaning = Meaning(np.zeros(2, np.float32), weights, exemplars)
    return Model({}, 0.0, 0.0, (1.0, *(0.5 for _ in Element)), meaning)


def test_what_a_clause_means_shows_an_element_that_no_rule_finds() -> None:
    text = "Green light throughout. Bananas are yellow."
    detection = detect_in(observe(text, embedder=TwoDimensions()), model())
    (found,) = detection.evidence
    assert found.element is Element.CUE
    assert found.cut(text) == "Green light throughout"
    assert found.rules == ("like: the lamp was off",)


def test_what_stands_before_and_after_a_clause_says_what_it_is() -> None:
    one, other, third = np.eye(3, dtype=np.float32)
    around = in_context(np.stack([one, other, third]))
    assert around.shape == (3, 12)
    nothing, mean = np.zeros(3), np.full(3, 1 / 3)
    assert np.allclose(around[0], np.concatenate([one, nothing, other, mean]))
    assert np.allclose(around[1], np.concatenate([other, one, third, mean]))
    assert np.allclose(around[2], np.concatenate([third, other, nothing, mean]))


def test_without_vectors_the_features_decide_alone() -> None:
    assert not detect_in(observe("Green light throughout."), model()).evidence


def test_a_vector_is_packed_into_text_and_back() -> None:
    vector = np.array([0.3, -0.9, 0.01, 0.2], np.float32)
    again = unpacked(packed(vector))
    assert np.linalg.norm(again) == pytest.approx(1.0)
    assert again @ vector / np.linalg.norm(vector) > 0.999


@pytest.mark.parametrize("embedder", [None, object(), Broken()])
def test_rules_read_alone_where_no_embedder_reads_parts(embedder: object) -> None:
    assert detector_with(embedder)(NOTE) == detect(NOTE)


def test_the_package_weighs_both_and_its_exemplars_are_of_every_element() -> None:
    meaning = load_meaning_model().meaning
    assert meaning is not None
    assert meaning.weights.shape == (4 * len(meaning.centre), len(LABELS))
    assert {one.element for one in meaning.exemplars} == set(Element)


def test_a_note_that_names_nothing_by_name_is_understood(models_dir: Path) -> None:
    detector = detector_with(E5Embedder(models_directory=models_dir, threads=1))
    telling = telling_of(NOTE, detector=detector)
    assert {Element.SITUATION, Element.CUE, Element.ACTION, Element.REASON} <= telling.present
    for found in telling.found:
        assert found.evidence.rules
        assert 0 <= found.evidence.start < found.evidence.end <= len(NOTE)
    assert detector("").evidence == ()
