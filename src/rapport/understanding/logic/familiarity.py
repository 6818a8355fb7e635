"""How much a text looks like what the intents were taught with, from several signs made comparable.

The signs are how decided the pool is (the negative entropy of its opinion), each head's largest raw score, and each
encoder's mean cosine to the nearest examples of the likeliest intents. Their scale is learned from held-out texts of known
intents alone; no text from outside is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

NEAREST = 5
LIKELIEST = 3
"""So many intents' examples are compared with: a stranger that two intents share is near to neither alone."""
_LEAST_SPREAD = 0.05
"""Where held-out texts are all alike, a sign must not weigh without limit."""
_MOST = 3.0
"""Standard deviations beyond which a sign says no more: two requests in one message are undecided, but not strange."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What each sign is like for texts of known intents."""

    means: Floats
    spreads: Floats
    """Standard deviations, > 0."""

    @classmethod
    def fit(cls, signs: Floats) -> Scale:
        """From signs of held-out texts of known intents, shape ``(n, signs)``."""
        return cls(signs.mean(axis=0), np.maximum(signs.std(axis=0), _LEAST_SPREAD))

    def familiarity(self, signs: Floats) -> Floats:
        """Mean of the standardised signs, shape ``(...)``, within ±3; 0 is usual, below is stranger."""
        standard = np.clip((signs - self.means) / self.spreads, -_MOST, _MOST)
        return np.asarray(standard.mean(axis=-1), np.float32)


@dataclass(frozen=True, slots=True)
class Examples:
    """Vectors of the taught texts by intent, for one encoder."""

    vectors: Floats
    """Unit vectors around the centre, shape ``(n, d)``, sorted by intent."""
    starts: Numbers
    """Where each intent's rows begin, shape ``(k + 1,)``."""
    rows: Numbers
    """Which training text each row is, shape ``(n,)``."""

    @classmethod
    def of(cls, vectors: Floats, targets: Numbers, classes: int, rows: Numbers) -> Examples:
        """Sort rows by intent."""
        order = np.argsort(targets, kind="stable")
        starts = np.searchsorted(targets[order], np.arange(classes + 1))
        return cls(vectors[order], starts, rows[order])

    def nearness(self, vector: Floats, intents: Numbers) -> float:
        """Mean cosine to the nearest examples of some intents, -1..1; -1 without examples."""
        blocks = [self.vectors[self.starts[k] : self.starts[k + 1]] for k in intents.tolist()]
        return float(_top(np.concatenate([block @ vector for block in blocks])))

    def closest(self, vectors: Floats, count: int) -> Floats:
        """Mean cosine to the `count` nearest examples of each intent, shape ``(..., k)``; 0 for intents without any."""
        sizes = np.diff(self.starts)
        shelf = 4.0 * np.repeat(np.arange(len(sizes)), sizes)
        ranked = np.sort(
            shelf - vectors @ self.vectors.T, axis=-1
        )  # each intent keeps its places, nearest first
        total = np.zeros((*vectors.shape[:-1], len(sizes)))
        for place in range(count):
            held = np.flatnonzero(sizes > place)
            total[..., held] += 4.0 * held - ranked[..., self.starts[held] + place]
        return np.asarray(total / np.clip(sizes, 1, count), np.float32)


def likeliest(pooled: Floats) -> Numbers:
    """The intents whose examples are compared with, shape ``(..., m)``, in any order."""
    count = min(LIKELIEST, pooled.shape[-1])
    return np.argpartition(-pooled, count - 1, axis=-1)[..., :count]


def held_out_nearness(vectors: Floats, targets: Numbers, intents: Numbers, folds: Numbers) -> Floats:
    """Nearness of each row to the examples of its likeliest intents in other folds, shape ``(n,)``.

    Args:
        vectors: unit vectors, shape ``(n, d)``.
        targets: true intents of the rows, shape ``(n,)``.
        intents: likeliest intents, shape ``(n, m)``.
        folds: fold of each row, shape ``(n,)``.
    """
    count, kept = len(targets), intents.shape[1] * NEAREST
    cosines = np.full((count, kept), -2, np.float32)
    for intent in np.unique(intents):
        asked, column = np.nonzero(intents == intent)
        taught = np.flatnonzero(targets == intent)
        found = vectors[asked] @ vectors[taught].T
        found[folds[asked][:, None] == folds[taught][None, :]] = -2
        most = min(NEAREST, found.shape[1])
        if most:
            best = np.partition(found, found.shape[1] - most, axis=1)[:, -most:]
            places = column[:, None] * NEAREST + np.arange(most)
            cosines[asked[:, None], places] = best
    ranked = -np.sort(-cosines, axis=1)[:, :NEAREST]
    is_there = ranked > -2
    total = np.where(is_there, ranked, 0).sum(axis=1)
    return np.where(is_there.any(axis=1), total / np.maximum(1, is_there.sum(axis=1)), -1).astype(np.float32)


def _top(cosines: Floats) -> float:
    if not len(cosines):
        return -1.0
    kept = cosines if len(cosines) <= NEAREST else np.partition(cosines, -NEAREST)[-NEAREST:]
    return float(kept.mean())


def signs_of(pooled: Floats, largest: Mapping[str, Floats], near: Mapping[str, Floats]) -> Floats:
    """Signs side by side in a fixed order, shape ``(..., 1 + heads + encoders)``.

    Args:
        pooled: log-probabilities, shape ``(..., k)``.
        largest: the largest raw score by head, shape ``(...)`` each.
        near: nearness by encoder, shape ``(...)`` each.
    """
    decided = (np.exp(pooled) * pooled).sum(axis=-1)
    columns = [decided, *(largest[name] for name in sorted(largest)), *(near[name] for name in sorted(near))]
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=-1)
