"""Follows connected systems while a procedure waits for an event: the shop's feed, and answers left as files."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib

from rapport.connectors import api as connectors
from rapport.connectors.contracts import ConnectorDown, JsonDict
from rapport.jobs.api import JobContext, JobKind, ScheduleSpec
from rapport.procedures.contracts import SYSTEM_BACK
from rapport.procedures.events import report_event
from rapport.procedures.mending import KINDS as MENDING_KINDS
from rapport.procedures.mending import SCHEDULES as MENDING_SCHEDULES
from rapport.procedures.models import EventReport, Wait

FOLLOW_JOB = "procedures.follow_shop"
ANSWERS_JOB = "procedures.follow_answers"
ACTOR = "shop"
MOST_PAGES = 40
"""Read in one run; what is left comes with the next."""
MOST_ANSWERS = 1000
"""Looked for in one run, those of the longest waits first."""


def follow_shop() -> int:
    """Report what has happened since the last look; returns how many procedures were woken.

    Raises ConnectorDown: the next run begins where this one stopped.
    """
    waiting = Wait.objects.filter(state="waiting", kind="event").exclude(event=SYSTEM_BACK)
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


def follow_answers() -> int:
    """Report the answers that have come to dropped files; returns how many procedures were woken.

    The event is the action that reads the answer, its subject the name of the dropped file. A folder that cannot be
    read is looked at again by the next run.
    """
    waiting = Wait.objects.filter(state="waiting", kind="event", event__in=connectors.list_answer_events())
    awaited = waiting.order_by("created_at").values_list("event", "subject")[:MOST_ANSWERS]
    woken = 0
    for event, subject in dict.fromkeys(awaited):
        answer = None
        with contextlib.suppress(ConnectorDown):
            answer = connectors.read_answer_file(event, subject)
        if answer is not None:
            mark = hashlib.sha256(f"{event} {subject}".encode()).hexdigest()[:40]
            woken += report_event(event, subject, answer, event_id=f"answer:{mark}", actor="file").woken
    return woken


def _run(_payload: JsonDict, _context: JobContext) -> None:
    follow_shop()


def _run_answers(_payload: JsonDict, _context: JobContext) -> None:
    with connectors.reading_once():
        follow_answers()


KINDS = (
    *MENDING_KINDS,
    JobKind(FOLLOW_JOB, _run, tries=1, is_atomic=False),
    JobKind(ANSWERS_JOB, _run_answers, tries=1, is_atomic=False),
)
SCHEDULES = (
    *MENDING_SCHEDULES,
    ScheduleSpec("follow-shop", FOLLOW_JOB, every_s=20),
    ScheduleSpec("follow-answers", ANSWERS_JOB, every_s=20),
)
