"""Jobs of the assistant."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from rapport.assistant.greeting import GREET_JOB, run_greet
from rapport.assistant.identifying import SEND_CODE_JOB, prune_codes, run_send_code
from rapport.assistant.turn import TurnRunner
from rapport.assistant.waking import run_wake
from rapport.connectors import api as connectors
from rapport.conversations.contracts import TURN_JOB
from rapport.jobs.api import JobContext, JobKind, Priority, ScheduleSpec
from rapport.procedures import api as procedures

SETTLE_JOB = "connectors.settle_intents"
PRUNE_CODES_JOB = "assistant.prune_codes"
PRUNE_EVENTS_JOB = "assistant.prune_events"


def run_settle(_: dict[str, Any], __: JobContext) -> None:
    """Ask connected systems about intents whose result was lost."""
    connectors.settle_open_intents()


def run_prune_codes(_: dict[str, Any], __: JobContext) -> None:
    """Forget codes that have long expired."""
    prune_codes()


def run_wake_due(_: dict[str, Any], __: JobContext) -> None:
    """Call up procedures whose time has come."""
    procedures.call_up_due()


def run_prune_events(_: dict[str, Any], __: JobContext) -> None:
    """Forget events reported long ago."""
    procedures.prune_events()


def job_kinds(runner: TurnRunner) -> tuple[JobKind, ...]:
    """What the worker can do for the assistant."""
    return (
        JobKind(TURN_JOB, runner.run, tries=6, base_s=1, lease_s=20, is_atomic=False),
        JobKind(GREET_JOB, run_greet),
        JobKind(SEND_CODE_JOB, run_send_code, tries=8, is_atomic=False),
        JobKind(SETTLE_JOB, run_settle, is_atomic=False),
        JobKind(PRUNE_CODES_JOB, run_prune_codes),
        JobKind(procedures.WAKE_DUE_JOB, run_wake_due),
        JobKind(PRUNE_EVENTS_JOB, run_prune_events),
        JobKind(
            procedures.WAKE_JOB,
            functools.partial(run_wake, runner.engine),
            tries=6,
            base_s=1,
            is_atomic=False,
        ),
    )


SCHEDULES = (
    ScheduleSpec("settle-intents", SETTLE_JOB, every_s=60),
    ScheduleSpec("prune-codes", PRUNE_CODES_JOB, daily_at=dt.time(3, 20)),
    ScheduleSpec("wake-waiting", procedures.WAKE_DUE_JOB, every_s=20, priority=Priority.NORMAL),
    ScheduleSpec("prune-events", PRUNE_EVENTS_JOB, daily_at=dt.time(3, 30)),
)
