"""Jobs of connected systems."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings

from rapport.connectors.call_files import prune_files
from rapport.jobs.api import JobContext, JobKind, ScheduleSpec
from rapport.kernel.clock import now

PRUNE_FILES_JOB = "connectors.prune_files"


def run_prune_files(_: dict[str, Any], __: JobContext) -> None:
    """Delete what calls left longer ago than the settings keep it."""
    prune_files(now() - dt.timedelta(days=settings.CALL_FILES_DAYS))


KINDS = (JobKind(PRUNE_FILES_JOB, run_prune_files, is_atomic=False),)
SCHEDULES = (ScheduleSpec("prune-call-files", PRUNE_FILES_JOB, daily_at=dt.time(3, 15)),)
