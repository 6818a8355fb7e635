"""The recurring job of reports."""

from __future__ import annotations

from typing import Any

from rapport.jobs.api import JobContext, JobKind, ScheduleSpec
from rapport.reports.gathering import gather

GATHER_JOB = "reports.gather"
AT_ONCE = 5000
"""Conversations read by one job; what is left comes with the next."""


def run_gather(_: dict[str, Any], __: JobContext) -> None:
    """Read what happened in conversations since the last look."""
    gather(limit=AT_ONCE)


KINDS = (JobKind(GATHER_JOB, run_gather, is_atomic=False, lease_s=120),)
SCHEDULES = (ScheduleSpec("gather-reports", GATHER_JOB, every_s=60),)
