"""Days and weeks of a period in a time zone, as moments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both ends included, as a clock in one place counts them."""

    first: dt.date
    last: dt.date
    zone: str = "UTC"

    def __post_init__(self) -> None:
        assert self.first <= self.last

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def begins_at(self) -> dt.datetime:
        """Midnight before the first day."""
        return midnight(self.first, self.zone)

    @property
    def ends_at(self) -> dt.datetime:
        """Midnight after the last day; not included."""
        return midnight(self.last + DAY, self.zone)

    def previous(self) -> Period:
        """As many days just before."""
        return Period(self.first - self.days * DAY, self.first - DAY, self.zone)

    def weeks(self) -> tuple[Period, ...]:
        """From Monday to Sunday; the first and the last as far as they belong to the period."""
        weeks, first = [], self.first
        while first <= self.last:
            last = min(first + (6 - first.weekday()) * DAY, self.last)
            weeks.append(Period(first, last, self.zone))
            first = last + DAY
        return tuple(weeks)


def midnight(day: dt.date, zone: str) -> dt.datetime:
    """The moment a day begins somewhere, in UTC."""
    return dt.datetime.combine(day, dt.time.min, ZoneInfo(zone)).astimezone(dt.UTC)


def last_days(count: int, now: dt.datetime, zone: str) -> Period:
    """The latest days, today included."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return Period(today - (count - 1) * DAY, today, zone)
