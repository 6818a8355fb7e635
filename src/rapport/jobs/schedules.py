"""Repeated jobs: a row with the next moment each, safe with any number of workers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Min

from rapport.jobs.contracts import ScheduleSpec
from rapport.jobs.enqueueing import enqueue
from rapport.jobs.models import Schedule
from rapport.kernel import clock


def install(specs: Iterable[ScheduleSpec]) -> None:
    """Give each schedule its row; a changed rule starts afresh."""
    now = clock.now()
    for spec in specs:
        row, is_new = Schedule.objects.get_or_create(
            name=spec.name, defaults={"rule": _rule(spec), "next_at": plan_next(spec, None, now)}
        )
        if not is_new and row.rule != _rule(spec):
            Schedule.objects.filter(pk=row.pk).update(rule=_rule(spec), next_at=plan_next(spec, None, now))


def fire_due(specs: Mapping[str, ScheduleSpec]) -> int:
    """Enqueue what is due; of several workers one wins, by comparing `next_at` and by the job's key.

    Returns: how many jobs were enqueued by us.
    """
    now, fired = clock.now(), 0
    for row in Schedule.objects.filter(next_at__lte=now).order_by("next_at"):
        spec = specs.get(row.name)
        if spec is None:
            continue
        with transaction.atomic():
            same = Schedule.objects.filter(pk=row.pk, next_at=row.next_at)
            if same.update(next_at=plan_next(spec, row.next_at, now)):
                key = f"schedule:{spec.name}:{row.next_at.isoformat()}"
                fired += enqueue(spec.job_kind, {}, key=key, priority=spec.priority)
    return fired


def find_next(specs: Mapping[str, ScheduleSpec]) -> dt.datetime | None:
    """When the next schedule is due."""
    found: dt.datetime | None = Schedule.objects.filter(name__in=specs).aggregate(at=Min("next_at"))["at"]
    return found


def plan_next(spec: ScheduleSpec, last: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """The first moment after `now` on the schedule's grid; a new period begins one period from now."""
    if spec.every_s is not None:
        start = last if last is not None else now
        steps = max(1, math.floor((now - start).total_seconds() / spec.every_s) + 1)
        return start + dt.timedelta(seconds=steps * spec.every_s)
    assert spec.daily_at is not None
    zone = ZoneInfo(spec.tz)
    today = now.astimezone(zone).date()
    for day in (today, today + dt.timedelta(days=1)):
        at = dt.datetime.combine(day, spec.daily_at, zone).astimezone(dt.UTC)
        if at > now:
            return at
    raise AssertionError("tomorrow is always after now")


def _rule(spec: ScheduleSpec) -> str:
    return f"every {spec.every_s} s" if spec.every_s is not None else f"daily {spec.daily_at} {spec.tz}"
