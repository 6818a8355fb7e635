"""Jobs of the desk: the customer hears who is speaking, and where they stand when that has changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rapport.accounts import api as accounts
from rapport.assistant.api import say
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    MOMENTARY,
    SYSTEM,
    ConversationInfo,
    MessageDraft,
    MessageType,
    Owner,
    Status,
)
from rapport.desk.dispositions import filling
from rapport.jobs import api as jobs
from rapport.jobs.api import JobContext, JobKind, Subscription
from rapport.kernel.clock import now
from rapport.kernel.languages import base_language

TELL_JOB = "desk.tell_customer"
QUEUE_JOB = "desk.queue_news"
FIRST_NEWS_AFTER = dt.timedelta(minutes=2)
MAX_NEWS = 6
"""So often we look where the customer stands, each time twice as late as the time before."""


def run_tell(payload: dict[str, Any], _: JobContext) -> None:
    """Say in the customer's language that a person joined, or that the assistant is back; start the queue's news."""
    data = payload["data"]
    change = next((c["owner"] for c in data.get("changed_attributes", []) if "owner" in c), None)
    if change is None:
        return
    conversation = conversations.find_conversation_by_number(int(data["id"]))
    if conversation is None or conversation.owner.value != change["current_value"]:
        return
    if conversation.owner is Owner.QUEUE:
        is_told = change["previous_value"] == Owner.ASSISTANT.value
        _plan_news(conversation, 1, told=conversations.queue_position(conversation.id) if is_told else 0)
        return
    if conversation.owner is Owner.AGENT:
        tell_joined(conversation)
        return
    text = say("back_to_assistant", base_language(conversation.language))
    source_id = f"owner:{payload['event_id']}"
    conversations.add_message_once(
        conversation.id,
        _news(text, source_id),
    )


def tell_joined(conversation: ConversationInfo) -> None:
    """Say who joined, once per change of owner: at once from the desk, by the job for programs."""
    staff = accounts.find_staff(conversation.assignee_id) if conversation.assignee_id else None
    text = say(
        "handover_agent_joined", base_language(conversation.language), agent=staff.name if staff else ""
    )
    source_id = f"joined:{conversation.generation}"
    conversations.add_message_once(
        conversation.id,
        _news(text, source_id),
    )


def _news(text: str, source_id: str) -> MessageDraft:
    """Something that is true now: for screens, and not worth a mail."""
    return MessageDraft(
        MessageType.TEMPLATE, text, SYSTEM, content_attributes={MOMENTARY: True}, source_id=source_id
    )


def run_queue_news(payload: dict[str, Any], _: JobContext) -> None:
    """Tell a waiting customer where they stand, if it is no longer where they know, and look again later."""
    conversation = conversations.find_conversation(int(payload["conversation_id"]))
    if (
        conversation is None
        or conversation.owner is not Owner.QUEUE
        or conversation.status is not Status.OPEN
    ):
        return
    if conversation.queued_at is None or conversation.queued_at.isoformat() != payload["queued_at"]:
        return
    number = int(payload["number"])
    position = conversations.queue_position(conversation.id)
    if position != payload.get("told"):
        _tell_place(conversation, position, f"queue:{payload['queued_at']}:{number}")
    if number < MAX_NEWS:
        _plan_news(conversation, number + 1, told=position)


def _tell_place(conversation: ConversationInfo, position: int, source_id: str) -> None:
    minutes = conversations.wait_for(position, agents=accounts.count_available_agents())
    text = say("queue_update", base_language(conversation.language), position=position, minutes=minutes)
    conversations.add_message_once(conversation.id, _news(text, source_id))


def _plan_news(conversation: ConversationInfo, number: int, *, told: int) -> None:
    """Look where the customer stands, after a while; `told` is the place they know, 0 for none."""
    assert conversation.queued_at is not None
    queued_at = conversation.queued_at.isoformat()
    payload = {
        "conversation_id": int(conversation.id),
        "queued_at": queued_at,
        "number": number,
        "told": told,
    }
    jobs.enqueue(
        QUEUE_JOB,
        payload,
        key=f"queue-news:{conversation.id}:{queued_at}:{number}",
        run_at=now() + FIRST_NEWS_AFTER * 2 ** (number - 1),
    )


KINDS = (JobKind(TELL_JOB, run_tell), JobKind(QUEUE_JOB, run_queue_news), *filling.KINDS)
SUBSCRIPTIONS = (
    Subscription("conversation_updated", TELL_JOB),
    Subscription("conversation_status_changed", TELL_JOB),
    *filling.SUBSCRIPTIONS,
)
