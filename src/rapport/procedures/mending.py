"""Calls that connected systems did not take: on record, and made again when the system answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count

from rapport.connectors import api as connectors
from rapport.jobs.api import JobContext, JobKind, ScheduleSpec
from rapport.kernel.clock import now
from rapport.procedures.contracts import SYSTEM_BACK, Effect, Mend
from rapport.procedures.logic.mending import AGREED
from rapport.procedures.models import Mending, Wait
from rapport.procedures.waiting import RunPlace, call_up

MAKE_AGAIN_JOB = "procedures.make_again"
BATCH = 100
"""Kept calls of one system that are made again in one run: one that has just come back is not flooded."""
PAUSES_S = (5, 15, 45, 120, 300, 600)
"""Before the first, second … repetition [s]."""


@dataclass(frozen=True, slots=True)
class MendingInfo:
    """A call that a connected system did not take."""

    id: int
    number: int
    """Of the conversation, as staff see it."""
    procedure: str
    system: str
    action: str
    is_agreement: bool
    """It was the customer's yes that was kept; without an action and not this: what they asked for, or answered."""
    way: str
    outcome: str
    began_at: dt.datetime
    ended_at: dt.datetime | None


def record_mends(place: RunPlace, effects: tuple[Effect, ...]) -> None:
    """Note what was done about failed calls, in the transaction of the turn."""
    for effect in effects:
        if isinstance(effect, Mend):
            _record(place, effect)


def _record(place: RunPlace, mend: Mend) -> None:
    kept = Mending.objects.filter(key=mend.key[:160], way="kept", outcome="")
    agreed = Mending.objects.filter(key=f"{mend.instance}:{AGREED}"[:160], way="kept", outcome="")
    if mend.way != "kept" and (kept.update(outcome=mend.way, ended_at=now()) or _end(agreed, mend.way)):
        return
    if mend.way not in {"kept", "otherwise", "person"}:
        return
    if mend.way == "kept" and agreed.exists() and mend.action:
        return  # the yes was kept already: the same wish, waiting on
    Mending.objects.get_or_create(
        key=mend.key[:160],
        defaults={
            "conversation_id": int(place.conversation.id),
            "procedure": mend.procedure,
            "instance": mend.instance,
            "system": mend.system[:40],
            "action": mend.action,
            "way": mend.way,
            "began_at": now(),
            "ended_at": None if mend.way == "kept" else now(),
        },
    )


def _end(kept: Any, outcome: str) -> int:
    return int(kept.update(outcome=outcome, ended_at=now()))


def list_mendings(limit: int = 100) -> list[MendingInfo]:
    """What was done about failed calls: what is still kept first, then the latest."""
    rows = Mending.objects.select_related("conversation").order_by("-began_at")
    still = list(rows.filter(way="kept", outcome="")[:limit])
    return [
        MendingInfo(
            row.pk,
            row.conversation.display_id,
            row.procedure,
            row.system,
            row.action,
            row.key.endswith(f":{AGREED}"),
            row.way,
            row.outcome,
            row.began_at,
            row.ended_at,
        )
        for row in [*still, *rows.exclude(way="kept", outcome="")[: limit - len(still)]]
    ]


def count_kept() -> dict[str, int]:
    """System → wishes that are kept for it."""
    found = Mending.objects.filter(way="kept", outcome="").values("system").annotate(count=Count("id"))
    return {row["system"]: row["count"] for row in found}


def make_again() -> int:
    """Call up what waits for systems that answer again; returns how many. One look-up while nothing does."""
    waiting = Wait.objects.filter(state="waiting", kind="event", event=SYSTEM_BACK)
    systems = list(waiting.order_by().values_list("subject", flat=True).distinct())
    called = 0
    for system in systems:
        if not connectors.is_answering(system):
            continue
        for row in waiting.filter(subject=system).order_by("created_at")[:BATCH]:
            if now() >= row.created_at + _pause(row.facts):
                called += call_up(row, SYSTEM_BACK, {})
    return called


def _pause(facts: dict[str, Any]) -> dt.timedelta:
    tries = int(facts.get("tries", 1))
    return dt.timedelta(seconds=PAUSES_S[min(tries, len(PAUSES_S)) - 1])


def _run(_payload: dict[str, Any], _context: JobContext) -> None:
    with transaction.atomic():
        make_again()


KINDS = (JobKind(MAKE_AGAIN_JOB, _run, tries=1),)
SCHEDULES = (ScheduleSpec("make-again", MAKE_AGAIN_JOB, every_s=10),)
