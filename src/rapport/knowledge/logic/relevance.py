"""From what speaks for an article to a probability that it answers, and the floor for showing it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEXICAL_WEIGHT = 1.0
"""Of the lexical overlap (0..2) beside the semantic z-score when articles are ranked."""
NEAREST = 3
"""Irrelevant example texts that are averaged to say how near a question is to them."""
FEATURES = ("semantic", "margin", "lexical", "irrelevant")


@dataclass(frozen=True, slots=True)
class Relevance:
    """Calibration for one encoder."""

    mean: float
    """Nearness of questions to articles that do not answer them."""
    deviation: float
    weights: tuple[float, ...]
    """Logistic regression on `FEATURES`."""
    intercept: float
    floor: float
    """Shown from this probability on."""
    risk: float = 0.05
    """Promised share of irrelevant among shown."""
    shown_share: float = 0.0
    """Held-out questions shown an article."""
    error_share: float = 0.0
    """Irrelevant among shown, held out."""
    rejected_share: float = 0.0
    """Held-out irrelevant texts that are shown nothing."""
    questions: int = 0
    irrelevant_texts: int = 0

    def semantic(self, nearness: Floats) -> Floats:
        """Nearness as a z-score against the background."""
        return np.asarray((nearness - self.mean) / self.deviation, np.float32)

    def probability(self, features: Floats) -> Floats:
        """Calibrated probability for rows of `FEATURES`."""
        scores = features @ np.asarray(self.weights, np.float32) + self.intercept
        return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), np.float32)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Relevance:
        return cls(**{**data, "weights": tuple(data["weights"])})


WITHOUT_FIT = {
    "semantic": Relevance(0.135, 0.166, (0.11, 0.89, 1.0, -7.9), -0.49, 0.54),
    "lexical": Relevance(0.0, 1.0, (0.0, 1.84, 1.28, 0.0), -2.7, 0.5),
}
"""Used while there are too few questions to fit: figures of the demonstration help centre, rounded."""


def fused(semantic: Floats, lexical: Floats) -> Floats:
    """What articles are ranked by."""
    return np.asarray(semantic + LEXICAL_WEIGHT * lexical, np.float32)


def features_of(semantic: Floats, lexical: Floats, irrelevant: float, chosen: list[int]) -> Floats:
    """`FEATURES` of the chosen articles; the margin is the lead over the best other article."""
    scores = fused(semantic, lexical)
    order = np.argsort(-scores)[:2]
    rows = []
    for number in chosen:
        others = [float(scores[o]) for o in order if o != number]
        margin = float(scores[number]) - others[0] if others else float(scores[number])
        rows.append([float(semantic[number]), margin, float(lexical[number]), irrelevant])
    return np.array(rows, np.float32).reshape(len(rows), len(FEATURES))


def nearness_to_irrelevant(placed: Floats, irrelevant: Floats) -> float:
    """Mean nearness to the nearest irrelevant example texts; 0 without examples."""
    if len(irrelevant) < NEAREST:
        return 0.0
    return float(np.sort(irrelevant @ placed)[-NEAREST:].mean())


def fit_logistic(features: Floats, is_right: Flags, *, l2: float = 1e-3) -> tuple[tuple[float, ...], float]:
    """Weights and intercept by Newton's method on standardised features.

    Args:
        features: shape ``(n, k)``.
        is_right: shape ``(n,)``.
        l2: penalty per mean loss.
    """
    data = features.astype(np.float64)
    centre, scale = data.mean(axis=0), np.maximum(data.std(axis=0), 1e-9)
    design = np.column_stack([np.where(scale > 1e-8, (data - centre) / scale, 0.0), np.ones(len(data))])
    wanted = is_right.astype(np.float64)
    penalty = l2 * np.eye(design.shape[1])
    at: Doubles = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(design @ at, -30, 30)))
        slope = design.T @ (chance - wanted) / len(wanted) + penalty @ at
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design / len(wanted) + penalty
        step = np.linalg.solve(curvature, slope)
        at = at - step
        if float(np.abs(step).max()) < 1e-8:
            break
    weights = np.where(scale > 1e-8, at[:-1] / scale, 0.0)
    return tuple(float(w) for w in weights), float(at[-1] - weights @ centre)


def choose_floor(probabilities: Floats, is_acceptable: Flags, *, risk: float) -> float:
    """The lowest probability above which at most `risk` of what is shown is not acceptable; 1.01 if none is.

    The share is estimated as ``(bad + 1) / (shown + 1)``, so that a handful of lucky texts sets no floor.
    """
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    bad = np.cumsum(~is_acceptable[order])
    share = (bad + 1) / (np.arange(len(order)) + 2)
    is_end = np.append(ranked[1:] != ranked[:-1], True)  # equal probabilities are shown together
    good = np.flatnonzero((share <= risk) & is_end)
    return float(ranked[good[-1]]) if len(good) else 1.01
