"""Calibration: published bounds, temperature, and the threshold's promise."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from rapport.understanding.logic.calibration import fit_temperature, upper_bound
from rapport.understanding.logic.gate import Gate, Judged, choose_gate
from rapport.understanding.logic.regression import fit_softmax, softmax


@pytest.mark.parametrize(
    ("failed", "tried", "bound"),
    [(0, 100, 0.02951), (0, 149, 0.01990), (1, 50, 0.09140), (5, 100, 0.10225)],
)
def test_clopper_pearson_upper_bounds(failed: int, tried: int, bound: float) -> None:
    """One-sided 95 % bounds; 0 of n is exactly 1 - 0.05^(1/n), the others solve the binomial equation."""
    assert upper_bound(failed, tried, 0.95) == pytest.approx(bound, abs=5e-5)


def test_the_bound_solves_its_equation() -> None:
    from math import comb

    rate = upper_bound(3, 60, 0.95)
    assert sum(comb(60, k) * rate**k * (1 - rate) ** (60 - k) for k in range(4)) == pytest.approx(
        0.05, abs=1e-6
    )


def chosen(probabilities: NDArray[np.float32], wrong: NDArray[np.bool_], *, risk: float) -> Gate:
    """The gate where every text is equally familiar and none is strange."""
    known = Judged(probabilities, np.zeros(len(wrong), np.float32), wrong)
    none = Judged(np.zeros(0, np.float32), np.zeros(0, np.float32), np.zeros(0, bool))
    return choose_gate(known, none, risk=risk, outside_share=0.0, reject_share=0.0)


def test_a_certified_threshold_keeps_its_promise_and_covers_as_much_as_it_may() -> None:
    probabilities = np.linspace(1, 0.01, 1000).astype(np.float32)
    wrong = np.arange(1000) >= 400
    gate = chosen(probabilities, wrong, risk=0.05)
    answered = probabilities >= gate.threshold
    assert gate.is_certified
    assert gate.error_rate <= gate.bound <= 0.05
    assert 0.40 < gate.coverage < 0.425
    assert upper_bound(int(wrong[answered].sum()), int(answered.sum()), 0.95) <= 0.05


def test_small_data_falls_back_to_estimates_and_then_to_the_probability_itself() -> None:
    few = np.linspace(1, 0.5, 60).astype(np.float32)
    estimated = chosen(few, np.zeros(60, bool), risk=0.02)
    assert (estimated.is_certified, estimated.coverage) == (False, 1.0)
    assert chosen(few[:10], np.zeros(10, bool), risk=0.02).threshold == pytest.approx(0.98)


def test_rejected_texts_are_never_answered() -> None:
    assert chosen(np.zeros(300, np.float32), np.zeros(300, bool), risk=0.02).coverage == 0.0


def test_temperature_undoes_overconfidence() -> None:
    generator = np.random.default_rng(3)
    scores = generator.normal(size=(4000, 4)).astype(np.float32) * 2
    shares = softmax(scores)
    targets = np.array([generator.choice(4, p=share / share.sum()) for share in shares.astype(np.float64)])
    assert fit_temperature(scores * 3, targets) == pytest.approx(3, rel=0.1)


def test_regression_reaches_the_minimum() -> None:
    """At the minimum the slope vanishes: transcribed here independently of the fit."""
    generator = np.random.default_rng(1)
    features = generator.normal(size=(200, 6)).astype(np.float32)
    targets = (features[:, 0] + features[:, 1] > 0).astype(np.int64) + (features[:, 2] > 1)
    even = np.ones(200, np.float32)
    weights, intercepts = fit_softmax(features, targets, even, classes=3, l2=0.01, iterations=300)
    residual = softmax(features @ weights + intercepts) - np.eye(3, dtype=np.float32)[targets]
    assert np.abs(features.T @ residual / 200 + 0.01 * weights).max() < 2e-3
    assert np.abs(residual.mean(axis=0)).max() < 2e-3
