"""What a page of reports is about: the period and the inbox out of its address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.timezone import get_current_timezone_name

from rapport.kernel.clock import now
from rapport.reports.logic.periods import Period, last_days

USUAL_DAYS = 28
MOST_DAYS = 731
CHOICES = (7, 28, 90, 365)


@dataclass(frozen=True, slots=True)
class Scope:
    """A period, and one inbox or all."""

    period: Period
    inbox_id: int | None

    def query(self, **more: object) -> str:
        """The address's parameters, with more of them."""
        values = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        given = {"inbox": self.inbox_id, **more}
        return "?" + urlencode({**values, **{k: v for k, v in given.items() if v not in (None, "")}})


def read_scope(parameters: Mapping[str, str]) -> Scope:
    """The scope out of an address; what cannot be read is as if it were not given."""
    zone = get_current_timezone_name()
    usual = last_days(USUAL_DAYS, now(), zone)
    last = _day(parameters.get("to", "")) or usual.last
    first = _day(parameters.get("from", "")) or last - dt.timedelta(days=USUAL_DAYS - 1)
    if first > last:
        first, last = last, first
    first = max(first, last - dt.timedelta(days=MOST_DAYS - 1))
    inbox = parameters.get("inbox", "")
    return Scope(Period(first, last, zone), int(inbox) if inbox.isdecimal() and len(inbox) < 12 else None)


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None
