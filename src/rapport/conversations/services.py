"""Writes about conversations and their messages.

What customers send is in `incoming.py`, contacts in `contacts.py`, changes of owner in `ownership.py`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from rapport.conversations.contracts import (
    RETURNED,
    ContactInfo,
    ConversationInfo,
    MessageDraft,
    MessageInfo,
    MessageType,
    Sender,
)
from rapport.conversations.models import Conversation, DisplayCounter
from rapport.conversations.presenter import present_conversation, present_message
from rapport.conversations.queries import conversation_info, conversation_rows, find_message_by_source
from rapport.conversations.statements import insert_message, read_locked, update_conversation_row
from rapport.customers import api as customers
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.errors import NotFound, NotPermitted
from rapport.kernel.languages import base_language

MAX_CONTENT_CHARS = 20_000
"""A longer text is cut and marked; nobody reads more, and every later step stays bounded."""


@transaction.atomic
def create_conversation(
    contact: ContactInfo,
    *,
    language: str = "",
    custom_attributes: Mapping[str, Any] | None = None,
    subject: str = "",
) -> ConversationInfo:
    """A new conversation, owned by the assistant."""
    customer = customers.find_customer(contact.customer_id)
    assert customer is not None
    if customer.is_blocked:
        raise NotPermitted("This contact is blocked.")
    row = Conversation.objects.create(
        display_id=_next_display_id(),
        inbox_id=contact.inbox.id,
        contact_inbox_id=contact.id,
        customer_id=customer.id,
        customer_name=customer.name,
        language=base_language(language or customer.language),
        custom_attributes=dict(custom_attributes or {}),
        additional_attributes={"mail_subject": subject[:200]} if subject else {},
        verified_ref=contact.identifier[:120] if contact.is_hmac_verified else "",
        verified_method="hmac" if contact.is_hmac_verified else "",
        verified_at=now() if contact.is_hmac_verified else None,
        created_at=now(),
        last_activity_at=now(),
    )
    info = conversation_info(conversation_rows().get(pk=row.pk))
    customers.add_timeline(
        customer.id,
        "conversation_started",
        f"Conversation #{info.display_id}",
        source="conversations",
        reference=info.uuid,
    )
    jobs.publish("conversation_created", ["desk"], present_conversation(info))
    return info


def _next_display_id() -> int:
    row, _ = DisplayCounter.objects.select_for_update().get_or_create(name="conversation")
    row.value += 1
    row.save(update_fields=["value"])
    return row.value


def topics_of(conversation_id: int) -> list[str]:
    """Who hears about a conversation: the desk, and its customer."""
    return ["desk", f"conversation:{conversation_id}"]


def lock_conversation(conversation_id: int) -> Conversation:
    """The row, locked until the transaction ends. Raises NotFound."""
    row = read_locked(conversation_id)
    if row is None:
        raise NotFound
    return row


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean_text(text: str) -> str:
    """Message text without NUL and other control characters, bounded in length."""
    kept = _CONTROL.sub("", text)
    kept = kept.encode("utf-8", "replace").decode("utf-8").strip()
    return kept if len(kept) <= MAX_CONTENT_CHARS else kept[:MAX_CONTENT_CHARS] + "…"


def append_message(row: Conversation, draft: MessageDraft) -> MessageInfo:
    """Store a message in a locked conversation and tell the feed. The caller saves the row.

    Internal to this package: use `add_message`, `receive_message`, `receive_answer`.
    """
    at = now()
    row.message_count += 1
    info = insert_message(row.pk, row.message_count, draft, at)
    row.last_activity_at = at
    if draft.type in {MessageType.INCOMING, MessageType.OUTGOING} and not draft.is_private:
        named = draft.content or ", ".join(a.name for a in info.attachments)
        row.preview = named.replace("\n", " ")[:160]
    if draft.type is MessageType.INCOMING:
        row.unread_count += 1
        row.waiting_since = row.waiting_since or at
    elif draft.type is MessageType.OUTGOING and not draft.is_private:
        row.waiting_since = None
        if draft.sender.kind == "user":
            row.unread_count = 0
            row.first_reply_at = row.first_reply_at or at
    is_internal = draft.is_private or draft.type is MessageType.ACTIVITY
    topics = ["desk"] if is_internal else topics_of(row.pk)
    jobs.publish("message_created", topics, present_message(info, row.display_id))
    return info


@transaction.atomic
def add_message(conversation_id: int, draft: MessageDraft) -> MessageInfo:
    """Store a message that asks for no answer of the assistant (an agent's reply, a note, a template)."""
    row = lock_conversation(conversation_id)
    message = append_message(row, draft)
    save_conversation(row)
    return message


@transaction.atomic
def add_message_once(conversation_id: int, draft: MessageDraft) -> MessageInfo:
    """As `add_message`, but a draft whose `source_id` is there already is not stored again."""
    row = lock_conversation(conversation_id)
    known = find_message_by_source(row.pk, draft.source_id) if draft.source_id else None
    if known is not None:
        return known
    message = append_message(row, draft)
    save_conversation(row)
    return message


_COUNTERS = (
    "message_count",
    "last_activity_at",
    "preview",
    "unread_count",
    "waiting_since",
    "first_reply_at",
    "generation",
    "status",
    "owner",
    "resolved_at",
    "queued_at",
    "snoozed_until",
    "assignee_id",
    "team_id",
    "briefing",
)


def save_conversation(row: Conversation) -> None:
    """Write the fields that messages and moves change, in one statement."""
    update_conversation_row(row, _COUNTERS)


@transaction.atomic
def note_typing(conversation_id: int, *, is_typing: bool, who: Sender) -> None:
    """Somebody types: shown to the others; the assistant waits a moment for a customer who is still typing."""
    row = lock_conversation(conversation_id)
    if who.kind == "contact":
        until = (now() + dt.timedelta(seconds=2.5)).isoformat() if is_typing else None
        attributes = {**row.additional_attributes, "typing_until": until}
        Conversation.objects.filter(pk=row.pk).update(additional_attributes=attributes)
    kind = "conversation_typing_on" if is_typing else "conversation_typing_off"
    jobs.publish(
        kind, topics_of(row.pk), {"id": row.display_id, "user": {"name": who.name, "type": who.kind}}
    )


@transaction.atomic
def note_channel_facts(conversation_id: int, facts: Mapping[str, str]) -> None:
    """Keep what the channel knows of a conversation and its customer, such as ``stated_email``; empty ones go."""
    row = lock_conversation(conversation_id)
    kept = {**row.additional_attributes, **facts}
    attributes = {name: value for name, value in kept.items() if value != ""}
    Conversation.objects.filter(pk=row.pk).update(additional_attributes=attributes)


def note_return(row: Conversation) -> None:
    """A person had this locked conversation, and now the assistant has it: what was said before was the person's."""
    row.additional_attributes = {**row.additional_attributes, RETURNED: row.message_count}
    Conversation.objects.filter(pk=row.pk).update(additional_attributes=row.additional_attributes)


@transaction.atomic
def update_conversation(conversation_id: int, changes: Mapping[str, Any]) -> ConversationInfo:
    """Set plain fields (labels, priority, language, sentiment, custom_attributes, seen times) and tell the feed."""
    allowed = {
        "labels",
        "priority",
        "language",
        "sentiment",
        "custom_attributes",
        "agent_last_seen_at",
        "contact_last_seen_at",
        "customer_name",
        "unread_count",
    }
    assert set(changes) <= allowed, set(changes) - allowed
    row = lock_conversation(conversation_id)
    Conversation.objects.filter(pk=row.pk).update(**changes)
    info = conversation_info(conversation_rows().get(pk=row.pk))
    changed = [
        {name: {"current_value": value, "previous_value": getattr(row, name)}}
        for name, value in changes.items()
        if name not in _LOOKED_AT and getattr(row, name) != value
    ]
    data = {**present_conversation(info), "changed_attributes": changed}
    jobs.publish("conversation_updated", ["desk"], data)
    return info


_LOOKED_AT = frozenset({"agent_last_seen_at", "contact_last_seen_at", "unread_count"})
"""Somebody has read it: nothing of the conversation itself changed."""
