"""From held-out scores to honest probabilities and an acceptance threshold for a stated error rate."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.logic.regression import softmax

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which probability on an answer is given."""

    value: float
    """Accept when the calibrated probability is at least this."""
    coverage: float
    """Share of held-out texts answered."""
    error_rate: float
    """Wrong among the answered held-out texts."""
    is_certified: bool
    """Whether the upper confidence bound of the error rate, not only its estimate, keeps the promise."""


def fit_temperature(scores: Floats, targets: NDArray[np.int64]) -> float:
    """The divisor of held-out scores that makes their softmax most likely, between 0.1 and 10."""
    chosen = np.arange(len(targets))

    def loss(temperature: float) -> float:
        likelihood = softmax(scores / np.float32(temperature))[chosen, targets]
        return -float(np.log(np.maximum(likelihood, 1e-12)).mean())

    return float(min(np.geomspace(0.1, 10, 200).tolist(), key=loss))


def choose_threshold(
    probabilities: Floats, wrong: Flags, *, risk: float, confidence: float = 0.95
) -> Threshold:
    """The lowest threshold at which wrong answers stay below `risk`, by held-out data.

    Args:
        probabilities: calibrated probability of the best intent, shape ``(n,)``; 0 for those
            rejected for another reason.
        wrong: whether that intent was wrong, shape ``(n,)``.
        risk: promised share of wrong answers among the answered, 0..1.
        confidence: of the (pointwise) Clopper-Pearson bound.

    With too little data for the bound, the estimate ``(wrong + 1) / (answered + 1)`` has to keep the promise;
    failing that, the calibrated probability itself must be at least ``1 - risk``.
    """
    order = np.argsort(-probabilities, kind="stable")
    ranked, errors = probabilities[order], np.cumsum(wrong[order].astype(np.int64))
    is_end = np.append(ranked[1:] != ranked[:-1], True)
    ends = np.flatnonzero(is_end & (ranked > 0))
    for certify in (True, False):
        for end in ends[::-1].tolist():
            answered, failed = end + 1, int(errors[end])
            if failed > risk * answered:
                continue
            bound = upper_bound(failed, answered, confidence) if certify else (failed + 1) / (answered + 1)
            if bound <= risk:
                return Threshold(float(ranked[end]), answered / len(ranked), failed / answered, certify)
    return _threshold_of(1 - risk, ranked, errors)


def _threshold_of(value: float, ranked: Floats, errors: NDArray[np.int64]) -> Threshold:
    answered = int((ranked >= value).sum())
    failed = int(errors[answered - 1]) if answered else 0
    return Threshold(value, answered / max(1, len(ranked)), failed / max(1, answered), is_certified=False)


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
    logs = [
        math.lgamma(tried + 1)
        - math.lgamma(k + 1)
        - math.lgamma(tried - k + 1)
        + k * math.log(rate)
        + (tried - k) * math.log1p(-rate)
        for k in range(failed + 1)
    ]
    top = max(logs)
    return math.exp(top) * sum(math.exp(value - top) for value in logs)
