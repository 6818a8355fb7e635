"""Rows of waiting procedures: kept equal to the dialogues' states, found by time and event, and called up once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from rapport.connectors.contracts import JsonDict
from rapport.conversations.contracts import ConversationInfo
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.procedures.contracts import (
    APPROVED,
    TIMED_OUT,
    Call,
    DialogueState,
    Frame,
    WaitFor,
    Wake,
)
from rapport.procedures.early_events import count_woken, find_early
from rapport.procedures.models import Wait

WAKE_JOB = "assistant.wake"
WAKE_DUE_JOB = "assistant.wake_due"
BATCH = 200
"""So many that are due are called up in one transaction."""
PATIENCE = dt.timedelta(minutes=2)
"""What has come and was not taken up after this long is tried again."""
MAX_TRIES = 5
LIVE = ("waiting", "due")


@dataclass(frozen=True, slots=True)
class Woken:
    """A wait whose end has come, as the interpreter is told."""

    id: int
    conversation_id: int
    role: str
    actor: str
    procedure: str
    kind: str
    wake: Wake
    decided_by: int | None
    tries: int

    @property
    def reason(self) -> str:
        """Why the procedure goes on, for the record."""
        if self.wake.event == TIMED_OUT:
            return "the time it waited for has come"
        if self.kind == "approval":
            return f"a person decided: {self.wake.event}"
        return f"the event it waited for was reported: {self.wake.event}"


@dataclass(frozen=True, slots=True)
class RunPlace:
    """Whose dialogue a state belongs to."""

    conversation: ConversationInfo
    role: str = "customer"
    actor: str = "assistant"
    customer_ref: str = ""
    """Of the verified customer."""


# ── rows follow the state ───────────────────────────────────────────────────────────────────────────


def keep_waits(place: RunPlace, state: DialogueState, woken: Collection[int] = ()) -> None:
    """Make the rows what the state says, in the transaction that stores it; `woken` were taken up by it.

    So whatever stops a procedure (cancelling, a handover, an undo) ends its waiting too.
    """
    wanted = {f.waiting.key: (f, f.waiting) for f in state.waiting if f.waiting is not None}
    for row in _live(place):
        is_taken = row.pk in woken
        if row.key in wanted and not is_taken:
            del wanted[row.key]
            continue
        row.state = "ended" if is_taken else "dropped"
        row.save(update_fields=["state"])
        _tell_desk(row)
    for frame, wait in wanted.values():
        _park(place, frame, wait)


def _live(place: RunPlace) -> QuerySet[Wait]:
    return Wait.objects.filter(conversation_id=int(place.conversation.id), role=place.role, state__in=LIVE)


def _park(place: RunPlace, frame: Frame, wait: WaitFor) -> None:
    here = f"conversation:{place.conversation.display_id}"
    known = Wait.objects.filter(key=wait.key).first()
    at = moment_of(wait.until)
    is_again = known is not None and at is not None and at <= now()
    row, _ = Wait.objects.update_or_create(
        key=wait.key,
        defaults={
            "conversation_id": int(place.conversation.id),
            "role": place.role,
            "instance": frame.instance,
            "procedure": frame.procedure,
            "kind": wait.kind,
            "wake_at": None if is_again else at,  # the same moment does not come twice
            "event": wait.event[:80],
            "subject": (wait.subject or here)[:160] if wait.event else "",
            "team": wait.team or "",
            "title": wait.title[:200],
            "facts": wait.facts,
            "actor": place.actor,
            "state": "waiting",
            "outcome": "",
            "data": {},
            "decided_by": None,
            "tries": 0,
            "created_at": now(),
            "due_at": None,
        },
    )
    _tell_desk(row)
    early = find_early(row, wait)
    if early is not None and call_up(row, early.name, early.data):
        count_woken(early)


def moment_of(until: str | None) -> dt.datetime | None:
    """An ISO 8601 moment; None for none, or for what is not one."""
    try:
        at = dt.datetime.fromisoformat(until) if until else None
    except ValueError:
        return None
    return at.replace(tzinfo=dt.UTC) if at and at.tzinfo is None else at


def _tell_desk(row: Wait) -> None:
    """Open desks refresh their queue of approvals."""
    if row.kind == "approval":
        data = {"approval": row.pk, "state": row.state, "outcome": row.outcome}
        jobs.publish("approval_updated", ["desk"], data)


# ── what has come ───────────────────────────────────────────────────────────────────────────────────


def call_up(row: Wait, event: str, data: JsonDict, *, decided_by: int | None = None) -> bool:
    """What a procedure waited for has come: it goes on by a job. False when it no longer waits.

    In the caller's transaction. Of two that come at once one wins, by the row's state.
    """
    changed = Wait.objects.filter(pk=row.pk, state="waiting").update(
        state="due", outcome=event[:80], data=data, decided_by=decided_by, due_at=now()
    )
    if not changed:
        return False
    row.state, row.outcome = "due", event
    _enqueue(row.pk, 0)
    _tell_desk(row)
    return True


def _enqueue(wait_id: int, tries: int) -> None:
    jobs.enqueue(WAKE_JOB, {"wait_id": wait_id}, key=f"wake:{wait_id}:{tries}:{now().timestamp():.0f}")


def call_up_due() -> int:
    """Call up what is due by time, and again what was called up and not taken up; returns how many.

    Two look-ups by index, whatever the number of waiting procedures.
    """
    at = now()
    due = list(Wait.objects.filter(state="waiting", wake_at__lte=at).order_by("wake_at")[:BATCH])
    called = sum(call_up(row, TIMED_OUT, {}) for row in due)
    stuck = list(Wait.objects.filter(state="due", due_at__lt=at - PATIENCE).order_by("due_at")[:BATCH])
    for row in stuck:
        call_again(row.pk)
    if len(due) == BATCH or len(stuck) == BATCH:
        jobs.enqueue(WAKE_DUE_JOB, {}, key=f"wake-due:{at.isoformat()}")
    return called + len(stuck)


def call_again(wait_id: int) -> bool:
    """Try once more to go on with what has come; after `MAX_TRIES` it has failed, and a person is called."""
    row = Wait.objects.select_for_update().filter(pk=wait_id, state="due").first()
    if row is None:
        return False
    row.tries += 1
    row.due_at = now()
    row.state = "failed" if row.tries >= MAX_TRIES else "due"
    row.save(update_fields=["tries", "due_at", "state"])
    if row.state == "failed":
        _tell_desk(row)
        jobs.enqueue(WAKE_JOB, {"wait_id": row.pk, "is_given_up": True}, key=f"given-up:{row.pk}")
        return False
    _enqueue(row.pk, row.tries)
    return True


def list_woken(conversation_id: int, role: str = "customer") -> tuple[Woken, ...]:
    """What has come for a conversation's procedures and was not taken up yet, in the order it came."""
    rows = Wait.objects.filter(conversation_id=conversation_id, role=role, state="due").order_by(
        "due_at", "id"
    )
    return tuple(_woken(row) for row in rows)


def _woken(row: Wait) -> Woken:
    """A row as the interpreter is told of it."""
    return Woken(
        row.pk,
        row.conversation_id,
        row.role,
        row.actor,
        row.procedure,
        row.kind,
        Wake(row.key, row.outcome, dict(row.data)),
        row.decided_by,
        row.tries,
    )


def find_woken(wait_id: int, state: str = "due") -> Woken | None:
    """What has come, while nobody has taken it up; ``failed``: what nobody could."""
    row = Wait.objects.filter(pk=wait_id, state=state).first()
    return _woken(row) if row else None


def is_approved(call: Call) -> bool:
    """Whether a person has said yes to this very call."""
    row = Wait.objects.filter(key=call.key, kind="approval", outcome=APPROVED).first()
    if row is None or row.state not in {"due", "ended"}:
        return False
    agreed: Any = row.facts.get("arguments", call.arguments)
    return bool(agreed == call.arguments)


def pass_on(conversation_id: int) -> None:
    """A turn could not take up what has come, because a person owns the conversation: it goes on beside it."""
    with transaction.atomic():
        for woken in list_woken(conversation_id):
            call_again(woken.id)
