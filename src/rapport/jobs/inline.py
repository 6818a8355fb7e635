"""Running due jobs in this process, for tests, simulations and seeding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from rapport.jobs import housekeeping, leasing, relay
from rapport.jobs.contracts import Priority, Registry, Subscription, Tap
from rapport.jobs.running import Outcome, run_claimed
from rapport.kernel import clock

MAX_JOBS = 1_000_000


def run_due(
    registry: Registry,
    until: dt.datetime | None = None,
    *,
    subscriptions: Iterable[Subscription] = (),
    taps: Sequence[Tap] = (),
    is_strict: bool = True,
) -> int:
    """Relay events and run jobs until nothing is due; returns how many attempts were made.

    Args:
        registry: the kinds that can be run.
        until: run timers up to this moment too; each job then sees the clock at its own `run_at` (never
            earlier than the present), so that what it schedules in turn lies where it would have lain.
        subscriptions: events that become jobs.
        taps: who takes news by the batch.
        is_strict: raise a handler's exception (after it was recorded) instead of leaving it to retries.
    """
    every_kind = Registry(
        (*registry.kinds(), *(k for k in housekeeping.own_kinds() if registry.get(k.name) is None))
    )
    subscribers = relay.by_event(subscriptions)
    moment, ran = clock.now(), 0
    while ran < MAX_JOBS:
        if until is None:
            moment = clock.now()
            done = _run_next(every_kind, subscribers, taps, is_strict=is_strict)
        else:
            with clock.use_clock(_fixed(moment)):
                done = _run_next(every_kind, subscribers, taps, is_strict=is_strict)
        ran += done
        if not done:
            due = None if until is None else _next_moment(moment)
            if until is None or due is None or due > until:
                return ran
            moment = due
    raise AssertionError("jobs keep enqueueing jobs")


def _run_next(
    registry: Registry, subscribers: relay.Subscribers, taps: Sequence[Tap], *, is_strict: bool
) -> int:
    while relay.relay(subscribers, taps=taps):
        pass
    jobs = leasing.claim(registry, max_priority=Priority.BULK, limit=1)
    return sum(run_claimed(job, registry, is_strict=is_strict) is not Outcome.LOST for job in jobs)


def _next_moment(moment: dt.datetime) -> dt.datetime | None:
    with clock.use_clock(_fixed(moment)):
        return leasing.look().next_at


class _fixed:  # noqa: N801 - reads as a function where it is used
    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def __call__(self) -> dt.datetime:
        return self.at
