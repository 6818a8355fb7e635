"""Jobs of the language model's record: texts are forgotten in time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rapport.jobs.api import JobContext, JobKind, ScheduleSpec
from rapport.understanding.language_model.ledger import forget_texts

FORGET_JOB = "understanding.forget_calls"
SCHEDULES = (ScheduleSpec("forget-language-model-calls", FORGET_JOB, daily_at=dt.time(3, 40)),)


def run_forget(_: dict[str, Any], __: JobContext) -> None:
    """Blank the texts of calls older than 30 days, delete rows older than three years."""
    forget_texts()


def job_kinds() -> tuple[JobKind, ...]:
    """What a worker does for this record."""
    return (JobKind(FORGET_JOB, run_forget),)
