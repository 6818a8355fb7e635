"""What happened in conversations without what was said: for counting many of them at once."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from rapport.conversations.logic.record_lines import HANDED_OVER, RESOLVED
from rapport.conversations.models import Conversation, Message

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_LINES = {RESOLVED: "resolved", HANDED_OVER: "handed_over"}


@dataclass(frozen=True, slots=True)
class ConversationTrace:
    """One conversation as reports see it."""

    id: int
    inbox_id: int
    channel_kind: str
    customer_id: int
    status: str
    owner: str
    created_at: dt.datetime
    last_activity_at: dt.datetime


@dataclass(frozen=True, slots=True)
class MessageTrace:
    """One message without its words."""

    conversation_id: int
    at: dt.datetime
    sender: str
    """``contact``, ``user``, ``assistant`` or ``system``."""
    type: str
    is_private: bool
    decision_id: int | None
    slot: str
    """Of a question: what it asks for (``confirm`` for the summary); ``identify:…`` for a proof of identity."""
    question: str
    """The same for questions that ask for the same and offer the same; empty for what asks nothing."""
    words: int
    """Typed by a customer."""
    clicks: int
    """Choices made and forms sent."""
    fields: int
    """Of forms, filled."""
    note: str
    """Of a line of record: ``resolved`` or ``handed_over``."""
    reason: str
    """Of a handover."""


def count_words(text: str) -> int:
    """Words of a text; of Chinese two characters count as one."""
    characters = len(_HAN.findall(text))
    return len(_WORD.findall(_HAN.sub(" ", text))) + (characters + 1) // 2


def list_changed(
    after: tuple[dt.datetime, int] | None, until: dt.datetime, *, limit: int
) -> list[ConversationTrace]:
    """Conversations in the order of their latest activity, from a place in that order on."""
    rows = Conversation.objects.filter(last_activity_at__lte=until).order_by("last_activity_at", "id")
    if after is not None:
        at, row_id = after
        later = Q(last_activity_at__gt=at) | Q(id__gt=row_id)
        rows = rows.filter(later, last_activity_at__gte=at)
    return _traces(rows[:limit])


def list_numbered_after(row_id: int, *, limit: int) -> list[ConversationTrace]:
    """Conversations stored after a given one, whatever moment they are dated."""
    return _traces(Conversation.objects.filter(id__gt=row_id).order_by("id")[:limit])


def list_traces(conversation_ids: Collection[int]) -> list[ConversationTrace]:
    """These conversations, as far as they exist."""
    return _traces(Conversation.objects.filter(id__in=conversation_ids).order_by("id"))


def _traces(rows: QuerySet[Conversation]) -> list[ConversationTrace]:
    names = ("id", "inbox_id", "inbox__channel_kind", "customer_id", "status", "owner")
    return [ConversationTrace(*row) for row in rows.values_list(*names, "created_at", "last_activity_at")]


def list_message_traces(conversation_ids: Collection[int]) -> list[MessageTrace]:
    """Every message of these conversations, by conversation and in order."""
    rows = Message.objects.filter(conversation_id__in=conversation_ids).order_by(
        "conversation_id", "sequence"
    )
    names = (
        "conversation_id", "created_at", "sender_kind", "message_type", "is_private", "decision_id",
        "content", "content_attributes",
    )  # fmt: skip
    return [_message(*row) for row in rows.values_list(*names).iterator(chunk_size=2000)]


def _message(*row: Any) -> MessageTrace:
    conversation_id, at, sender, kind, is_private, decision_id, content, attributes = row
    clicks = fields = words = 0
    if kind == "incoming":
        values = attributes.get("submitted_values", ())
        fields = len({v["name"] for v in values if v["name"] and v["value"]})
        clicks = 1 if values or "command" in attributes else 0
        words = 0 if clicks else count_words(content)
    slot, question = _question(attributes) if kind == "outgoing" else ("", "")
    line = next((begin for begin in _LINES if kind == "activity" and content.startswith(begin)), "")
    return MessageTrace(
        conversation_id,
        at,
        sender,
        kind,
        is_private,
        decision_id,
        slot,
        question,
        words,
        clicks,
        fields,
        _LINES.get(line, ""),
        content[len(line) :].replace(" ", "_") if line == HANDED_OVER else "",
    )


def _question(attributes: dict[str, Any]) -> tuple[str, str]:
    expects = str(attributes.get("expects", ""))
    if not expects:
        return "", ""
    slot = str(attributes.get("slot") or expects)
    offered = "\n".join(str(i.get("value") or i.get("name", "")) for i in attributes.get("items", ()))
    return slot, f"{slot}:{zlib.crc32(offered.encode()):08x}"
