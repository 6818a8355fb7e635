"""Moments, days and durations of definitions; the present moment is always given, never read from a clock."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

MAX_DAYS = 36_500.0
"""A hundred years: what is further away is a mistake."""

_UNITS = {
    "minute": dt.timedelta(minutes=1),
    "hour": dt.timedelta(hours=1),
    "day": dt.timedelta(days=1),
    "week": dt.timedelta(weeks=1),
}
DURATION_PATTERN = rf"^\s*[1-9][0-9]{{0,5}}\s+({'|'.join(_UNITS)})s?\s*$"
DURATIONS = "a duration such as '30 minutes', '2 hours', '3 days' or '4 weeks'"
_DURATION = re.compile(DURATION_PATTERN)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def read_duration(text: str) -> dt.timedelta | None:
    """The duration a text like ``3 days`` means; None when it is none, or longer than a hundred years."""
    match = _DURATION.match(text)
    if match is None:
        return None
    found = int(text.split(maxsplit=1)[0]) * _UNITS[match.group(1)]
    return found if found <= dt.timedelta(days=MAX_DAYS) else None


def duration_text(duration: dt.timedelta) -> str:
    """A duration as it is written in a definition."""
    for name, unit in reversed(_UNITS.items()):
        count, rest = divmod(duration, unit)
        if count and not rest:
            return f"{count} {name}{'s' if count > 1 else ''}"
    return f"{duration.total_seconds() / 60:g} minutes"


def read_moment(value: Any, now: dt.datetime) -> dt.datetime | None:
    """The moment a date, an ISO text or seconds since 1970 mean, in the time zone of `now`."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return dt.datetime.fromtimestamp(value, now.tzinfo) if 0 <= value < 4e9 else None
    if not isinstance(value, str):
        return None
    try:
        found = dt.datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return found.replace(tzinfo=now.tzinfo) if found.tzinfo is None else found.astimezone(now.tzinfo)


def days_since(value: Any, now: dt.datetime | None) -> float | None:
    """Calendar days from a moment to the present day: 1.0 for any time yesterday; negative for what is to come."""
    moment = None if now is None else read_moment(value, now)
    return None if moment is None or now is None else float((now.date() - moment.date()).days)


def days_until(value: Any, now: dt.datetime | None) -> float | None:
    """Calendar days from the present day to a moment."""
    days = days_since(value, now)
    return None if days is None else 0.0 - days


def add_days(value: Any, days: Any, now: dt.datetime | None) -> str | None:
    """A day or moment some days later, written as it was given: a date stays a date."""
    moment = None if now is None else read_moment(value, now)
    if moment is None or not isinstance(days, (int, float)) or not abs(days) <= MAX_DAYS:
        return None
    try:
        later = moment + dt.timedelta(days=float(days))
    except OverflowError:
        return None
    is_day = isinstance(value, str) and bool(_DAY.match(value.strip()))
    return later.date().isoformat() if is_day else iso(later)


def iso(moment: dt.datetime) -> str:
    """A moment as text; moments of one time zone sort as texts."""
    return moment.isoformat(timespec="seconds")
