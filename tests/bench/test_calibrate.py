"""Fitting the confidence curve: it learns what is there, and says how far it can be trusted."""

from dataclasses import fields

import numpy as np
import pytest

from bench.calibrate import Observed, fit_confidence
from bench.measures import calibration_error, plot_reliability, reliability
from search.confidence import ConfidenceModel, Evidence


def observed(name: str, *, count: int = 2000, seed: int = 0) -> Observed:
    """Questions whose first hit is right with a chance that a logistic curve over the cosine gives."""
    chance = np.random.default_rng(seed)
    features = chance.uniform(size=(count, len(fields(Evidence))))
    right = chance.uniform(size=count) < 1.0 / (1.0 + np.exp(-(8.0 * features[:, 0] - 4.0)))
    return Observed(name, features, right.astype(np.float64), right | (chance.uniform(size=count) < 0.2))


def test_the_fitted_curve_is_the_one_the_answers_came_from() -> None:
    fitted = fit_confidence([observed("one")])
    assert fitted.weights[0] == pytest.approx(8.0, abs=1.0)
    assert fitted.intercept == pytest.approx(-4.0, abs=1.0)
    assert max(map(abs, fitted.weights[1:])) < 1.0
    assert fitted.calibration_error < 0.05
    sure = ConfidenceModel(fitted.weights, fitted.intercept).confidence(Evidence(1, 0, 0, 0, 0, 0, 0))
    assert sure > 0.9


def test_fitting_again_gives_the_same_file() -> None:
    sets = [observed("one"), observed("two", seed=1)]
    assert fit_confidence(sets).as_json(["one", "two"], None) == fit_confidence(sets).as_json(
        ["one", "two"], None
    )


def test_calibration_error_is_the_mean_distance_over_bins() -> None:
    certain = [(0.95, True)] * 5 + [(0.95, False)] * 5 + [(0.05, False)] * 10
    assert calibration_error(certain) == pytest.approx((0.45 * 10 + 0.05 * 10) / 20)
    assert calibration_error([]) == 0.0
    assert [one.count for one in reliability(certain)] == [10, 10]


def test_the_reliability_plot_has_a_line_a_bin() -> None:
    lines = plot_reliability([(1.0, True), (0.0, False)]).splitlines()
    assert len(lines) == 3
    assert lines[2].count("#") == 40
