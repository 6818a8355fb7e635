"""Outages of connected systems: after repeated failures calls fail at once, until a probe finds the system back.

One row per outage, shared by all processes. While nothing is wrong there is none, and a call costs one look-up.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from rapport.connectors.contracts import ConnectorDown, OutageInfo, RateLimited, Thresholds, UnknownOutcome
from rapport.connectors.models import Connector, Outage
from rapport.connectors.outbound import AddressRefused
from rapport.connectors.remembering import once
from rapport.kernel.clock import now

AWAY, SLOW = "away", "slow"
LONGEST_PAUSE = dt.timedelta(minutes=5)
"""Between two probes of a system that has been away for long."""


class Resting(ConnectorDown):
    """The system failed repeatedly: it is not called until it is found to answer again."""


def thresholds() -> Thresholds:
    """When a system counts as away."""
    found: Thresholds = settings.SYSTEM_THRESHOLDS
    return found


@contextmanager
def watched(system: str, *, may_end: bool = False) -> Iterator[None]:
    """A call of a connected system: fails at once while it rests, and how it went is noted.

    `may_end`: the block surely asks the system itself, so that an answer ends an outage; what is remembered of earlier
    answers does not. Raises Resting.
    """
    outage = _live(system)
    if outage is not None and outage.open_until is not None and now() < outage.open_until:
        Outage.objects.filter(pk=outage.pk).update(spared=F("spared") + 1)
        raise Resting(f"{system} is left alone until {outage.open_until:%H:%M:%S}")
    started = time.monotonic()
    try:
        yield
    except AddressRefused:
        raise
    except (ConnectorDown, UnknownOutcome) as problem:
        note_failure(system, problem)
        raise
    took_s = time.monotonic() - started
    if took_s >= thresholds().slow_s:
        _note_slow(system, took_s)
    elif may_end and outage is not None:
        end(system)


def is_resting(system: str) -> bool:
    """Whether calls of a system fail at once now."""
    outage = _live(system)
    return outage is not None and outage.open_until is not None and now() < outage.open_until


def is_anything_resting() -> bool:
    """Whether calls of any system fail at once now: waiting for it is in vain."""
    return Outage.objects.filter(ended_at=None, open_until__gt=now()).exists()


def is_answering(system: str) -> bool:
    """Whether nothing is known against a system."""
    return not Outage.objects.filter(system=system, ended_at=None, kind=AWAY).exists()


def note_failure(system: str, problem: Exception) -> None:
    """A technical failure: after so many the system is left alone for a while, or for as long as it asks."""
    limits = thresholds()
    with transaction.atomic():
        row = _begin(system, AWAY)
        if row is None:
            return
        row.kind, row.failures = AWAY, row.failures + 1
        row.problem = f"{type(problem).__name__}: {problem}"[:200]
        row.last_at = now()
        wait_s = problem.retry_after_s if isinstance(problem, RateLimited) else 0.0
        if row.failures >= limits.failures:
            wait_s = max(wait_s, limits.pause_s)
        if wait_s > 0:
            row.open_until = now() + dt.timedelta(seconds=wait_s)
        row.save()


def _note_slow(system: str, took_s: float) -> None:
    with transaction.atomic():
        row = _begin(system, SLOW)
        if row is not None:
            row.failures, row.last_at = row.failures + 1, now()
            row.problem = row.problem or f"answered after {took_s:.1f} s"
            row.save()


def _begin(system: str, kind: str) -> Outage | None:
    """The outage under way, or a new one; None for a system nobody has connected."""
    row = Outage.objects.select_for_update().filter(system=system, ended_at=None).first()
    if row is not None:
        return row
    if not Connector.objects.filter(key=system, is_enabled=True).exists():
        return None
    try:
        with transaction.atomic():
            return Outage.objects.create(system=system, kind=kind, began_at=now(), last_at=now())
    except IntegrityError:  # another process was faster
        return Outage.objects.select_for_update().filter(system=system, ended_at=None).first()


def end(system: str) -> bool:
    """The system answers again; False when nothing was wrong."""
    changed = Outage.objects.filter(system=system, ended_at=None).update(ended_at=now(), open_until=None)
    return bool(changed)


def list_outages(limit: int = 50) -> list[OutageInfo]:
    """Outages, those under way first, then the latest."""
    rows = [
        *Outage.objects.filter(ended_at=None).order_by("began_at"),
        *Outage.objects.exclude(ended_at=None).order_by("-began_at")[:limit],
    ]
    return [_info(row) for row in rows]


def list_current_outages() -> list[OutageInfo]:
    """Outages under way, the oldest first; a single failure is none yet."""
    rows = Outage.objects.filter(ended_at=None).order_by("began_at")
    return [_info(row) for row in rows if row.failures > 1 or row.open_until is not None]


def due_for_probe() -> list[str]:
    """Systems with an outage under way that were left alone long enough: the longer it lasts, the seldomer."""
    found = []
    for row in Outage.objects.filter(ended_at=None).order_by("last_at"):
        pause = min(dt.timedelta(seconds=10) + (now() - row.began_at) / 10, LONGEST_PAUSE)
        asked_to_wait = row.open_until is not None and row.open_until > row.last_at + LONGEST_PAUSE
        due_at = row.open_until if asked_to_wait and row.open_until else row.last_at + pause
        if now() >= due_at:
            found.append(row.system)
    return found


def take_alarms() -> list[OutageInfo]:
    """Outages that do not mend themselves and that nobody was told of yet; each is returned once."""
    limit = now() - dt.timedelta(seconds=thresholds().alarm_s)
    found = []
    for row in Outage.objects.filter(ended_at=None, kind=AWAY, alarmed_at=None, began_at__lte=limit):
        if Outage.objects.filter(pk=row.pk, alarmed_at=None).update(alarmed_at=now()):
            found.append(_info(row))
    return found


def _live(system: str) -> Outage | None:
    return once(("outage", system), lambda: Outage.objects.filter(system=system, ended_at=None).first())


def _info(row: Outage) -> OutageInfo:
    return OutageInfo(
        row.pk,
        row.system,
        row.kind,
        row.began_at,
        row.ended_at,
        row.failures,
        row.spared,
        row.problem,
        row.open_until,
        row.alarmed_at,
    )
