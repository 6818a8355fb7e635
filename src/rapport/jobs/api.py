"""What other packages call: jobs, timers, the change feed.

`enqueue`, `cancel` and `publish` belong to the caller's transaction. Handlers, schedules and subscriptions
are listed in `rapport.bootstrap` and given to `Worker` (or to `run_due` in tests, simulations and seeding).
"""

from __future__ import annotations

from rapport.jobs.contracts import (
    DeadJob,
    FeedRow,
    GiveUp,
    JobContext,
    JobKind,
    JobsHealth,
    LostLease,
    Priority,
    Registry,
    ScheduleSpec,
    Subscription,
    Tap,
)
from rapport.jobs.enqueueing import cancel, enqueue
from rapport.jobs.feed import latest_feed_id, publish, read_feed
from rapport.jobs.feed_source import FeedSource, open_feed_source
from rapport.jobs.forgetting import forget
from rapport.jobs.housekeeping import check_health, list_dead, prune, revive
from rapport.jobs.inline import run_due
from rapport.jobs.worker import Worker

__all__ = [
    "DeadJob",
    "FeedRow",
    "FeedSource",
    "GiveUp",
    "JobContext",
    "JobKind",
    "JobsHealth",
    "LostLease",
    "Priority",
    "Registry",
    "ScheduleSpec",
    "Subscription",
    "Tap",
    "Worker",
    "cancel",
    "check_health",
    "enqueue",
    "forget",
    "latest_feed_id",
    "list_dead",
    "open_feed_source",
    "prune",
    "publish",
    "read_feed",
    "revive",
    "run_due",
]
