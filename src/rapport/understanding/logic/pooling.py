"""Several heads' opinions made one: a weighted sum of log-probabilities, weights fitted on held-out scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

_ROUNDS = 25
_PULL = 0.01
"""Pull of the weights towards equal shares; matters only where held-out rows are few."""


def log_shares(scores: Floats) -> Floats:
    """Logarithms of the softmax along the last axis, same shape."""
    moved = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(moved - np.log(np.exp(moved).sum(axis=-1, keepdims=True)), np.float32)


def pool(opinions: Sequence[Floats], weights: Floats) -> Floats:
    """Log-probabilities of the pooled opinion (logarithmic opinion pool), shape ``(..., k)``.

    Args:
        opinions: log-probabilities by one head each, shape ``(..., k)``.
        weights: one per head, >= 0; their sum also sets how sure the pool is.
    """
    joined = opinions[0] * np.float32(weights[0])
    for opinion, weight in zip(opinions[1:], weights[1:], strict=True):
        joined = joined + opinion * np.float32(weight)
    return log_shares(joined)


def fit_pool(opinions: Sequence[Floats], targets: Numbers) -> Floats:
    """The weights that make held-out targets most likely, by projected Newton steps; shape ``(heads,)``."""
    heads, rows = len(opinions), np.arange(len(targets))
    weights = np.full(heads, 1 / heads)
    gold = np.stack([opinion[rows, targets] for opinion in opinions]).astype(np.float64)
    for _ in range(_ROUNDS):
        shares = np.exp(pool(opinions, weights.astype(np.float32)))
        expected = np.stack([(shares * opinion).sum(axis=1) for opinion in opinions]).astype(np.float64)
        slope = (expected - gold).mean(axis=1) + _PULL * (weights - 1 / heads) / max(1, len(rows)) ** 0.5
        bend = np.empty((heads, heads))
        for one in range(heads):
            for two in range(one + 1):
                both = (shares * opinions[one] * opinions[two]).sum(axis=1)
                bend[one, two] = bend[two, one] = float((both - expected[one] * expected[two]).mean())
        step = np.linalg.solve(bend + 1e-4 * np.eye(heads), slope)
        moved = np.maximum(weights - np.clip(step, -0.5, 0.5), 0)
        if np.abs(moved - weights).max() < 1e-4:
            break
        weights = moved if moved.sum() > 0 else weights / 2
    return weights.astype(np.float32)
