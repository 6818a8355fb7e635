"""Measures of classifiers and span finders, with confidence intervals; pure numpy."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def accuracy(gold: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """Share of rows where both agree, 0..1; 0 without rows."""
    return sum(g == f for g, f in zip(gold, found, strict=True)) / max(1, len(gold))


def macro_f1(gold: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """Mean F1 over the labels that occur in either list, 0..1."""
    labels = set(gold) | set(found)
    if not labels:
        return 0.0
    return sum(f1(*counts(gold, found, label)) for label in labels) / len(labels)


def counts(gold: Sequence[Hashable], found: Sequence[Hashable], label: Hashable) -> tuple[int, int, int]:
    """Hits, false alarms and misses of one label."""
    pairs = list(zip(gold, found, strict=True))
    hits = sum(g == label == f for g, f in pairs)
    return hits, sum(f == label for _, f in pairs) - hits, sum(g == label for g, _ in pairs) - hits


def f1(hits: int, false_alarms: int, misses: int) -> float:
    """Harmonic mean of precision and recall; 0 where nothing was hit."""
    return 2 * hits / (2 * hits + false_alarms + misses) if hits else 0.0


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Probability that a positive row scores above a negative one, ties counting half (Mann-Whitney)."""
    values, flags = np.asarray(scores, float), np.asarray(positive, bool)
    ups, downs = int(flags.sum()), int((~flags).sum())
    if not ups or not downs:
        return 0.5
    ranked, inverse, sizes = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[inverse] if len(ranked) else values
    return float((ranks[flags].sum() - ups * (ups + 1) / 2) / (ups * downs))


def expected_calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 15) -> float:
    """Mean distance of confidence from accuracy over equal-width bins, weighted by size (Naeini et al., 2015)."""
    sure, hit = np.asarray(confidences, float), np.asarray(right, float)
    if not len(sure):
        return 0.0
    places = np.minimum((sure * bins).astype(int), bins - 1)
    total = 0.0
    for place in np.unique(places):
        chosen = places == place
        total += abs(sure[chosen].mean() - hit[chosen].mean()) * chosen.sum()
    return float(total / len(sure))


def interval(share: float, rows: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson score interval of a share of `rows` independent rows; 95 % by default."""
    if not rows:
        return 0.0, 1.0
    centre = share + z * z / (2 * rows)
    spread = z * math.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    scale = 1 + z * z / rows
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, rounded to thousandths."""
    if not len(values):
        return {"p50": 0.0, "p95": 0.0}
    return {f"p{q}": round(float(np.percentile(np.asarray(values, float), q)), 3) for q in (50, 95)}
