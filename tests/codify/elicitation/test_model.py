"""The chain of clauses: sums that a calculator gives too."""

import math

import pytest

from codify.elicitation.element import Element
from codify.elicitation.model import LABELS, Model, load_model

CUE = LABELS.index(Element.CUE)
REASON = LABELS.index(Element.REASON)


def weights(**by_label: float) -> tuple[float, ...]:
    return tuple(by_label.get(str(label or "none"), 0.0) for label in LABELS)


def test_one_clause_is_a_softmax_of_its_scores() -> None:
    model = Model({"a": weights(cue=2.0)}, 1.0, 0.0, (0.3,) * 7)
    (chances,) = model.chances([{"a": 1.0}], [0])
    assert chances[CUE] == pytest.approx(math.exp(2) / (math.exp(2) + 6))
    assert sum(chances) == pytest.approx(1.0)


def test_neighbours_of_one_sentence_pull_each_other_and_others_do_not() -> None:
    model = Model({"a": weights(cue=3.0), "b": {}.get("b", weights())}, 2.0, 0.0, (0.3,) * 7)
    features = [{"a": 1.0}, {"b": 1.0}]
    together = model.chances(features, [0, 0])[1][CUE]
    apart = model.chances(features, [0, 1])[1][CUE]
    assert together > 0.4
    assert apart == pytest.approx(1 / 7)


def test_two_clauses_agree_with_the_sum_over_all_labellings() -> None:
    model = Model({"a": weights(cue=1.0, reason=-0.5), "b": weights(reason=2.0)}, 0.7, 0.0, (0.3,) * 7)
    first, second = model.scores({"a": 1.0}), model.scores({"b": 1.0})
    joint = {
        (i, j): math.exp(first[i] + second[j] + (0.7 if i == j else 0.0)) for i in range(7) for j in range(7)
    }
    total = sum(joint.values())
    expected = sum(value for (_, j), value in joint.items() if j == REASON) / total
    assert model.chances([{"a": 1.0}, {"b": 1.0}], [3, 3])[1][REASON] == pytest.approx(expected)


def test_no_clause_has_no_chance() -> None:
    assert load_model().chances([], []) == []


def test_the_package_says_what_its_weights_were_made_by() -> None:
    from codify.elicitation.model import DATA

    assert "kb bench elicitation" in DATA.read_text("utf-8").splitlines()[1]
    assert all(0.0 < threshold < 1.0 for threshold in load_model().thresholds[1:])
