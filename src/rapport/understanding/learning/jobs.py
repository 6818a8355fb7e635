"""Jobs of learning: train what was accepted, collect what is worth a label, watch what customers write."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from rapport.jobs import api as jobs
from rapport.jobs.api import JobContext, JobKind, Priority, ScheduleSpec
from rapport.kernel.clock import now
from rapport.understanding.learning import collecting, state, watching
from rapport.understanding.learning.retraining import Order, retrain
from rapport.understanding.learning.services import RETRAIN_JOB, SETTLE
from rapport.understanding.learning.workshop import Workshop

COLLECT_JOB = "understanding.collect"
WATCH_JOB = "understanding.watch"
PATIENCE = dt.timedelta(seconds=30)
"""While labels keep coming, nobody waits longer than this for the first of them to take effect."""


@dataclass(frozen=True, slots=True)
class Trainer:
    """Trains in a workshop."""

    workshop: Workshop

    def run(self, payload: dict[str, Any], _: JobContext) -> None:
        """The job handler: nothing to do when a newer change will train anyway, or did already."""
        number = int(payload["number"])
        if not state.is_training_due() or state.is_superseded(number, PATIENCE):
            return
        if state.is_training():
            with transaction.atomic():
                key = f"retrain:{now():%Y%m%d%H%M%S%f}:{number}"
                jobs.enqueue(RETRAIN_JOB, payload, key=key, run_at=now() + SETTLE)
            return
        retrain(self.workshop, Order(actor_id=payload.get("actor_id")))


def run_collect(_: dict[str, Any], __: JobContext) -> None:
    """Put new decisions' instructive messages up for review."""
    collecting.collect()


def run_watch(_: dict[str, Any], __: JobContext) -> None:
    """Count yesterday and compare."""
    watching.watch()


def job_kinds(workshop: Workshop) -> tuple[JobKind, ...]:
    """What the worker can do for learning."""
    return (
        JobKind(RETRAIN_JOB, Trainer(workshop).run, tries=3, lease_s=120, is_atomic=False),
        JobKind(COLLECT_JOB, run_collect, is_atomic=False),
        JobKind(WATCH_JOB, run_watch, is_atomic=False),
    )


SCHEDULES = (
    ScheduleSpec("learning-collect", COLLECT_JOB, every_s=300, priority=Priority.BULK),
    ScheduleSpec("learning-watch", WATCH_JOB, daily_at=dt.time(2, 40), priority=Priority.BULK),
)
