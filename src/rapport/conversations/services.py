"""Writes about conversations and messages. Contacts are in `contacts.py`, changes of owner in `ownership.py`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, connection, transaction

from rapport.conversations.attachments import customers_files
from rapport.conversations.contracts import (
    TURN_JOB,
    ContactInfo,
    ConversationInfo,
    IncomingText,
    MessageDraft,
    MessageInfo,
    MessageType,
    Sender,
)
from rapport.conversations.errors import NotAnswerable
from rapport.conversations.logic.answers import BadAnswer, check_answer
from rapport.conversations.models import Conversation, DisplayCounter, Message
from rapport.conversations.presenter import present_conversation, present_message
from rapport.conversations.queries import (
    conversation_info,
    conversation_rows,
    find_message_by_source,
    message_info,
)
from rapport.conversations.statements import insert_message, read_locked, update_conversation_row
from rapport.customers import api as customers
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound, NotPermitted
from rapport.kernel.languages import base_language

MAX_CONTENT_CHARS = 20_000
"""A longer text is cut and marked; nobody reads more, and every later step stays bounded."""
DEFAULT_DEBOUNCE_MS = 40
"""Free texts that follow each other this closely are one turn; people who type are waited for by typing signals."""
READ_AHEAD = dt.timedelta(milliseconds=60)
"""So long before its time a turn is begun: it reads what has come, and waits out the rest before it acts."""


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


def receive_message(
    conversation_id: int,
    text: str,
    *,
    source_id: str | None = None,
    sender_name: str = "",
    attachment_ids: tuple[int, ...] = (),
) -> MessageInfo:
    """A customer's free text: stored, and answered by the assistant if it owns the conversation.

    The same `source_id` twice returns the message stored first. Raises InvalidInput for an empty text without
    files.
    """
    content = clean_text(text) if attachment_ids else check_text(text)
    draft = _incoming(content, {}, source_id, attachment_ids)
    return _receive(conversation_id, draft, sender_name)


def check_text(text: str) -> str:
    """A customer's text as it is stored. Raises InvalidInput when nothing is left of it."""
    content = clean_text(text)
    if not content:
        raise InvalidInput("The message is empty.", field="content")
    return content


def receive_texts(texts: Sequence[IncomingText]) -> list[MessageInfo]:
    """Free texts of several customers, each as by `receive_message`, in the caller's transaction: all or none.

    The conversations are locked in the order of their ids, so that two batches do not wait for each other.
    Raises NotFound, IntegrityError: the transaction must then be rolled back.
    """
    assert connection.in_atomic_block, "texts are stored in the caller's transaction"
    stored: dict[int, MessageInfo] = {}
    for place, text in sorted(enumerate(texts), key=lambda pair: pair[1].conversation_id):
        stored[place] = _store_incoming(text.conversation_id, _incoming(text.content, {}, text.source_id))
    return [stored[place] for place in range(len(texts))]


def receive_command(
    conversation_id: int, command: str, title: str, *, source_id: str | None = None
) -> MessageInfo:
    """A customer's click on a control outside the messages, such as "talk to a person"; `title` is its label."""
    return _receive(conversation_id, _incoming(title, {"command": command}, source_id))


def receive_answer(
    conversation_id: int, message_id: int, submitted: list[dict[str, Any]], *, source_id: str | None = None
) -> MessageInfo:
    """A customer's click or form: checked against what the message offers, stored, and answered.

    Raises NotFound, NotAnswerable.
    """
    attributes, lines = _checked_answer(conversation_id, message_id, submitted)
    return _receive(conversation_id, _incoming("\n".join(lines), attributes, source_id))


def receive_files(
    conversation_id: int,
    message_id: int,
    attachment_ids: tuple[int, ...],
    *,
    text: str = "",
    source_id: str | None = None,
) -> MessageInfo:
    """A customer's files as the answer to a message that asks for some. Raises NotFound, NotAnswerable."""
    submitted: list[dict[str, Any]] = [{"value": [str(number) for number in attachment_ids]}]
    attributes, _ = _checked_answer(conversation_id, message_id, submitted, fresh=attachment_ids)
    return _receive(conversation_id, _incoming(clean_text(text), attributes, source_id, attachment_ids))


def _checked_answer(
    conversation_id: int, message_id: int, submitted: list[dict[str, Any]], *, fresh: tuple[int, ...] = ()
) -> tuple[dict[str, Any], list[str]]:
    """The attributes of an answer's message, and what was chosen in words."""
    asked = Message.objects.filter(pk=message_id, conversation_id=conversation_id, is_private=False).first()
    if asked is None or asked.message_type == MessageType.INCOMING:
        raise NotFound
    files = customers_files(conversation_id, fresh) if asked.content_type == "input_file" else None
    try:
        values = check_answer(asked.content_type, asked.content_attributes, submitted, files)
    except BadAnswer as problem:
        raise NotAnswerable(str(problem), items=asked.content_attributes.get("items", [])) from problem
    labels = {i.get("name"): i.get("label", "") for i in asked.content_attributes.get("items", [])}
    lines = [
        f"{labels[v['name']]}: {v['title']}" if v["name"] in labels else v["title"]
        for v in values
        if v["title"]
    ]
    return {"in_reply_to": asked.pk, "submitted_values": values}, lines


def _incoming(
    content: str, attributes: dict[str, Any], source_id: str | None, attachment_ids: tuple[int, ...] = ()
) -> MessageDraft:
    """A customer's message; who sends it is known when the conversation is locked."""
    return MessageDraft(
        MessageType.INCOMING,
        content,
        Sender("contact", None, ""),
        content_attributes=attributes,
        source_id=source_id,
        attachment_ids=attachment_ids,
    )


def _receive(conversation_id: int, draft: MessageDraft, sender_name: str = "") -> MessageInfo:
    try:
        with transaction.atomic():
            return _store_incoming(conversation_id, draft, sender_name)
    except IntegrityError:
        stored = find_message_by_source(conversation_id, draft.source_id) if draft.source_id else None
        if stored is None:
            raise
        return stored


def _store_incoming(conversation_id: int, draft: MessageDraft, sender_name: str = "") -> MessageInfo:
    """Store a customer's message in the caller's transaction."""
    row = lock_conversation(conversation_id)
    if draft.source_id and (known := find_message_by_source(row.pk, draft.source_id)):
        return known
    sender = Sender("contact", row.customer_id, sender_name or row.customer_name)
    wake_up(row)
    message = append_message(row, replace(draft, sender=sender))
    attributes = draft.content_attributes
    if "in_reply_to" in attributes:
        _mark_answered(row, attributes)
    if row.owner == "assistant":
        row.generation += 1
        ask_assistant(row, is_click=bool(attributes))
    save_conversation(row)
    return message


def wake_up(row: Conversation) -> None:
    """A customer who writes reopens what was resolved or snoozed."""
    if row.status == "resolved":
        row.status, row.owner, row.assignee_id, row.resolved_at = "pending", "assistant", None, None
        row.queued_at = None
    elif row.status == "snoozed":
        row.status, row.snoozed_until = ("pending" if row.owner == "assistant" else "open"), None


def _mark_answered(row: Conversation, attributes: dict[str, Any]) -> None:
    asked = Message.objects.get(pk=attributes["in_reply_to"])
    asked.content_attributes = {
        **asked.content_attributes,
        "submitted_values": attributes["submitted_values"],
    }
    asked.save(update_fields=["content_attributes"])
    jobs.publish("message_updated", topics_of(row.pk), present_message(message_info(asked), row.display_id))


def ask_assistant(row: Conversation, *, is_click: bool) -> None:
    """Schedule the turn that answers this generation; an earlier turn still waiting is dropped by its number."""
    asked_at = at = now()
    if not is_click:
        pause_ms = int(row.inbox.settings.get("debounce_ms", DEFAULT_DEBOUNCE_MS))
        typing_until = row.additional_attributes.get("typing_until")
        at += dt.timedelta(milliseconds=pause_ms)
        if typing_until:
            at = max(at, min(dt.datetime.fromisoformat(typing_until), asked_at + dt.timedelta(seconds=4)))
    payload = {"conversation_id": row.pk, "generation": row.generation}
    jobs.enqueue(
        TURN_JOB,
        payload if is_click else {**payload, "not_before": at.isoformat()},
        key=f"turn:{row.pk}:{row.generation}",
        run_at=max(asked_at, at - READ_AHEAD),
        priority=0,
    )


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
    jobs.publish("conversation_updated", ["desk"], present_conversation(info))
    return info
