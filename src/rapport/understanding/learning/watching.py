"""Counts day by day what customers write, and says when it differs from the weeks before beyond chance."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from rapport.accounts import api as accounts
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionInfo
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.understanding.learning import queries
from rapport.understanding.learning.collecting import Reading, reading_of, text_of
from rapport.understanding.learning.logic.drift import Shift, compare_counts, compare_shares
from rapport.understanding.logic.cleaning import fold, words
from rapport.understanding.models import DailyFigures, DriftAlarm

WINDOW_DAYS = 7
REFERENCE_DAYS = 28
KEPT_DAYS = 60
"""The first count reads this far back."""
TEXTS_A_DAY = 300
"""Messages a day whose words are looked up among the examples'."""
STRANGE_SHARE = 1 / 3
"""From this share of words that no example holds, a message counts as strange."""
MAX_DECISIONS = 100_000
_PAGE = 200


@dataclass(slots=True)
class _Day:
    """Counts of one day while they are made."""

    messages: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    intents: Counter[str] = field(default_factory=Counter)
    confidence: Counter[str] = field(default_factory=Counter)
    abstained: int = 0
    texts: int = 0
    strange: int = 0


def watch() -> list[Shift]:
    """Count the days that are over, compare the last week with the month before; the alarming measures."""
    today = now().date()
    newest = DailyFigures.objects.order_by("-day").values_list("day", flat=True).first()
    first = max(
        newest + dt.timedelta(days=1) if newest else dt.date.min, today - dt.timedelta(days=KEPT_DAYS)
    )
    if first < today:
        _count(first, today)
    shifts = compare_windows(today - dt.timedelta(days=1))
    _raise_alarms(shifts, today - dt.timedelta(days=1))
    return [shift for shift in shifts if shift.is_alarming]


def _count(first: dt.date, today: dt.date) -> None:
    days: dict[dt.date, _Day] = defaultdict(_Day)
    vocabulary = _vocabulary()
    for decision in _back_to(first):
        day, reading = decision.at.date(), reading_of(decision)
        if reading is not None and day < today:
            _add(days[day], reading, vocabulary)
    with transaction.atomic():
        for number in range((today - first).days):
            day = first + dt.timedelta(days=number)
            found = days.get(day, _Day())
            DailyFigures.objects.update_or_create(
                day=day, defaults={"messages": found.messages, "figures": _figures(found)}
            )


def _back_to(first: dt.date) -> Iterator[DecisionInfo]:
    before, read = None, 0
    while read < MAX_DECISIONS:
        page, before = governance.list_recent_decisions(before=before, limit=_PAGE)
        for decision in page:
            if decision.at.date() >= first:
                yield decision
        read += len(page)
        if before is None or page[-1].at.date() < first:
            return


def _vocabulary() -> frozenset[str]:
    """Every word of the accepted examples."""
    return frozenset(word for row in queries.training_rows() for word in words(fold(row.text)))


def _add(day: _Day, reading: Reading, vocabulary: frozenset[str]) -> None:
    name, probability = reading.ranked[0]
    day.messages += 1
    day.languages[reading.language or "?"] += 1
    day.intents[name] += 1
    day.confidence[f"{min(9, int(probability * 10)) / 10:.1f}"] += 1
    day.abstained += not reading.is_accepted
    if day.texts < TEXTS_A_DAY:
        said = words(fold(text_of(reading.decision)))
        unknown = sum(word not in vocabulary for word in said)
        day.texts += bool(said)
        day.strange += bool(said) and unknown >= STRANGE_SHARE * len(said)


def _figures(day: _Day) -> dict[str, Any]:
    return {
        "languages": dict(day.languages),
        "intents": dict(day.intents),
        "confidence": dict(day.confidence),
        "abstained": day.abstained,
        "texts": day.texts,
        "strange": day.strange,
    }


def compare_windows(last: dt.date) -> list[Shift]:
    """The week that ends on `last` against the four weeks before it; measures with too few messages are left out."""
    start = last - dt.timedelta(days=WINDOW_DAYS - 1)
    after = _sum(start, last)
    before = _sum(start - dt.timedelta(days=REFERENCE_DAYS), start - dt.timedelta(days=1))
    found = [
        compare_counts(name, getattr(before, name), getattr(after, name))
        for name in ("languages", "intents", "confidence")
    ]
    found.append(
        compare_shares("abstained", (before.abstained, before.messages), (after.abstained, after.messages))
    )
    found.append(
        compare_shares("unknown_words", (before.strange, before.texts), (after.strange, after.texts))
    )
    return [shift for shift in found if shift is not None]


def _sum(first: dt.date, last: dt.date) -> _Day:
    total = _Day()
    for row in DailyFigures.objects.filter(day__gte=first, day__lte=last):
        total.messages += row.messages
        for name in ("languages", "intents", "confidence"):
            getattr(total, name).update(row.figures.get(name, {}))
        total.abstained += row.figures.get("abstained", 0)
        total.texts += row.figures.get("texts", 0)
        total.strange += row.figures.get("strange", 0)
    return total


def list_days(limit: int = REFERENCE_DAYS + WINDOW_DAYS) -> list[tuple[dt.date, int, dict[str, Any]]]:
    """The latest days with their counts, oldest first."""
    rows = DailyFigures.objects.order_by("-day")[:limit]
    return [(row.day, row.messages, row.figures) for row in reversed(rows)]


@transaction.atomic
def _raise_alarms(shifts: list[Shift], day: dt.date) -> None:
    for shift in shifts:
        is_open = DriftAlarm.objects.filter(measure=shift.measure, closed_at=None).exists()
        was_lately = DriftAlarm.objects.filter(
            measure=shift.measure, day__gt=day - dt.timedelta(days=WINDOW_DAYS)
        ).exists()
        if shift.is_alarming and not is_open and not was_lately:
            DriftAlarm.objects.create(
                day=day, measure=shift.measure, value=shift.value, limit=shift.limit, detail=shift.detail
            )
            jobs.publish("understanding_drift", ("desk",), {"measure": shift.measure, "day": day.isoformat()})


@transaction.atomic
def close_alarm(alarm_id: int, actor_id: int) -> None:
    """Somebody has looked at it."""
    rows = DriftAlarm.objects.filter(pk=alarm_id, closed_at=None)
    if rows.update(closed_at=now(), closed_by=actor_id):
        accounts.record_audit("drift_alarm_closed", actor_id=actor_id, subject=f"alarm:{alarm_id}")
