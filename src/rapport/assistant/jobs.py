"""Jobs of the assistant."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rapport.assistant.greeting import GREET_JOB, run_greet
from rapport.assistant.identifying import SEND_CODE_JOB, prune_codes, run_send_code
from rapport.assistant.turn import TurnRunner
from rapport.connectors import api as connectors
from rapport.conversations.contracts import TURN_JOB
from rapport.jobs.api import JobContext, JobKind, ScheduleSpec

SETTLE_JOB = "connectors.settle_intents"
PRUNE_CODES_JOB = "assistant.prune_codes"


def run_settle(_: dict[str, Any], __: JobContext) -> None:
    """Ask connected systems about intents whose result was lost."""
    connectors.settle_open_intents()


def run_prune_codes(_: dict[str, Any], __: JobContext) -> None:
    """Forget codes that have long expired."""
    prune_codes()


def job_kinds(runner: TurnRunner) -> tuple[JobKind, ...]:
    """What the worker can do for the assistant."""
    return (
        JobKind(TURN_JOB, runner.run, tries=6, base_s=1, lease_s=20, is_atomic=False),
        JobKind(GREET_JOB, run_greet),
        JobKind(SEND_CODE_JOB, run_send_code, tries=8, is_atomic=False),
        JobKind(SETTLE_JOB, run_settle, is_atomic=False),
        JobKind(PRUNE_CODES_JOB, run_prune_codes),
    )


SCHEDULES = (
    ScheduleSpec("settle-intents", SETTLE_JOB, every_s=60),
    ScheduleSpec("prune-codes", PRUNE_CODES_JOB, daily_at=dt.time(3, 20)),
)
