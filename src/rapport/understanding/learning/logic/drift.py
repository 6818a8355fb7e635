"""Whether customers write differently from before: distances of distributions, against what chance would give."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rapport.understanding.evaluation.measures import interval

Counts = Mapping[str, int]
LEAST_MESSAGES = 100
"""Windows with fewer messages are not compared."""
NOTABLE_INDEX = 0.2
"""A population stability index from which a shift is commonly acted on."""
NOTABLE_CHANGE = 0.05
"""Shares must differ by this much, beyond chance, to be worth an alarm."""
_SMOOTHING = 0.5


@dataclass(frozen=True, slots=True)
class Shift:
    """One measure compared over two windows."""

    measure: str
    value: float
    """The index, or the present share."""
    limit: float
    is_alarming: bool
    detail: dict[str, Any] = field(default_factory=dict)


def stability_index(before: Counts, after: Counts) -> float:
    """Population stability index, 0 for equal distributions; half a count is added to each category.

    ``PSI = sum((a - b) * ln(a / b))`` over the shares of each category.
    """
    return sum((a - b) * math.log(a / b) for a, b in _shares(before, after).values())


def divergence(before: Counts, after: Counts) -> float:
    """Jensen-Shannon divergence in bits, 0..1."""
    total = 0.0
    for a, b in _shares(before, after).values():
        middle = (a + b) / 2
        total += (a * math.log2(a / middle) + b * math.log2(b / middle)) / 2
    return total


def _shares(before: Counts, after: Counts) -> dict[str, tuple[float, float]]:
    """Smoothed shares ``(after, before)`` of every category in either window."""
    names = sorted({*before, *after})
    total_b = sum(before.values()) + _SMOOTHING * len(names)
    total_a = sum(after.values()) + _SMOOTHING * len(names)
    return {
        n: ((after.get(n, 0) + _SMOOTHING) / total_a, (before.get(n, 0) + _SMOOTHING) / total_b)
        for n in names
    }


def chance_limit(categories: int, before: int, after: int) -> float:
    """The index that chance alone exceeds once in a hundred windows.

    Without a change ``PSI / (1/n + 1/m)`` follows a chi-square with ``categories - 1`` degrees of freedom;
    its 99 % quantile is taken by the Wilson-Hilferty approximation.
    Source: B. Yurdakul, Statistical properties of population stability index, 2018, section 3.
    """
    degrees = max(1, categories - 1)
    quantile = degrees * (1 - 2 / (9 * degrees) + 2.326 * math.sqrt(2 / (9 * degrees))) ** 3
    return quantile * (1 / max(1, before) + 1 / max(1, after))


def compare_counts(measure: str, before: Counts, after: Counts) -> Shift | None:
    """A distribution over two windows; None while either holds too few messages."""
    rows_b, rows_a = sum(before.values()), sum(after.values())
    if min(rows_b, rows_a) < LEAST_MESSAGES:
        return None
    value = stability_index(before, after)
    limit = max(NOTABLE_INDEX, chance_limit(len({*before, *after}), rows_b, rows_a))
    moved = sorted(_shares(before, after).items(), key=lambda item: -abs(item[1][0] - item[1][1]))[:5]
    detail = {
        "divergence": round(divergence(before, after), 4),
        "rows": [rows_b, rows_a],
        "moved": [[name, round(b, 4), round(a, 4)] for name, (a, b) in moved],
    }
    return Shift(measure, round(value, 4), round(limit, 4), value > limit, detail)


def compare_shares(measure: str, before: tuple[int, int], after: tuple[int, int]) -> Shift | None:
    """A share ``(hits, of)`` over two windows, by 95 % intervals that do not meet; None for too few rows."""
    if min(before[1], after[1]) < LEAST_MESSAGES:
        return None
    was, now = before[0] / before[1], after[0] / after[1]
    low, high = interval(now, after[1])
    floor, ceiling = interval(was, before[1])
    limit = max(ceiling, was + NOTABLE_CHANGE) if now >= was else min(floor, was - NOTABLE_CHANGE)
    is_beyond = low > ceiling or high < floor
    detail = {
        "before": round(was, 4),
        "interval": [round(low, 4), round(high, 4)],
        "rows": [before[1], after[1]],
    }
    return Shift(
        measure, round(now, 4), round(limit, 4), is_beyond and abs(now - was) >= NOTABLE_CHANGE, detail
    )
