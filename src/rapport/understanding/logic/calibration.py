"""From held-out scores to honest probabilities, and exact bounds of shares that were counted."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.logic.regression import softmax

Floats = NDArray[np.float32]


def fit_temperature(scores: Floats, targets: NDArray[np.int64]) -> float:
    """The divisor of held-out scores that makes their softmax most likely, between 0.1 and 10."""
    chosen = np.arange(len(targets))

    def loss(temperature: float) -> float:
        likelihood = softmax(scores / np.float32(temperature))[chosen, targets]
        return -float(np.log(np.maximum(likelihood, 1e-12)).mean())

    return float(min(np.geomspace(0.1, 10, 200).tolist(), key=loss))


def upper_bound(failed: int, tried: int, confidence: float) -> float:
    """Clopper-Pearson upper confidence bound of a failure rate, by bisection of the binomial distribution."""
    if failed >= tried:
        return 1.0
    low, high = failed / tried, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if _at_most(failed, tried, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(failed: int, tried: int, rate: float) -> float:
    """Probability of at most `failed` failures in `tried` trials."""
    return _binomial(range(failed + 1), tried, rate)


def at_least(hits: int, tried: int, rate: float) -> float:
    """Probability of at least `hits` in `tried` independent trials at `rate`: a one-sided binomial test."""
    if hits <= 0 or rate >= 1:
        return 1.0
    return _binomial(range(hits, tried + 1), tried, rate) if rate > 0 else 0.0


def _binomial(counts: range, tried: int, rate: float) -> float:
    """Probability of any of these counts, by logarithms: factorials of thousands do not fit a float."""
    logs = [
        math.lgamma(tried + 1)
        - math.lgamma(k + 1)
        - math.lgamma(tried - k + 1)
        + k * math.log(rate)
        + (tried - k) * math.log1p(-rate)
        for k in counts
    ]
    top = max(logs)
    return min(1.0, math.exp(top) * sum(math.exp(value - top) for value in logs))
