"""Which news of the feed is which event, and what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

ACTIVITY = 2
"""Number of the message type that Chatwoot keeps from webhooks: lines of record."""
STAFF_TOPIC = "desk"
"""Some news is told to staff in full and to the customer in brief; the full telling is the one that counts."""
KINDS_OF = {
    "conversation_status_changed": ("conversation_status_changed",),
    "conversation_updated": ("conversation_updated", "conversation_status_changed"),
}
"""Kinds of news that make an event, where they are not one of the same name."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One piece of news as webhooks see it."""

    events: tuple[str, ...]
    number: int | None = None
    """The conversation's number."""
    row_id: int | None = None
    """The conversation's row, where the number is not known."""
    customer_id: int | None = None
    inbox_id: int | None = None


def kinds_wanted(events: Iterable[str]) -> frozenset[str]:
    """Kinds of news that make any of these events."""
    return frozenset(kind for event in events for kind in KINDS_OF.get(event, (event,)))


def read_happening(kind: str, topics: tuple[str, ...], data: dict[str, Any]) -> Happening | None:
    """What a piece of news says; None when it is none for webhooks."""
    group = kind.partition("_")[0]
    if group == "message":
        is_record = data.get("message_type") == ACTIVITY
        return None if is_record else Happening((kind,), number=data.get("conversation_id"))
    if group == "conversation":
        is_only_read = kind == "conversation_updated" and data.get("changed_attributes") == []
        if STAFF_TOPIC not in topics or is_only_read:
            return None
        also = ("conversation_updated",) if kind == "conversation_status_changed" else ()
        return Happening((kind, *also), number=data.get("id"), inbox_id=data.get("inbox_id"))
    if group == "contact":
        return Happening((kind,), customer_id=data.get("id"), inbox_id=data.get("inbox_id"))
    if group == "webwidget":
        return Happening((kind,), customer_id=data.get("contact_id"), inbox_id=data.get("inbox_id"))
    return Happening((kind,), row_id=data.get("conversation_row"))
