"""How much a text looks like what the intents were taught with, from several signs made comparable.

The signs are the pooled log-probability of the best intent, each head's largest raw score, and each encoder's mean
cosine to the nearest examples of the best intent. Their scale is learned from held-out texts of known intents
alone; no text from outside is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

NEAREST = 5
_LEAST_SPREAD = 0.05
"""Where held-out texts are all alike, a sign must not weigh without limit."""


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
        """Mean of the standardised signs, shape ``(...)``; 0 is usual, below is stranger."""
        return np.asarray(((signs - self.means) / self.spreads).mean(axis=-1), np.float32)


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

    def nearness(self, vector: Floats, intent: int) -> float:
        """Mean cosine to the nearest examples of an intent, -1..1; -1 without examples."""
        return float(_top(self.vectors[self.starts[intent] : self.starts[intent + 1]] @ vector))


def held_out_nearness(vectors: Floats, targets: Numbers, intents: Numbers, folds: Numbers) -> Floats:
    """Nearness of each row to the examples of its guessed intent in other folds, shape ``(n,)``.

    Args:
        vectors: unit vectors, shape ``(n, d)``.
        targets: true intents of the rows, shape ``(n,)``.
        intents: guessed intents, shape ``(n,)``.
        folds: fold of each row, shape ``(n,)``.
    """
    found = np.full(len(targets), -1, np.float32)
    for intent in np.unique(intents):
        asked, taught = np.flatnonzero(intents == intent), np.flatnonzero(targets == intent)
        cosines = vectors[asked] @ vectors[taught].T
        cosines[folds[asked][:, None] == folds[taught][None, :]] = -2
        for place, row in enumerate(asked):
            found[row] = _top(cosines[place][cosines[place] > -2])
    return found


def _top(cosines: Floats) -> float:
    if not len(cosines):
        return -1.0
    kept = cosines if len(cosines) <= NEAREST else np.partition(cosines, -NEAREST)[-NEAREST:]
    return float(kept.mean())


def signs_of(best: Floats, largest: Mapping[str, Floats], near: Mapping[str, Floats]) -> Floats:
    """Signs side by side in a fixed order, shape ``(n, 1 + heads + encoders)``."""
    columns = [best, *(largest[name] for name in sorted(largest)), *(near[name] for name in sorted(near))]
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=-1)
