"""Claiming jobs under a lease, and settling them by token.

A claim gives a job a fresh token and counts the attempt. Whoever settles the job must still hold the token,
so that a worker that was stopped beyond its lease can't commit what another worker has taken over.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from rapport.jobs.contracts import JobKind, Priority, Registry
from rapport.jobs.enqueueing import is_unleased
from rapport.jobs.models import Job
from rapport.kernel import clock

UNKNOWN_LEASE_S = 30.0
ERROR_LENGTH = 4000

_LOOK_LEVEL = (
    "EXISTS (SELECT 1 FROM jobs_job WHERE state = 'ready' AND priority = %s AND run_at <= %s"
    " AND (lease_until IS NULL OR lease_until < %s)),"
    " (SELECT min(run_at) FROM jobs_job WHERE state = 'ready' AND priority = %s AND run_at > %s),"
)
_LOOK = (
    f"SELECT {_LOOK_LEVEL * len(Priority)}"  # noqa: S608 - constants only
    " (SELECT min(lease_until) FROM jobs_job WHERE state = 'ready' AND lease_until >= %s)"
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job we hold."""

    id: int
    kind: str
    payload: dict[str, Any]
    key: str | None
    attempt: int
    token: str
    lease_s: float


def claim(registry: Registry, *, max_priority: int, limit: int) -> list[Claimed]:
    """Take the most urgent due jobs, in order of priority and time.

    Jobs that were tried before are taken alone, so that a job that kills its worker does not use up the
    attempts of others claimed with it. Jobs out of attempts are buried here as well: their worker may have
    had no chance.
    """
    for level in sorted(p for p in look().due if p <= max_priority):  # the write lock only if there is work
        with transaction.atomic():
            claimed = _take(_due(level, clock.now()), registry, limit)
        if claimed:
            return claimed
    return []


@dataclass(frozen=True, slots=True)
class Outlook:
    """What there is to do, read in one cheap statement without a lock."""

    due: frozenset[int]
    """Priorities that have a job to be claimed now."""
    next_at: dt.datetime | None
    """When the next one becomes due: its time comes, or the lease of a dead worker ends."""


def look() -> Outlook:
    """See which priorities have due jobs, and when there will be one."""
    now = connection.ops.adapt_datetimefield_value(clock.now())
    values = [value for level in Priority for value in (int(level), now, now, int(level), now)]
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [*values, now])
        row = cursor.fetchone()
    times = [_aware(at) for at in (*row[1::2], row[-1]) if at is not None]
    due = frozenset(int(level) for level, is_due in zip(Priority, row[0:-1:2], strict=True) if is_due)
    return Outlook(due, min(times, default=None))


def renew(held: Iterable[Claimed]) -> None:
    """Prolong leases. Rows locked by a running transaction are skipped: nobody can claim those anyway."""
    now = clock.now()
    for job in held:
        mine = Job.objects.filter(pk=job.id, token=job.token, state=Job.READY)
        with transaction.atomic():
            if not connection.features.has_select_for_update_skip_locked or mine.select_for_update(
                skip_locked=True
            ):
                mine.update(lease_until=now + dt.timedelta(seconds=job.lease_s))


def release(jobs: Sequence[Claimed]) -> None:
    """Give back jobs that were claimed but not begun; the attempt is not counted."""
    if jobs:
        _held(jobs).update(lease_until=None, token="", attempts=F("attempts") - 1)


def complete(job: Claimed) -> bool:
    """Mark a job done, in the caller's transaction; False if it is no longer ours."""
    return bool(_held([job]).update(state=Job.DONE, lease_until=None, finished_at=clock.now(), error=""))


def fail(job: Claimed, kind: JobKind, error: str, *, is_final: bool = False) -> bool:
    """Put a job back for another try, or bury it; True if it is dead now."""
    if is_final or job.attempt >= kind.tries:
        _bury(_held([job]), error)
        return True
    pause_s = backoff_s(kind, job.attempt) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    _held([job]).update(
        lease_until=None,
        token="",
        error=error[-ERROR_LENGTH:],
        run_at=clock.now() + dt.timedelta(seconds=pause_s),
    )
    return False


def backoff_s(kind: JobKind, attempt: int) -> float:
    """Pause after a failed attempt, before jitter [seconds]."""
    return float(min(kind.base_s * 2 ** min(attempt - 1, 40), kind.cap_s))


def _due(level: int, now: dt.datetime) -> QuerySet[Job]:
    rows = Job.objects.filter(state=Job.READY, priority=level, run_at__lte=now).filter(is_unleased(now))
    return rows.order_by("run_at", "pk")


def _aware(at: dt.datetime | str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)


def _held(jobs: Sequence[Claimed]) -> QuerySet[Job]:
    return Job.objects.filter(pk__in=[j.id for j in jobs], token=jobs[0].token, state=Job.READY)


def _bury(rows: QuerySet[Job], error: str) -> None:
    rows.update(
        state=Job.DEAD, lease_until=None, token="", error=error[-ERROR_LENGTH:], finished_at=clock.now()
    )


def _take(due: QuerySet[Job], registry: Registry, limit: int) -> list[Claimed]:
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    now, token, claimed = clock.now(), uuid.uuid4().hex, list[Claimed]()
    for row in due[:limit]:
        kind = registry.get(row.kind)
        if kind is not None and row.attempts >= kind.tries:
            _bury(
                Job.objects.filter(pk=row.pk),
                row.error or f"Given up after {row.attempts} tries: its worker died each time.",
            )
            continue
        if row.attempts and claimed:
            break
        lease_s = kind.lease_s if kind is not None else UNKNOWN_LEASE_S
        claimed.append(Claimed(row.pk, row.kind, row.payload, row.key, row.attempts + 1, token, lease_s))
        if row.attempts:
            break
    for lease_s in {job.lease_s for job in claimed}:
        ids = [job.id for job in claimed if job.lease_s == lease_s]
        Job.objects.filter(pk__in=ids).update(
            lease_until=now + dt.timedelta(seconds=lease_s), token=token, attempts=F("attempts") + 1
        )
    return claimed
