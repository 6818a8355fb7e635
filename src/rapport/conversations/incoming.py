"""What customers send: texts, clicks, forms and files, each stored once and given to the assistant to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, connection, transaction

from rapport.conversations.attachments import customers_files
from rapport.conversations.contracts import (
    CLICKS,
    NOTHING_CARRIED,
    TURN_JOB,
    Carried,
    IncomingText,
    MessageDraft,
    MessageInfo,
    MessageType,
    Sender,
)
from rapport.conversations.errors import NotAnswerable
from rapport.conversations.logic.answers import BadAnswer, check_answer
from rapport.conversations.models import Conversation, Message
from rapport.conversations.presenter import present_message
from rapport.conversations.queries import find_message_by_source, message_info
from rapport.conversations.services import (
    append_message,
    clean_text,
    lock_conversation,
    note_return,
    save_conversation,
    topics_of,
)
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound

DEFAULT_DEBOUNCE_MS = 40
"""Free texts that follow each other this closely are one turn; people who type are waited for by typing signals."""
READ_AHEAD = dt.timedelta(milliseconds=60)
"""So long before its time a turn is begun: it reads what has come, and waits out the rest before it acts."""


def receive_message(
    conversation_id: int,
    text: str,
    *,
    source_id: str | None = None,
    sender_name: str = "",
    attachment_ids: tuple[int, ...] = (),
    carried: Carried = NOTHING_CARRIED,
) -> MessageInfo:
    """A customer's free text: stored, and answered by the assistant if it owns the conversation.

    The same `source_id` twice returns the message stored first. Raises InvalidInput for an empty text without
    files.
    """
    content = clean_text(text) if attachment_ids else check_text(text)
    draft = _incoming(content, carried.attributes, source_id, attachment_ids)
    return _receive(conversation_id, draft, sender_name, is_answered=carried.is_answered)


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
    conversation_id: int,
    message_id: int,
    submitted: list[dict[str, Any]],
    *,
    source_id: str | None = None,
    carried: Carried = NOTHING_CARRIED,
) -> MessageInfo:
    """A customer's click or form: checked against what the message offers, stored, and answered.

    Raises NotFound, NotAnswerable.
    """
    attributes, lines = _checked_answer(conversation_id, message_id, submitted)
    draft = _incoming("\n".join(lines), {**carried.attributes, **attributes}, source_id)
    return _receive(conversation_id, draft, is_answered=carried.is_answered)


def receive_files(
    conversation_id: int,
    message_id: int,
    attachment_ids: tuple[int, ...],
    *,
    text: str = "",
    source_id: str | None = None,
    carried: Carried = NOTHING_CARRIED,
) -> MessageInfo:
    """A customer's files as the answer to a message that asks for some. Raises NotFound, NotAnswerable."""
    submitted: list[dict[str, Any]] = [{"value": [str(number) for number in attachment_ids]}]
    attributes, _ = _checked_answer(conversation_id, message_id, submitted, fresh=attachment_ids)
    draft = _incoming(clean_text(text), {**carried.attributes, **attributes}, source_id, attachment_ids)
    return _receive(conversation_id, draft, is_answered=carried.is_answered)


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


def _receive(
    conversation_id: int, draft: MessageDraft, sender_name: str = "", *, is_answered: bool = True
) -> MessageInfo:
    try:
        with transaction.atomic():
            return _store_incoming(conversation_id, draft, sender_name, is_answered=is_answered)
    except IntegrityError:
        stored = find_message_by_source(conversation_id, draft.source_id) if draft.source_id else None
        if stored is None:
            raise
        return stored


def _store_incoming(
    conversation_id: int, draft: MessageDraft, sender_name: str = "", *, is_answered: bool = True
) -> MessageInfo:
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
        if is_answered:
            ask_assistant(row, is_click=not CLICKS.isdisjoint(attributes))
    save_conversation(row)
    return message


def wake_up(row: Conversation) -> None:
    """A customer who writes reopens what was resolved or snoozed."""
    if row.status == "resolved":
        if row.owner != "assistant":
            note_return(row)
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
