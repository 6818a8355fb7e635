"""Multinomial logistic regression fitted by L-BFGS, in numpy alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Objective = Callable[[Floats], tuple[float, Floats]]

_CORRECTING = 40


def fit_softmax(
    features: Floats,
    targets: NDArray[np.int64],
    sample_weights: Floats,
    *,
    classes: int,
    l2: float,
    iterations: int = 80,
) -> tuple[Floats, Floats]:
    """Weights ``(d, k)`` and intercepts ``(k,)`` that minimise mean cross-entropy + l2/2 · |weights|².

    Args:
        features: shape ``(n, d)``.
        targets: class numbers 0..k-1, shape ``(n,)``.
        sample_weights: shape ``(n,)``, > 0.
        classes: k; a class that does not occur becomes unlikely.
        l2: penalty, > 0.
        iterations: upper limit of L-BFGS steps.
    """
    nothing = np.zeros((len(targets), classes), np.float32)
    return _fit(features, targets, sample_weights, nothing, (l2, iterations))


def correct_softmax(
    features: Floats, targets: NDArray[np.int64], sample_weights: Floats, *, base: Floats, l2: float
) -> tuple[Floats, Floats]:
    """What to add to weights and intercepts whose scores were `base`, shape ``(n, k)``; small where they were right."""
    return _fit(features, targets, sample_weights, base, (l2, _CORRECTING))


def _fit(
    features: Floats,
    targets: NDArray[np.int64],
    sample_weights: Floats,
    base: Floats,
    effort: tuple[float, int],
) -> tuple[Floats, Floats]:
    (size, classes), width, (l2, iterations) = base.shape, features.shape[1], effort
    wanted = np.zeros((size, classes), np.float32)
    wanted[np.arange(size), targets] = 1
    share = (sample_weights / sample_weights.sum())[:, None]

    def objective(flat: Floats) -> tuple[float, Floats]:
        weights, intercepts = flat[:-classes].reshape(width, classes), flat[-classes:]
        scores = features @ weights + intercepts
        scores += base
        scores -= scores.max(axis=1, keepdims=True)
        total = np.log(np.exp(scores).sum(axis=1, keepdims=True))
        residual = share * (np.exp(scores - total) - wanted)
        loss = float((share * wanted * (total - scores)).sum() + l2 / 2 * (weights * weights).sum())
        slope = features.T @ residual + l2 * weights
        return loss, np.concatenate([slope.ravel(), residual.sum(axis=0)])

    flat = minimise(objective, np.zeros(width * classes + classes, np.float32), iterations=iterations)
    weights, intercepts = flat[:-classes].reshape(width, classes), flat[-classes:]
    # What all classes have in common changes no probability, and drifts with rounding: raw scores are compared later.
    return weights - weights.mean(axis=1, keepdims=True), intercepts - intercepts.mean()


def minimise(objective: Objective, start: Floats, *, iterations: int, memory: int = 8) -> Floats:
    """Minimum of a smooth convex function by limited-memory BFGS with step halving."""
    at, (value, slope) = start, objective(start)
    steps: list[tuple[Floats, Floats]] = []
    for _ in range(iterations):
        direction = _descent(slope, steps)
        descent = float(direction @ slope)
        if descent > -1e-10:
            break
        size, found = (1.0 if steps else min(1.0, 1.0 / float(np.abs(slope).sum()))), None
        for _ in range(20):
            candidate = at + np.float32(size) * direction
            new_value, new_slope = objective(candidate)
            if new_value <= value + 1e-4 * size * descent:
                found = candidate
                break
            size /= 2
        if found is None:
            break
        steps = [*steps[1 - memory :], (found - at, new_slope - slope)]
        is_flat = value - new_value < 1e-6 * max(1.0, abs(value))
        at, value, slope = found, new_value, new_slope
        if is_flat:
            break
    return at


def _descent(slope: Floats, steps: list[tuple[Floats, Floats]]) -> Floats:
    """The two-loop recursion: minus the slope, scaled by the curvature seen in the last steps."""
    direction = -slope
    used = [(step, change, float(step @ change)) for step, change in steps]
    used = [entry for entry in used if entry[2] > 1e-12]
    factors = []
    for step, change, product in reversed(used):
        factor = float(step @ direction) / product
        direction = direction - np.float32(factor) * change
        factors.append(factor)
    if used:
        _, change, product = used[-1]
        direction = direction * np.float32(product / float(change @ change))
    for (step, change, product), factor in zip(used, reversed(factors), strict=True):
        direction = direction + np.float32(factor - float(change @ direction) / product) * step
    return direction


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float32)
