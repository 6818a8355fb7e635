"""Repeated jobs."""

from __future__ import annotations

import datetime as dt

import pytest

from rapport.jobs import schedules
from rapport.jobs.contracts import ScheduleSpec
from rapport.jobs.models import Job, Schedule
from rapport.kernel.clock import SteppedClock, use_clock

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
EVERY = ScheduleSpec("poll", "mail.poll", every_s=60)


def s(seconds: float) -> dt.timedelta:
    return dt.timedelta(seconds=seconds)


def test_missed_firings_collapse_and_the_grid_is_kept():
    assert schedules.plan_next(EVERY, None, NOON) == NOON + s(60)
    assert schedules.plan_next(EVERY, NOON, NOON + s(1)) == NOON + s(60)
    assert schedules.plan_next(EVERY, NOON, NOON + s(60)) == NOON + s(120)
    assert schedules.plan_next(EVERY, NOON, NOON + s(601)) == NOON + s(660)


def test_daily_follows_the_wall_clock_of_its_zone_through_the_change_of_time():
    spec = ScheduleSpec("report", "report.send", daily_at=dt.time(6), tz="Europe/Prague")
    saturday = dt.datetime(2026, 3, 28, 4, tzinfo=dt.UTC)
    first = schedules.plan_next(spec, None, saturday)
    assert first == dt.datetime(2026, 3, 28, 5, tzinfo=dt.UTC)
    assert schedules.plan_next(spec, first, first) == dt.datetime(2026, 3, 29, 4, tzinfo=dt.UTC)


def test_a_schedule_has_one_rule():
    with pytest.raises(AssertionError):
        ScheduleSpec("a", "b")


@pytest.mark.django_db
def test_each_firing_makes_one_job_however_many_workers_look():
    now = SteppedClock(NOON)
    specs = {EVERY.name: EVERY}
    with use_clock(now):
        schedules.install([EVERY])
        assert schedules.fire_due(specs) == 0
        now.advance(s(200))
        assert schedules.fire_due(specs) == 1
        assert schedules.fire_due(specs) == 0
        assert schedules.find_next(specs) == NOON + s(240)
    job = Job.objects.get()
    assert (job.kind, job.key) == ("mail.poll", "schedule:poll:2026-03-01T12:01:00+00:00")


@pytest.mark.django_db
def test_a_changed_rule_starts_afresh_and_an_unchanged_one_does_not():
    now = SteppedClock(NOON)
    with use_clock(now):
        schedules.install([EVERY])
        now.advance(s(30))
        schedules.install([EVERY])
        assert Schedule.objects.get().next_at == NOON + s(60)
        schedules.install([ScheduleSpec("poll", "mail.poll", every_s=10)])
        assert Schedule.objects.get().next_at == NOON + s(40)
