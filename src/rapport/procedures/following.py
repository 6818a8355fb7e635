"""Follows the connected shop's feed while a procedure waits for an event: what happens there wakes it."""

from __future__ import annotations

import datetime as dt

from rapport.connectors import api as connectors
from rapport.connectors.contracts import JsonDict
from rapport.jobs.api import JobContext, JobKind, ScheduleSpec
from rapport.procedures.events import report_event
from rapport.procedures.models import EventReport, Wait

FOLLOW_JOB = "procedures.follow_shop"
ACTOR = "shop"
MOST_PAGES = 40
"""Read in one run; what is left comes with the next."""


def follow_shop() -> int:
    """Report what has happened since the last look; returns how many procedures were woken.

    Raises ConnectorDown: the next run begins where this one stopped.
    """
    waiting = Wait.objects.filter(state="waiting", kind="event")
    first = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    if first is None:
        return 0
    seen, woken = _last_seen(), 0
    for _ in range(MOST_PAGES):
        events = connectors.read_shop_events(seen)
        if not events:
            break
        for event in events:
            if dt.datetime.fromisoformat(event.at) >= first.replace(microsecond=0):
                name = f"{ACTOR}:{event.id}"
                woken += report_event(event.name, event.subject, event.data, event_id=name, actor=ACTOR).woken
        seen = events[-1].id
    return woken


def _last_seen() -> int:
    """The newest event of the shop that was reported."""
    row = EventReport.objects.filter(actor=ACTOR).order_by("-id").values_list("event_id", flat=True).first()
    return int(row.partition(":")[2]) if row else 0


def _run(_payload: JsonDict, _context: JobContext) -> None:
    follow_shop()


KINDS = (JobKind(FOLLOW_JOB, _run, tries=1, is_atomic=False),)
SCHEDULES = (ScheduleSpec("follow-shop", FOLLOW_JOB, every_s=20),)
