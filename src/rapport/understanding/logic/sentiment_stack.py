"""Several readings of the same text made one: a weight for each reader, fitted on texts it had not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.logic.calibration import fit_temperature
from rapport.understanding.logic.regression import fit_softmax, softmax

FOLDS = 5
_STEPS = 300

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stack:
    """How much each reader counts when exactly these are present."""

    readers: tuple[str, ...]
    weights: Floats
    """One number >= 0 per reader."""
    offsets: Floats
    """One number per class."""

    def scores(self, by_reader: Mapping[str, Floats]) -> Floats:
        """Joined scores, shape ``(..., k)``; softmax makes calibrated probabilities of them."""
        parts = [by_reader[name] * weight for name, weight in zip(self.readers, self.weights, strict=True)]
        return np.asarray(sum(parts) + self.offsets, np.float32)


def fit_stack(by_reader: Mapping[str, Floats], targets: Numbers) -> Stack:
    """Weights that make held-out scores most likely, by projected gradient steps with momentum.

    Args:
        by_reader: held-out scores of each reader, shape ``(n, k)`` each.
        targets: class numbers, shape ``(n,)``.
    """
    readers = tuple(by_reader)
    scores = np.stack([by_reader[name] for name in readers]).astype(np.float64)
    size, classes = scores.shape[1:]
    wanted = np.eye(classes)[targets]
    state = np.concatenate([np.full(len(readers), 1 / len(readers)), np.zeros(classes)])
    mean, spread = np.zeros_like(state), np.zeros_like(state)
    for step in range(1, _STEPS + 1):
        joined = np.tensordot(state[: len(readers)], scores, 1) + state[len(readers) :]
        joined -= joined.max(axis=1, keepdims=True)
        shares = np.exp(joined)
        shares /= shares.sum(axis=1, keepdims=True)
        left = (shares - wanted) / size
        slope = np.concatenate([np.einsum("vnk,nk->v", scores, left), left.sum(axis=0)]) + 1e-3 * state
        mean, spread = 0.9 * mean + 0.1 * slope, 0.99 * spread + 0.01 * slope**2
        pace = 0.05 * (1 - step / _STEPS) + 1e-3
        state -= pace * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
        state[: len(readers)] = np.maximum(state[: len(readers)], 0)
    found = state.astype(np.float32)
    return Stack(readers, found[: len(readers)], found[len(readers) :])


@dataclass(frozen=True, slots=True)
class DenseHead:
    """A linear reader of vectors."""

    centre: Floats
    scale: Floats
    """Divides each column; ones for a text encoder's vectors, which become unit vectors around the centre."""
    weights: Floats
    intercepts: Floats
    is_direction: bool
    """Whether a row's length means nothing."""

    def scores(self, rows: Floats) -> Floats:
        """Log-probabilities of the classes, shape ``(n, k)``."""
        return _logs(
            _placed(rows, self.centre, self.scale, self.is_direction) @ self.weights + self.intercepts
        )


def fit_dense(
    rows: Floats, targets: Numbers, folds: Numbers, classes: int, *, is_direction: bool
) -> tuple[DenseHead, Floats]:
    """A head and the log-probabilities of each row by a head fitted without its fold.

    The penalty is chosen among few by held-out likelihood, after the scores were scaled: a strong one carries
    over best, and the stack makes its scores as sure as they deserve.
    """
    centre = rows.mean(axis=0)
    scale = np.ones_like(centre) if is_direction else rows.std(axis=0) + np.float32(0.05)
    placed = _placed(rows, centre, scale, is_direction)
    strengths = (0.1, 0.3, 1.0) if is_direction else (0.01,)
    tried = [
        (cost, *_held_out(placed, targets, folds, classes, 1 / (cost * len(rows)))) for cost in strengths
    ]
    cost, _, held_out = min(tried, key=lambda entry: entry[1])
    even = np.ones(len(rows), np.float32)
    weights, intercepts = fit_softmax(placed, targets, even, classes=classes, l2=1 / (cost * len(rows)))
    return DenseHead(centre, scale, weights, intercepts, is_direction), held_out


def fold_numbers(targets: Sequence[int] | Numbers, seed: int = 0) -> Numbers:
    """A fold for each row, the classes spread evenly over the folds."""
    targets = np.asarray(targets)
    folds = np.zeros(len(targets), np.int64)
    order = np.random.default_rng(seed)
    for label in np.unique(targets):
        places = np.flatnonzero(targets == label)
        folds[order.permutation(places)] = np.arange(len(places)) % FOLDS
    return folds


def _placed(rows: Floats, centre: Floats, scale: Floats, is_direction: bool) -> Floats:  # noqa: FBT001
    moved = (rows - centre) / scale
    if is_direction:
        moved /= np.maximum(np.sqrt((moved * moved).sum(axis=-1, keepdims=True)), 1e-6)
    return np.asarray(moved, np.float32)


def _held_out(
    placed: Floats, targets: Numbers, folds: Numbers, classes: int, l2: float
) -> tuple[float, Floats]:
    """Held-out loss at the best temperature, and the log-probabilities before it."""
    scores = np.zeros((len(targets), classes), np.float32)
    for number in range(FOLDS):
        out = folds == number
        if out.any() and not out.all():
            even = np.ones(int((~out).sum()), np.float32)
            weights, intercepts = fit_softmax(placed[~out], targets[~out], even, classes=classes, l2=l2)
            scores[out] = placed[out] @ weights + intercepts
    logs = _logs(scores)
    scaled = softmax(scores / np.float32(fit_temperature(scores, targets)))
    return -float(np.log(scaled[np.arange(len(targets)), targets] + 1e-9).mean()), logs


def _logs(scores: Floats) -> Floats:
    return np.log(np.maximum(softmax(scores), 1e-4)).astype(np.float32)
