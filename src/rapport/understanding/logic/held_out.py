"""Cross-validation: what a head says of texts it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.contracts import Example
from rapport.understanding.logic.regression import fit_softmax

ALWAYS = -1
"""Fold of rows that are in every training and judged by none."""
_FEW, _FOLDS_OF_FEW, _FOLDS_OF_MANY = 20_000, 5, 3
NEAR_FOLDS = 10
"""Folds for comparing texts with each other, which trains nothing."""

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Problem:
    """Labelled features, ready for fitting."""

    features: Floats
    """Shape ``(n, d)``; or, for few rows, their coordinates ``(n, r)`` in `basis`."""
    targets: Numbers
    """Class numbers, shape ``(n,)``."""
    classes: int
    l2: float
    basis: Floats | None
    """Shape ``(d, r)``, orthonormal; None when features are used as they are."""

    @classmethod
    def of(cls, features: Floats, targets: Numbers, classes: int, l2: float) -> Problem:
        """A problem in as few dimensions as its rows span: the penalised optimum lies in their span."""
        if 3 * len(features) > features.shape[1]:
            return cls(features, targets, classes, l2, None)
        values, vectors = np.linalg.eigh((features @ features.T).astype(np.float64))
        kept = values > 1e-6 * values.max()
        scales = np.sqrt(values[kept])
        basis = (features.T @ (vectors[:, kept] / scales)).astype(np.float32)
        return cls((vectors[:, kept] * scales).astype(np.float32), targets, classes, l2, basis)

    @property
    def weights(self) -> Floats:
        """Sample weights that halve (on a log scale) the advantage of frequent classes."""
        counts = np.bincount(self.targets, minlength=self.classes)
        return (1 / np.sqrt(counts[self.targets])).astype(np.float32)

    def fit(self, rows: Flags | None = None) -> tuple[Floats, Floats]:
        """Weights and intercepts from all or some of the rows, in the problem's own coordinates."""
        chosen = np.ones(len(self.targets), bool) if rows is None else rows
        return fit_softmax(
            self.features[chosen],
            self.targets[chosen],
            self.weights[chosen],
            classes=self.classes,
            l2=self.l2,
        )

    def solve(self) -> tuple[Floats, Floats]:
        """Weights ``(d, k)`` and intercepts ``(k,)`` from all rows, in the features given."""
        weights, intercepts = self.fit()
        return weights if self.basis is None else self.basis @ weights, intercepts


@dataclass(frozen=True, slots=True)
class Folds:
    """Folds of each row, shape ``(n,)``."""

    judging: Numbers
    """For fitting heads without a row: few, each fit costs."""
    comparing: Numbers
    """For comparing a row with others: many, so that almost everything taught is compared with."""

    @classmethod
    def of(cls, rows: Sequence[Example], seed: int) -> Folds:
        """Folds by place, translations together in both."""
        return cls(folds_by_place(rows, seed), folds_by_place(rows, seed, NEAR_FOLDS))


def count_folds(rows: int) -> int:
    """Fewer folds where there are many rows: each leaves enough to train on."""
    return _FOLDS_OF_FEW if rows <= _FEW else _FOLDS_OF_MANY


def folds_by_place(rows: Sequence[Example], seed: int, count: int | None = None) -> Numbers:
    """Fold of each row by its place within label and language, so that translations stay together.

    As many neighbouring places as there are folds get one each, in an order drawn from the seed.
    """
    places: Counter[tuple[str, str | None]] = Counter()
    found, modulus = [], count or count_folds(len(rows))
    for row in rows:
        found.append(places[row.label, row.language])
        places[row.label, row.language] += 1
    rounds = max(found, default=0) // modulus + 1
    order = np.random.default_rng(seed).permuted(np.tile(np.arange(modulus), (rounds, 1)), axis=1)
    return np.asarray(order.ravel()[found], np.int64)


def cross_validate(problem: Problem, folds: Numbers) -> Floats:
    """Scores of each row by a head fitted without its fold, shape ``(n, classes)``; zeros for `ALWAYS`."""
    scores = np.zeros((len(problem.targets), problem.classes), np.float32)
    for number in np.unique(folds[folds != ALWAYS]):
        out = folds == number
        if not out.all():
            weights, intercepts = problem.fit(~out)
            scores[out] = problem.features[out] @ weights + intercepts
    return scores
