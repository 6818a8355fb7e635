"""One attempt at one job: handler, completion or failure."""

from __future__ import annotations

import enum
import logging
import traceback

from django.db import connection, transaction

from rapport.jobs import leasing
from rapport.jobs.contracts import GiveUp, JobContext, JobKind, LostLease, Registry
from rapport.jobs.leasing import Claimed

logger = logging.getLogger(__name__)


class Outcome(enum.Enum):
    """How an attempt ended."""

    DONE = "done"
    """Effect and completion are committed."""
    FAILED = "failed"
    """It will be tried again."""
    DEAD = "dead"
    """It will not be tried again."""
    LOST = "lost"
    """Somebody else has the job; nothing of ours was committed."""


def run_claimed(job: Claimed, registry: Registry, *, is_strict: bool = False) -> Outcome:
    """Run a job we hold; with `is_strict` its exception is raised after it was recorded."""
    kind = registry.get(job.kind) or _unknown_kind(job.kind)
    try:
        return _attempt(job, kind)
    except LostLease:
        logger.warning("job %s (%s) was taken over; rolled back", job.id, job.kind)
        return Outcome.LOST
    except Exception as error:  # the worker loop: any failure of a handler is that job's failure alone
        is_dead = leasing.fail(job, kind, traceback.format_exc(), is_final=isinstance(error, GiveUp))
        log = logger.error if is_dead else logger.warning
        log("job %s (%s) failed, attempt %s", job.id, job.kind, job.attempt, exc_info=True)
        if is_strict:
            raise
        return Outcome.DEAD if is_dead else Outcome.FAILED


def _attempt(job: Claimed, kind: JobKind) -> Outcome:
    if kind.is_atomic:
        with transaction.atomic():
            if not leasing.complete(job):
                raise LostLease(job_id=job.id)
            kind.run(job.payload, JobContext(job.id, job.key, job.attempt))
        return Outcome.DONE
    completion = _Completion(job)
    kind.run(job.payload, JobContext(job.id, job.key, job.attempt, completion.complete))
    if not completion.is_committed and not leasing.complete(job) and not completion.was_called:
        raise LostLease(job_id=job.id)
    return Outcome.DONE


class _Completion:
    """Completion of a non-atomic job by its handler, inside the handler's transaction."""

    def __init__(self, job: Claimed) -> None:
        self.job = job
        self.was_called = False
        self.is_committed = False

    def complete(self) -> None:
        assert connection.in_atomic_block, "call complete() inside transaction.atomic(), beside the effect"
        if not leasing.complete(self.job):
            raise LostLease(job_id=self.job.id)
        self.was_called = True
        transaction.on_commit(self._committed)

    def _committed(self) -> None:
        self.is_committed = True


def _unknown_kind(name: str) -> JobKind:
    """An unknown kind is an ordinary failure of its job: a newer release may know it."""

    def run(_payload: object, _context: JobContext) -> None:
        raise LookupError(f"no handler for job kind {name!r}")

    return JobKind(name, run)
