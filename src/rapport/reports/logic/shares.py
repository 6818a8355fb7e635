"""Shares with their uncertainty, and the middle and the far end of a set of numbers."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 5
"""Of fewer cases no share is told."""
_Z = 1.959964
"""Normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def is_told(self) -> bool:
        """There are enough cases to speak of a share."""
        return self.of >= FEWEST

    @property
    def share(self) -> float | None:
        """0..1; None of too few cases."""
        return self.count / self.of if self.is_told else None

    @property
    def low(self) -> float | None:
        """Lower end of the 95 % interval; None of too few cases."""
        return wilson(self.count, self.of)[0] if self.is_told else None

    @property
    def high(self) -> float | None:
        """Upper end of the 95 % interval; None of too few cases."""
        return wilson(self.count, self.of)[1] if self.is_told else None


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    assert 0 <= count <= of
    assert of > 0
    p, z2 = count / of, _Z * _Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of a set of numbers and its far end."""

    median: float
    p90: float
    """Nine in ten do not exceed it."""
    mean: float


def spread(values: Sequence[float]) -> Spread | None:
    """None of too few cases to speak of."""
    if len(values) < FEWEST:
        return None
    ordered = sorted(values)
    return Spread(statistics.median(ordered), not_exceeded(ordered, 0.9), statistics.fmean(ordered))


def not_exceeded(ordered: Sequence[float], share: float) -> float:
    """The smallest of sorted values that at least such a share of them does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1]
