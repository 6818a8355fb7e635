"""Jobs of conversations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rapport.conversations.attachments import prune_files
from rapport.conversations.ownership import wake
from rapport.jobs.api import JobContext, JobKind, ScheduleSpec

PRUNE_FILES_JOB = "conversations.prune_files"


def run_wake(payload: dict[str, Any], _: JobContext) -> None:
    """End a snooze."""
    wake(payload["conversation_id"])


def run_prune_files(_: dict[str, Any], __: JobContext) -> None:
    """Delete files that belong to no message."""
    prune_files()


KINDS = (JobKind("conversations.wake", run_wake), JobKind(PRUNE_FILES_JOB, run_prune_files, is_atomic=False))
SCHEDULES = (ScheduleSpec("prune-files", PRUNE_FILES_JOB, daily_at=dt.time(3, 10)),)
