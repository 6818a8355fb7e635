"""The worker: a pump that hears of work, and lanes (threads) that do it.

The pump watches the database, fires schedules and relays events. Each lane takes jobs up to its own priority
number, so one lane stays free for what a person is waiting for. A third thread renews the leases of what is
held.
"""

from __future__ import annotations

import datetime as dt
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial

from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from rapport.jobs import housekeeping, leasing, relay, schedules, wake
from rapport.jobs.contracts import JobKind, Priority, Registry, ScheduleSpec, Subscription, Tap
from rapport.jobs.leasing import Claimed
from rapport.jobs.running import run_claimed
from rapport.kernel import clock

logger = logging.getLogger(__name__)

IDLE_LOOK_S = 10.0
PUMP_WAIT_S = 0.25
MAX_BATCH = 16
BATCH_BUDGET_S = 0.2
TROUBLE_PAUSE_S = 0.5
UNWANTED_NEWS = 100
"""So many events without a subscriber are put aside at once; every few seconds all of them."""


class Worker:
    """Runs jobs until it is told to stop; any number of workers may share a database."""

    def __init__(
        self,
        registry: Registry | Iterable[JobKind],
        schedules: Iterable[ScheduleSpec] = (),
        subscriptions: Iterable[Subscription] = (),
        *,
        taps: Iterable[Tap] = (),
        threads: int = 2,
        lanes: tuple[int, ...] | None = None,
    ) -> None:
        """Prepare a worker.

        Args:
            registry: the kinds it can run; this package's own are added.
            schedules: repeated jobs; this package's own are added.
            subscriptions: events that become jobs.
            taps: who takes news by the batch.
            threads: number of lanes, when `lanes` is not given.
            lanes: for each lane the largest priority number it takes.
        """
        kinds = registry.kinds() if isinstance(registry, Registry) else tuple(registry)
        self.registry = Registry((*kinds, *housekeeping.own_kinds()))
        self.schedules = {spec.name: spec for spec in (*schedules, *housekeeping.own_schedules())}
        self.subscribers = relay.by_event(subscriptions)
        self.taps = tuple(taps)
        self.lanes = lanes if lanes is not None else default_lanes(threads)
        self._is_stopping = False
        self._crash: BaseException | None = None
        self._work = _Signal()
        self._held = _Held()

    def run(self, *, install_signals: bool = True) -> None:
        """Work until `stop` or SIGTERM/SIGINT; running jobs are finished first."""
        if install_signals:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self.stop())
        lanes = [
            threading.Thread(
                target=self._guarded, args=(partial(self._lane, top),), name=f"lane-{n}-p{top:d}"
            )
            for n, top in enumerate(self.lanes)
        ]
        renewal = threading.Thread(
            target=self._guarded, args=(self._renew_leases,), name="leases", daemon=True
        )
        for thread in (*lanes, renewal):
            thread.start()
        self._guarded(self._pump)
        self._work.tell(Priority)
        for thread in lanes:
            thread.join()
        self._held.close()
        renewal.join()
        connection.close()
        if self._crash is not None:
            raise self._crash

    def stop(self) -> None:
        """Ask the worker to finish what it runs and return; safe in a signal handler."""
        self._is_stopping = True

    def _guarded(self, body: Callable[[], None]) -> None:
        """A thread that fails ends the worker, to be started anew, rather than leave it half alive."""
        try:
            body()
        except BaseException as error:  # noqa: BLE001 - raised again by run()
            self._crash = error
            self.stop()
        finally:
            connection.close()

    def _pump(self) -> None:
        waker = wake.open_waker()
        schedules.install(self.schedules.values())
        has_news, schedules_at, look_at, tidy_at = True, 0.0, 0.0, 0.0
        while not self._is_stopping:
            try:
                if time.monotonic() >= schedules_at:
                    has_news |= bool(schedules.fire_due(self.schedules))
                    schedules_at = time.monotonic() + _until(schedules.find_next(self.schedules))
                if has_news or time.monotonic() >= look_at:
                    is_tidying = time.monotonic() >= tidy_at
                    tidy_at = time.monotonic() + IDLE_LOOK_S if is_tidying else tidy_at
                    look_at = time.monotonic() + self._look(1 if is_tidying else UNWANTED_NEWS)
                has_news = waker.wait(max(0.0, min(PUMP_WAIT_S, look_at - time.monotonic())))
            except DatabaseError as error:
                _recover("watching for jobs", error)
        waker.close()

    def _look(self, unwanted: int) -> float:
        """Relay events and wake the lanes that have work; returns when to look again [seconds from now]."""
        while relay.relay(self.subscribers, unwanted=unwanted, taps=self.taps) and not self._is_stopping:
            self._work.tell(Priority)
        outlook = leasing.look()
        self._work.tell(outlook.due)
        if outlook.due:
            return PUMP_WAIT_S
        return _until(outlook.next_at)

    def _lane(self, max_priority: int) -> None:
        batch = 1
        while not self._is_stopping:
            seen = self._work.count(max_priority)
            try:
                jobs = leasing.claim(self.registry, max_priority=max_priority, limit=batch)
                if not jobs:
                    batch = 1
                    close_old_connections()
                    self._work.wait_beyond(seen, max_priority)
                    continue
                is_quick = self._run_batch(jobs)
                batch = min(batch * 2, MAX_BATCH) if is_quick else 1
            except DatabaseError as error:
                _recover("running jobs", error)

    def _run_batch(self, jobs: list[Claimed]) -> bool:
        """Run a batch; what is left when its time is up goes back. True if all were run."""
        self._held.add(jobs)
        end = time.monotonic() + BATCH_BUDGET_S
        try:
            while jobs:
                run_claimed(jobs[0], self.registry)
                self._held.remove(jobs.pop(0))
                if self._is_stopping or time.monotonic() > end:
                    break
            leasing.release(jobs)
        finally:
            for job in jobs:
                self._held.remove(job)
        return not jobs and time.monotonic() <= end

    def _renew_leases(self) -> None:
        shortest = min((kind.lease_s for kind in self.registry.kinds()), default=leasing.UNKNOWN_LEASE_S)
        tick_s = max(0.02, min(shortest / 8, 1.0))
        while not self._held.wait_closed(tick_s):
            jobs = self._held.take_due()
            if jobs:
                try:
                    leasing.renew(jobs)
                except DatabaseError as error:
                    _recover("renewing leases", error)


def default_lanes(threads: int) -> tuple[int, ...]:
    """Lanes for a number of threads: one for interactive jobs alone, from three on one without bulk."""
    if threads <= 1:
        return (Priority.BULK,)
    middle = (Priority.NORMAL,) if threads > 2 else ()
    return (Priority.INTERACTIVE, *middle, *(Priority.BULK,) * (threads - 1 - len(middle)))


def _until(moment: dt.datetime | None) -> float:
    """Seconds until a moment, at most until the next regular look."""
    if moment is None:
        return IDLE_LOOK_S
    return min(IDLE_LOOK_S, max(0.0, (moment - clock.now()).total_seconds()))


def _recover(doing: str, error: DatabaseError) -> None:
    logger.warning("the database failed while %s; trying again", doing, exc_info=error)
    connection.close()
    time.sleep(TROUBLE_PAUSE_S)


class _Signal:
    """Counters lanes can wait on, one a priority, so that news between a look and a wait is not missed."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._counts = dict.fromkeys(map(int, Priority), 0)

    def count(self, max_priority: int) -> int:
        return sum(n for level, n in self._counts.items() if level <= max_priority)

    def tell(self, levels: Iterable[int]) -> None:
        with self._condition:
            for level in levels:
                self._counts[level] += 1
            self._condition.notify_all()

    def wait_beyond(self, seen: int, max_priority: int) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self.count(max_priority) > seen)


class _Held:
    """The jobs this process holds, and when each lease is to be renewed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[int, Claimed] = {}
        self._renew_at: dict[int, float] = {}
        self._closed = threading.Event()

    def add(self, jobs: Iterable[Claimed]) -> None:
        now = time.monotonic()
        with self._lock:
            for job in jobs:
                self._jobs[job.id] = job
                self._renew_at[job.id] = now + job.lease_s / 4

    def remove(self, job: Claimed) -> None:
        with self._lock:
            if self._jobs.get(job.id) is job:  # not one that another lane claimed after our lease ran out
                del self._jobs[job.id], self._renew_at[job.id]

    def take_due(self) -> list[Claimed]:
        """Jobs whose lease has run a quarter; their next renewal is noted."""
        now = time.monotonic()
        with self._lock:
            due = [self._jobs[pk] for pk, at in self._renew_at.items() if at <= now]
            self._renew_at.update({job.id: now + job.lease_s / 4 for job in due})
        return due

    def close(self) -> None:
        self._closed.set()

    def wait_closed(self, timeout_s: float) -> bool:
        return self._closed.wait(timeout_s)
