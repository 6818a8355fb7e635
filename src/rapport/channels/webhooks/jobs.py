"""Jobs of webhooks. Sending itself happens on the courier's threads: a job only says that something is due."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings

from rapport.channels.webhooks.collecting import DELIVER_JOB, list_wanted_kinds, take_news
from rapport.channels.webhooks.courier import Courier
from rapport.channels.webhooks.delivering import expire, list_due
from rapport.channels.webhooks.erasing import prune
from rapport.jobs.api import JobContext, JobKind, ScheduleSpec, Tap
from rapport.kernel.clock import now

SWEEP_JOB = "webhooks.sweep"
PRUNE_JOB = "webhooks.prune"
TAP = Tap(list_wanted_kinds, take_news)
SCHEDULES = (
    ScheduleSpec("sweep-webhooks", SWEEP_JOB, every_s=60),
    ScheduleSpec("prune-webhook-deliveries", PRUNE_JOB, daily_at=dt.time(3, 25)),
)


def job_kinds(courier: Courier) -> tuple[JobKind, ...]:
    """What a worker can do for webhooks, with the courier of its process."""

    def run_deliver(payload: dict[str, Any], _: JobContext) -> None:
        courier.call(int(payload["webhook_id"]))

    def run_sweep(_: dict[str, Any], __: JobContext) -> None:
        expire()
        for webhook_id in list_due():
            courier.call(webhook_id)

    return (
        JobKind(DELIVER_JOB, run_deliver, is_atomic=False),
        JobKind(SWEEP_JOB, run_sweep, is_atomic=False),
        JobKind(PRUNE_JOB, run_prune, is_atomic=False),
    )


def run_prune(_: dict[str, Any], __: JobContext) -> None:
    """Forget deliveries whose time is over."""
    prune(now() - dt.timedelta(days=settings.WEBHOOK_DELIVERY_DAYS))
