"""Jobs of the e-mail channel. Mail servers are spoken with on the courier's threads: a job only says what is due."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from rapport.channels.kinds.email.collecting import SEND_JOB, list_wanted_kinds, take_news
from rapport.channels.kinds.email.courier import Courier
from rapport.channels.kinds.email.erasing import prune
from rapport.channels.kinds.email.polling import list_polled, poll
from rapport.channels.kinds.email.sending import list_due, send_all
from rapport.jobs.api import JobContext, JobKind, ScheduleSpec, Tap

SWEEP_JOB = "email.sweep"
POLL_JOB = "email.poll"
PRUNE_JOB = "email.prune"
TAP = Tap(list_wanted_kinds, take_news)
SCHEDULES = (
    ScheduleSpec("sweep-mails", SWEEP_JOB, every_s=60),
    ScheduleSpec("poll-mailboxes", POLL_JOB, every_s=60),
    ScheduleSpec("prune-mails", PRUNE_JOB, daily_at=dt.time(3, 35)),
)


def job_kinds(courier: Courier) -> tuple[JobKind, ...]:
    """What a worker can do for mails, with the courier of its process."""

    def send(inbox_id: int) -> None:
        courier.call(f"send:{inbox_id}", functools.partial(send_all, inbox_id))

    def run_send(payload: dict[str, Any], _: JobContext) -> None:
        send(int(payload["inbox_id"]))

    def run_sweep(_: dict[str, Any], __: JobContext) -> None:
        for inbox_id in list_due():
            send(inbox_id)

    def run_poll(_: dict[str, Any], __: JobContext) -> None:
        for inbox_id in list_polled():
            courier.call(f"poll:{inbox_id}", functools.partial(poll, inbox_id))

    return (
        JobKind(SEND_JOB, run_send, is_atomic=False),
        JobKind(SWEEP_JOB, run_sweep, is_atomic=False),
        JobKind(POLL_JOB, run_poll, is_atomic=False),
        JobKind(PRUNE_JOB, run_prune, is_atomic=False),
    )


def run_prune(_: dict[str, Any], __: JobContext) -> None:
    """Forget mails that belong to no conversation, after their time."""
    prune()
