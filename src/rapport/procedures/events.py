"""Events reported from outside: each once, and every procedure that waits for it goes on."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db import transaction

from rapport.connectors.contracts import JsonDict
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput
from rapport.kernel.ids import new_uuid
from rapport.procedures.contracts import RESERVED_EVENTS
from rapport.procedures.models import EventReport, Wait
from rapport.procedures.waiting import call_up

KEPT = dt.timedelta(days=90)
_NAME = re.compile(r"[a-z][a-z0-9_.]{0,79}", re.ASCII)


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """What became of a reported event."""

    event_id: str
    woken: int
    """Procedures that go on; 0: nothing waited for it."""
    is_duplicate: bool
    """It was reported before: nothing happens again."""


def report_event(name: str, subject: str, data: JsonDict, *, event_id: str = "", actor: str) -> EventOutcome:
    """Take an event and wake what waits for it. The same `event_id` again has no effect. Raises InvalidInput."""
    name, subject = name.strip(), subject.strip()
    if not _NAME.fullmatch(name):
        raise InvalidInput("A name has small letters, digits, dots and underscores.", field="name")
    if name in RESERVED_EVENTS:
        raise InvalidInput(f"{name} is a word of the house; name the event otherwise.", field="name")
    if len(subject) > 160 or len(event_id) > 120:
        raise InvalidInput("The subject or the event's id is too long.", field="subject")
    event_id = event_id.strip() or new_uuid()
    with transaction.atomic():
        values = {"name": name, "subject": subject, "data": data, "actor": actor, "received_at": now()}
        row, is_new = EventReport.objects.get_or_create(event_id=event_id, defaults=values)
        if not is_new:
            return EventOutcome(event_id, row.woken, is_duplicate=True)
        waiting = Wait.objects.filter(state="waiting", kind="event", event=name, subject=subject)
        row.woken = sum(call_up(wait, name, data) for wait in waiting.order_by("id"))
        row.save(update_fields=["woken"])
        return EventOutcome(event_id, row.woken, is_duplicate=False)


def prune_events() -> None:
    """Forget events older than 90 days."""
    EventReport.objects.filter(received_at__lt=now() - KEPT).delete()
