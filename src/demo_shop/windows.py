"""Times one can book: working hours cut into windows, some of which others have taken. No clock, no tables."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from demo_shop.text import iso

Hours = Mapping[int, tuple[int, int]]
"""Weekday (0 is Monday) → opening and closing hour, local time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a calendar is cut."""

    hours: Hours
    minutes: int
    days: int
    """How many working days ahead can be booked."""
    notice: timedelta
    """How long before its beginning a window can still be booked."""
    capacity: int
    """How many may have the same window."""


@dataclass(frozen=True, slots=True)
class Window:
    """One bookable time, as UTC texts."""

    starts_at: str
    ends_at: str


def list_windows(plan: Plan, zone: str, after: datetime) -> list[Window]:
    """All windows of the coming working days, in order."""
    earliest = after + plan.notice
    local = ZoneInfo(zone)
    day, days = earliest.astimezone(local).date(), 0
    windows: list[Window] = []
    while days < plan.days:
        opening, closing = plan.hours.get(day.weekday(), (0, 0))
        moment = datetime.combine(day, time(opening), local)
        last = moment + timedelta(hours=closing - opening, minutes=-plan.minutes)
        is_counted = False
        while closing and moment <= last:
            if moment >= earliest:
                end = moment + timedelta(minutes=plan.minutes)
                windows.append(Window(iso(moment.astimezone(UTC)), iso(end.astimezone(UTC))))
                is_counted = True
            moment += timedelta(minutes=plan.minutes)
        days += is_counted
        day += timedelta(days=1)
    return windows


def places_taken(region: str, starts_at: str, capacity: int) -> int:
    """How many places of a window others have, the same at every look: a busy region is fuller at noon."""
    digest = hashlib.sha256(f"{region} {starts_at}".encode()).digest()
    return min(digest[0] % (capacity + 2), capacity)
