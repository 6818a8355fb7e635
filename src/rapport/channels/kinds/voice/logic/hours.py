"""When a person answers the telephone: written by staff in lines, kept as each day's hours."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MAX_LINES = 30
_LINE = re.compile(
    r"([A-Za-z]{3})(?:\s*[-–]\s*([A-Za-z]{3}))?\s+(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})"
)
Hours = list[dict[str, Any]]


class BadHours(ValueError):
    """A line that is no days and hours; it is the message."""


def read_hours(text: str) -> Hours:
    """Lines such as ``Mon-Fri 8:00-17:00`` as a span for each day. Raises BadHours."""
    lines = [line.strip() for line in re.split(r"[\n;]", text) if line.strip()]
    if len(lines) > MAX_LINES:
        raise BadHours(lines[MAX_LINES])
    return [span for line in lines for span in _spans(line)]


def _spans(line: str) -> Iterable[dict[str, Any]]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise BadHours(line)
    names = [name.title() for name in (found[1], found[2] or found[1])]
    figures = [int(found[n]) for n in range(3, 7)]
    if any(name not in DAYS for name in names):
        raise BadHours(line)
    opens, closes = figures[0] * 60 + figures[1], figures[2] * 60 + figures[3]
    first, last = (DAYS.index(name) for name in names)
    if first > last or max(figures[1], figures[3]) > 59 or not opens < closes <= 24 * 60:
        raise BadHours(line)
    for day in range(first, last + 1):
        yield {
            "day_of_week": (day + 1) % 7,
            "closed_all_day": False,
            "open_hour": figures[0],
            "open_minutes": figures[1],
            "close_hour": figures[2],
            "close_minutes": figures[3],
        }


def write_hours(hours: Sequence[Mapping[str, Any]]) -> str:
    """The lines again; days with the same hours that follow each other share one."""
    spans = [(day, _written(span)) for span in hours if (day := _day(span)) is not None]
    lines: list[tuple[int, int, str]] = []
    for day, written in spans:
        if lines and lines[-1][2] == written and lines[-1][1] == day - 1:
            lines[-1] = (lines[-1][0], day, written)
        else:
            lines.append((day, day, written))
    return "\n".join(
        f"{DAYS[first]} {written}" if first == last else f"{DAYS[first]}-{DAYS[last]} {written}"
        for first, last, written in lines
    )


def _day(span: Mapping[str, Any]) -> int | None:
    """Monday is 0; kept as web calendars count, from Sunday."""
    day = span.get("day_of_week")
    return None if span.get("closed_all_day") or not isinstance(day, int) else (day - 1) % 7


def _written(span: Mapping[str, Any]) -> str:
    opens = f"{span.get('open_hour', 0)}:{span.get('open_minutes', 0):02d}"
    return f"{opens}-{span.get('close_hour', 24)}:{span.get('close_minutes', 0):02d}"


def is_open(hours: Sequence[Mapping[str, Any]], local: dt.datetime) -> bool:
    """Whether somebody answers at a moment, in the inbox's own time; always, where no hours are kept."""
    if not hours:
        return True
    minute = local.hour * 60 + local.minute
    return any(
        int(span.get("open_hour", 0)) * 60 + int(span.get("open_minutes", 0))
        <= minute
        < int(span.get("close_hour", 24)) * 60 + int(span.get("close_minutes", 0))
        for span in hours
        if _day(span) == local.weekday()
    )
