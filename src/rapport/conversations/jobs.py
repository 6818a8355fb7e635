"""Jobs of conversations."""

from __future__ import annotations

from typing import Any

from rapport.conversations.ownership import wake
from rapport.jobs.api import JobContext, JobKind


def run_wake(payload: dict[str, Any], _: JobContext) -> None:
    """End a snooze."""
    wake(payload["conversation_id"])


KINDS = (JobKind("conversations.wake", run_wake),)
