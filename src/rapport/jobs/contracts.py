"""The values that cross the border of this package."""

from __future__ import annotations

import datetime as dt
import enum
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rapport.kernel.errors import Conflict, RapportError


class Priority(enum.IntEnum):
    """How soon somebody wants the result."""

    INTERACTIVE = 0
    """A person is waiting now; one worker thread does nothing else."""
    NORMAL = 5
    """Deliveries, timers, follow-ups."""
    BULK = 9
    """Imports, training, pruning."""


class LostLease(Conflict):
    """The job's lease ran out and another worker may have it; the transaction must roll back."""

    code = "lost_lease"


class GiveUp(RapportError):
    """Raised by a handler when another try can't help: the job is dead at once."""

    code = "give_up"


def _already_completed() -> None:
    """What `JobContext.complete` does when the worker completes in the same transaction."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a handler may know about the attempt it is making."""

    job_id: int
    """Row of the job."""
    key: str | None
    """The unique key given at `enqueue`; a good idempotency key for calls to the outside."""
    attempt: int
    """1 for the first try."""
    complete: Callable[[], None] = _already_completed
    """Complete the job inside the handler's own ``transaction.atomic()`` block, so that completion and effect
    commit together; raises `LostLease` when the job is no longer ours. Does nothing for atomic kinds."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of work and how stubbornly it is tried."""

    name: str
    """Dotted name, ``package.verb``."""
    run: Callable[[dict[str, Any], JobContext], None]
    """The handler; gets the payload."""
    tries: int = 5
    """Attempts before the job is dead."""
    base_s: float = 2
    """Pause before the second attempt [seconds]; doubles each time, with jitter."""
    cap_s: float = 3600
    """Longest pause between attempts [seconds]."""
    lease_s: float = 30
    """How long after its worker's death the job is taken by another [seconds]; renewed while it runs."""
    is_atomic: bool = True
    """Run in one transaction with completion. False for handlers that call the outside or compute for long:
    they would hold SQLite's write lock."""


class Registry:
    """The kinds a worker knows."""

    def __init__(self, kinds: Iterable[JobKind] = ()) -> None:
        self._kinds: dict[str, JobKind] = {}
        for kind in kinds:
            assert kind.name not in self._kinds, f"job kind {kind.name!r} is registered twice"
            self._kinds[kind.name] = kind

    def get(self, name: str) -> JobKind | None:
        return self._kinds.get(name)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._kinds))

    def kinds(self) -> tuple[JobKind, ...]:
        return tuple(self._kinds.values())


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """A job that is enqueued again and again; give either `every_s` or `daily_at`."""

    name: str
    """Unique name; the row in the schedule table."""
    job_kind: str
    """Kind of the job enqueued."""
    every_s: float | None = None
    """Period [seconds]; missed firings collapse into one."""
    daily_at: dt.time | None = None
    """Wall-clock time in `tz`, once a day."""
    tz: str = "UTC"
    """Time zone of `daily_at`."""
    priority: Priority = Priority.BULK
    """Priority of the job enqueued."""

    def __post_init__(self) -> None:
        assert (self.every_s is None) != (self.daily_at is None), "give either every_s or daily_at"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Events of one kind become jobs of another, each event once."""

    event_kind: str
    """Kind given to `publish`."""
    job_kind: str
    """Kind of the job; its payload is ``{"event_id", "kind", "data"}``."""
    priority: Priority = Priority.NORMAL
    """Priority of the job."""


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One line of the change feed."""

    MAX_BODY_BYTES: ClassVar[int] = 256 * 1024

    id: int
    """Position; grows, with gaps."""
    kind: str
    """Chatwoot-shaped name such as ``message_created``."""
    topics: tuple[str, ...]
    """Who may hear of it."""
    body: str
    """The payload, encoded as JSON once, when it was published."""

    @property
    def data(self) -> Any:
        """The payload, decoded."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Tap:
    """Whoever takes news by the batch: in the relay's transaction, in order, each event once."""

    wanted: Callable[[], frozenset[str]]
    """Kinds of events it wants just now; asked at every look, so it must be cheap."""
    take: Callable[[Sequence[FeedRow]], None]
    """Gets the events of these kinds, oldest first; must neither wait nor fail."""


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that will not be tried again unless a person says so."""

    id: int
    kind: str
    key: str | None
    attempts: int
    error: str
    """Last traceback, shortened."""
    finished_at: dt.datetime


@dataclass(frozen=True, slots=True)
class JobsHealth:
    """Whether work keeps up."""

    ready: int
    """Jobs due now, running ones included."""
    dead: int
    """Jobs given up on and not yet pruned."""
    lag_s: float
    """Age of the oldest job that is due and not running [seconds]."""
    undispatched: int
    """Events not yet turned into jobs."""
    feed_position: int
    """Newest event."""
