"""When customers write: days of the week, hours of the day, growth, and one bad day."""

from __future__ import annotations

import datetime as dt
import random

WEEKDAYS = (1.25, 1.12, 1.05, 1.0, 0.95, 0.6, 0.68)
"""Relative volume, Monday first."""
HOURS = (1, 1, 0, 0, 0, 1, 2, 5, 9, 12, 13, 12, 10, 10, 10, 10, 10, 11, 11, 12, 12, 9, 6, 3)
"""Relative volume by hour of the day, UTC, for customers in Europe mostly."""
GROWTH = (0.75, 1.25)
"""Relative volume at the beginning and at the end."""
SPIKE = 4.5
"""Relative volume of the bad day."""


def plan_moments(
    rng: random.Random, end: dt.datetime, *, days: int, count: int, spike_days_ago: int
) -> list[dt.datetime]:
    """`count` moments in the `days` before `end`, in order."""
    start = end - dt.timedelta(days=days)
    hours = [start + dt.timedelta(hours=n) for n in range(days * 24)]
    weights = [_weight(hour, n / len(hours), end, spike_days_ago) for n, hour in enumerate(hours)]
    chosen = rng.choices(hours, weights, k=count)
    return sorted(hour + dt.timedelta(seconds=rng.uniform(0, 3600)) for hour in chosen)


def _weight(hour: dt.datetime, elapsed_share: float, end: dt.datetime, spike_days_ago: int) -> float:
    growth = GROWTH[0] + (GROWTH[1] - GROWTH[0]) * elapsed_share
    is_spike = (end.date() - hour.date()).days == spike_days_ago
    return WEEKDAYS[hour.weekday()] * (HOURS[hour.hour] + 0.2) * growth * (SPIKE if is_spike else 1.0)
