"""What the placeholders of a canned response stand for in one conversation."""

from __future__ import annotations

from rapport.accounts.contracts import Staff
from rapport.assistant import api as assistant
from rapport.conversations.contracts import ConversationInfo

ORDER_FIELDS = ("order", "order_id")


def placeholder_values(info: ConversationInfo, staff: Staff) -> dict[str, str]:
    """Placeholder → value; what is not known is empty."""
    return {
        "contact.name": info.customer_name,
        "agent.name": staff.name,
        "conversation.id": str(info.display_id),
        "inbox.name": str(info.inbox.settings.get("brand") or info.inbox.name),
        "order.number": latest_order(int(info.id)),
    }


def latest_order(conversation_id: int) -> str:
    """The order that the latest run of a procedure is about; empty when none is."""
    for _role, frame in reversed(assistant.recall_frames(conversation_id)):
        for name in ORDER_FIELDS:
            value = frame.slots.get(name)
            if value is not None and value.options:
                return str(value.options[0].value)
    return ""
