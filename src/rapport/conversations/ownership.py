"""Changes of owner: each is one transaction with its record, its activity line and its news."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.db import transaction

from rapport.conversations.contracts import (
    SYSTEM,
    Briefing,
    ConversationInfo,
    MessageDraft,
    MessageInfo,
    MessageType,
    Owner,
    Status,
    Verification,
)
from rapport.conversations.errors import WrongOwner
from rapport.conversations.incoming import ask_assistant, wake_up
from rapport.conversations.logic.ownership import Move, Position, after, assistant_may_speak
from rapport.conversations.logic.record_lines import HANDED_OVER, RESOLVED
from rapport.conversations.models import Conversation
from rapport.conversations.presenter import present_conversation
from rapport.conversations.queries import conversation_info, conversation_rows
from rapport.conversations.services import append_message, lock_conversation, note_return, save_conversation
from rapport.customers import api as customers
from rapport.jobs import api as jobs
from rapport.kernel.clock import now


def _move(row: Conversation, move: Move) -> None:
    here = _position(row)
    there = after(here, move)
    if there is None:
        raise WrongOwner(owner=row.owner, status=row.status, move=move.value)
    row.owner, row.status = there.owner.value, there.status.value
    row.generation += 1
    row.resolved_at = now() if move is Move.RESOLVE else None
    row.snoozed_until = row.snoozed_until if move is Move.SNOOZE else None
    if here.owner is not there.owner:
        if there.owner is Owner.ASSISTANT:
            note_return(row)
        row.queued_at = {"queue": now(), "agent": row.queued_at}.get(row.owner)
    if row.owner != "agent":
        row.assignee_id = None


_TOLD = ("status", "owner", "assignee_id", "team_id")
"""Fields whose change is told."""


def _told(row: Conversation) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _TOLD}


def _finish(row: Conversation, activity: str, before: dict[str, Any]) -> ConversationInfo:
    """Store what was changed since `before`, as `_told` gave it, and tell it."""
    if activity:
        append_message(row, MessageDraft(MessageType.ACTIVITY, activity, SYSTEM))
    save_conversation(row)
    info = conversation_info(conversation_rows().get(pk=row.pk))
    changed = [
        {name: {"current_value": value, "previous_value": before[name]}}
        for name, value in _told(row).items()
        if value != before[name]
    ]
    data = {**present_conversation(info), "changed_attributes": changed}
    kind = "conversation_status_changed" if before["status"] != row.status else "conversation_updated"
    jobs.publish(kind, ["desk"], data)
    _tell_customer(row, kind)
    if "queue" in {before["owner"], row.owner}:
        jobs.publish("queue_updated", ["desk"], {"id": row.display_id, "owner": row.owner})
    return info


def _note(row: Conversation, kind: str, title: str) -> None:
    """A line on the customer's timeline."""
    customers.add_timeline(row.customer_id, kind, title, source="conversations", reference=row.uuid)


def _tell_customer(row: Conversation, kind: str) -> None:
    """What the customer may know of a change: who answers now, and whether the case is open; no labels, no notes."""
    data = {
        "id": row.display_id,
        "status": row.status,
        "owner": row.owner,
        "is_verified": bool(row.verified_ref),
    }
    jobs.publish(kind, [f"conversation:{row.pk}"], data)


def _position(row: Conversation) -> Position:
    return Position(Owner(row.owner), Status(row.status))


@transaction.atomic
def hand_over(conversation_id: int, briefing: Briefing, *, team_id: int | None = None) -> ConversationInfo:
    """The assistant passes the conversation to people; from this commit on it is silent.

    Raises WrongOwner when the assistant does not own it.
    """
    row = lock_conversation(conversation_id)
    before = _told(row)
    _move(row, Move.HAND_OVER)
    row.briefing = dataclasses.asdict(briefing)
    row.team_id = team_id
    _note(row, "handed_over", f"#{row.display_id} handed over to a person")
    return _finish(row, f"{HANDED_OVER}{briefing.reason.replace('_', ' ')}", before)


@transaction.atomic
def take(conversation_id: int, staff_id: int, staff_name: str) -> ConversationInfo:
    """A person takes the conversation."""
    row = lock_conversation(conversation_id)
    before = _told(row)
    _move(row, Move.TAKE)
    row.assignee_id = staff_id
    return _finish(row, f"{staff_name} joined", before)


@transaction.atomic
def assign_team(conversation_id: int, team_id: int | None, by: str) -> ConversationInfo:
    """Say which team should answer; the owner stays as it is."""
    row = lock_conversation(conversation_id)
    before = _told(row)
    row.team_id = team_id
    return _finish(row, f"Team changed by {by}", before)


@transaction.atomic
def release(conversation_id: int, staff_name: str) -> ConversationInfo:
    """A person puts the conversation back in the queue."""
    row = lock_conversation(conversation_id)
    before = _told(row)
    _move(row, Move.RELEASE)
    return _finish(row, f"{staff_name} put the conversation back in the queue", before)


@transaction.atomic
def give_back(conversation_id: int, staff_name: str) -> ConversationInfo:
    """A person returns the conversation to the assistant."""
    row = lock_conversation(conversation_id)
    before = _told(row)
    _move(row, Move.GIVE_BACK)
    row.briefing = {}
    return _finish(row, f"{staff_name} gave the conversation back to the assistant", before)


@transaction.atomic
def resolve(conversation_id: int, by: str) -> ConversationInfo:
    """The conversation's problem is solved."""
    row = lock_conversation(conversation_id)
    before = _told(row)
    _move(row, Move.RESOLVE)
    row.waiting_since = None
    row.unread_count = 0
    _note(row, "conversation_resolved", f"#{row.display_id} resolved")
    return _finish(row, f"{RESOLVED}{by}", before)


@transaction.atomic
def reopen(conversation_id: int, by: str) -> ConversationInfo:
    """Bring a resolved or snoozed conversation back."""
    row = lock_conversation(conversation_id)
    before = _told(row)
    _move(row, Move.REOPEN)
    return _finish(row, f"Reopened by {by}", before)


@transaction.atomic
def snooze(conversation_id: int, until: dt.datetime, by: str) -> ConversationInfo:
    """Put the conversation aside until a time or the customer's next message."""
    row = lock_conversation(conversation_id)
    before = _told(row)
    _move(row, Move.SNOOZE)
    row.snoozed_until = until
    key = f"wake:{row.pk}:{int(until.timestamp())}"
    jobs.enqueue("conversations.wake", {"conversation_id": row.pk}, key=key, run_at=until)
    return _finish(row, f"Snoozed by {by} until {until:%Y-%m-%d %H:%M} UTC", before)


@transaction.atomic
def wake(conversation_id: int) -> None:
    """The end of a snooze; nothing happens when it was woken or resolved before."""
    row = lock_conversation(conversation_id)
    if row.status == "snoozed" and row.snoozed_until and row.snoozed_until <= now():
        before = _told(row)
        _move(row, Move.REOPEN)
        _finish(row, "", before)


@transaction.atomic
def call_assistant(conversation_id: int) -> bool:
    """Let the assistant take its turn although the customer wrote nothing; False while a person has the conversation.

    A resolved conversation is reopened for the assistant, as if the customer had written; one that a person put
    aside comes back to that person.
    """
    row = lock_conversation(conversation_id)
    if row.status in {"resolved", "snoozed"}:
        before = _told(row)
        wake_up(row)
        _finish(row, "Reopened: what a procedure waited for has come", before)
    if row.owner != "assistant":
        return False
    row.generation += 1
    ask_assistant(row, is_click=True)
    save_conversation(row)
    return True


def claim_answer(row: Conversation, generation: int) -> bool:
    """Whether the assistant may now answer this generation of a locked conversation; marks it answered.

    False when a person owns the conversation, when newer messages came, or when it was answered before: the
    caller then stores nothing.
    """
    if not assistant_may_speak(_position(row)):
        return False
    if row.generation != generation or row.answered_generation >= generation:
        return False
    Conversation.objects.filter(pk=row.pk).update(answered_generation=generation)
    row.answered_generation = generation
    return True


@transaction.atomic
def store_answer(
    conversation_id: int, generation: int, draft: MessageDraft, *, language: str = ""
) -> MessageInfo | None:
    """The assistant's one message of a turn, or None when it may not speak any more."""
    row = lock_conversation(conversation_id)
    if not claim_answer(row, generation):
        return None
    message = append_message(row, draft)
    save_conversation(row)
    if language and language != row.language:
        Conversation.objects.filter(pk=row.pk).update(language=language)
    return message


@transaction.atomic
def mark_verified(conversation_id: int, verification: Verification, *, name: str, email: str) -> None:
    """The customer proved who they are: the profile gains the identity and merges with what was known."""
    row = lock_conversation(conversation_id)
    holder = customers.attach_identity(
        row.customer_id, "shop", verification.customer_ref, verified_by=verification.method
    )
    customers.update_customer(holder, {"name": name, "email": email})
    Conversation.objects.filter(pk=row.pk).update(
        customer_id=holder,
        customer_name=name,
        verified_ref=verification.customer_ref,
        verified_method=verification.method,
        verified_at=verification.at,
    )
    info = conversation_info(conversation_rows().get(pk=row.pk))
    jobs.publish("conversation_updated", ["desk"], present_conversation(info))
    _tell_customer(row, "conversation_updated")
