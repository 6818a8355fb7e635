"""What the placeholders of a canned response stand for in one conversation."""

from __future__ import annotations

from collections.abc import Iterable

from rapport.accounts.contracts import Staff
from rapport.assistant import api as assistant
from rapport.conversations.contracts import ConversationInfo

ORDER = "order.number"
ORDER_FIELDS = ("order", "order_id")


def placeholder_values(info: ConversationInfo, staff: Staff, texts: Iterable[str]) -> dict[str, str]:
    """Placeholder → value, for these texts; what is not known is empty."""
    needs_order = any(ORDER in text for text in texts)
    return {
        "contact.name": info.customer_name,
        "agent.name": staff.name,
        "conversation.id": str(info.display_id),
        "inbox.name": str(info.inbox.settings.get("brand") or info.inbox.name),
        ORDER: latest_order(int(info.id)) if needs_order else "",
    }


def latest_order(conversation_id: int) -> str:
    """The order that the latest run of a procedure is about; empty when none is."""
    for _role, frame in reversed(assistant.recall_frames(conversation_id)):
        for name in ORDER_FIELDS:
            value = frame.slots.get(name)
            if value is not None and value.options:
                return str(value.options[0].value)
    return ""
