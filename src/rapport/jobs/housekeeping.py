"""Pruning of finished jobs and old news, dead jobs, and how far behind the workers are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Min, QuerySet

from rapport.jobs.contracts import DeadJob, JobContext, JobKind, JobsHealth, ScheduleSpec
from rapport.jobs.enqueueing import JOBS_CHANNEL, is_unleased, notify
from rapport.jobs.feed import latest_feed_id
from rapport.jobs.models import FeedEvent, Job
from rapport.kernel import clock

KEEP_DONE = dt.timedelta(days=3)
KEEP_DEAD = dt.timedelta(days=30)
KEEP_FEED = dt.timedelta(days=7)
CHUNK = 2000


def prune() -> int:
    """Delete what its retention has run out on, in chunks so that writers are not kept waiting."""
    now = clock.now()
    return (
        _delete(Job.objects.filter(state=Job.DONE, finished_at__lt=now - KEEP_DONE))
        + _delete(Job.objects.filter(state=Job.DEAD, finished_at__lt=now - KEEP_DEAD))
        + _delete(FeedEvent.objects.filter(is_dispatched=True, at__lt=now - KEEP_FEED))
    )


def list_dead(limit: int = 100) -> list[DeadJob]:
    """Jobs that were given up, newest first."""
    rows = Job.objects.filter(state=Job.DEAD).order_by("-finished_at")[:limit]
    return [DeadJob(j.pk, j.kind, j.key, j.attempts, j.error, j.finished_at or j.run_at) for j in rows]


def revive(job_id: int) -> bool:
    """Give a dead job a new set of attempts; False if it is not dead."""
    dead = Job.objects.filter(pk=job_id, state=Job.DEAD)
    is_revived = bool(dead.update(state=Job.READY, attempts=0, run_at=clock.now(), finished_at=None))
    if is_revived:
        notify(JOBS_CHANNEL)
    return is_revived


def check_health() -> JobsHealth:
    """Counters for the health page."""
    now = clock.now()
    due = Job.objects.filter(state=Job.READY, run_at__lte=now)
    oldest: dt.datetime | None = due.filter(is_unleased(now)).aggregate(at=Min("run_at"))["at"]
    return JobsHealth(
        ready=due.count(),
        dead=Job.objects.filter(state=Job.DEAD).count(),
        lag_s=max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0,
        undispatched=FeedEvent.objects.filter(is_dispatched=False).count(),
        feed_position=latest_feed_id(),
    )


def own_kinds() -> tuple[JobKind, ...]:
    """The kinds of this package; every worker has them."""
    return (JobKind("jobs.prune", _run_prune, is_atomic=False),)


def own_schedules() -> tuple[ScheduleSpec, ...]:
    """The schedules of this package; every worker has them."""
    return (ScheduleSpec("jobs.prune", "jobs.prune", every_s=3600),)


def _run_prune(_payload: dict[str, Any], _context: JobContext) -> None:
    prune()


def _delete(rows: QuerySet[Any]) -> int:
    deleted = 0
    while ids := list(rows.values_list("pk", flat=True)[:CHUNK]):
        deleted += rows.model._base_manager.filter(pk__in=ids).delete()[0]  # noqa: SLF001 - documented Django API
    return deleted
