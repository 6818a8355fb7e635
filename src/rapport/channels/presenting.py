"""What customers may see, in Chatwoot's shapes: less than staff see, and never a note."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rapport.conversations import api as conversations
from rapport.conversations.contracts import ContactInfo, ConversationInfo, InboxInfo, MessageInfo
from rapport.customers.contracts import CustomerInfo
from rapport.governance.contracts import DecisionInfo
from rapport.kernel.languages import LANGUAGES

WIDGET_SETTINGS = (
    "colour",
    "welcome_title",
    "welcome_text",
    "launcher_title",
    "launcher_type",
    "colour_scheme",
    "position",
    "privacy_url",
    "logo_url",
)
"""Settings of an inbox that its widget shows."""


def present_inbox(inbox: InboxInfo) -> dict[str, Any]:
    """An inbox as its front end may know it."""
    return {
        "identifier": inbox.identifier,
        "name": inbox.name,
        "identity_validation_enabled": inbox.is_hmac_mandatory,
        "timezone": inbox.settings.get("timezone", "UTC"),
        "working_hours": inbox.settings.get("opening_hours", []),
        "working_hours_enabled": bool(inbox.settings.get("opening_hours")),
        "csat_survey_enabled": bool(inbox.settings.get("csat_survey_enabled")),
        "greeting_enabled": True,
        "languages": inbox.settings.get("languages", list(LANGUAGES)),
    }


def present_inbox_settings(inbox: InboxInfo) -> dict[str, Any]:
    """What the widget needs to draw itself."""
    chosen = {name: inbox.settings[name] for name in WIDGET_SETTINGS if name in inbox.settings}
    return {**present_inbox(inbox), "brand": inbox.settings.get("brand", inbox.name), **chosen}


def present_contact(contact: ContactInfo, customer: CustomerInfo) -> dict[str, Any]:
    """A contact as they may know themselves."""
    return {
        "id": int(customer.id),
        "name": customer.name,
        "email": customer.email or None,
        "phone_number": customer.phone_number or None,
        "language": customer.language or None,
        "is_verified": contact.is_hmac_verified,
    }


def present_own_message(message: MessageInfo, display_id: int) -> dict[str, Any]:
    """A message as the customer sees it."""
    return {
        **conversations.present_message(message, display_id),
        "has_explanation": message.decision_id is not None,
    }


def present_stored(message: MessageInfo, display_id: int, echo_id: str | None) -> dict[str, Any]:
    """The answer to whoever sent a message."""
    return {**present_own_message(message, display_id), "echo_id": echo_id}


def present_own_conversation(
    conversation: ConversationInfo, messages: Iterable[MessageInfo] = ()
) -> dict[str, Any]:
    """A conversation as its customer sees it: no labels, notes, sentiment or briefing."""
    number = conversation.display_id
    return {
        "id": number,
        "uuid": conversation.uuid,
        "inbox_id": int(conversation.inbox.id),
        "status": conversation.status.value,
        "owner": conversation.owner.value,
        "language": conversation.language,
        "is_verified": conversation.verification is not None,
        "contact_last_seen_at": conversations.unix(conversation.contact_last_seen_at),
        "agent_last_seen_at": conversations.unix(conversation.agent_last_seen_at),
        "last_activity_at": conversations.unix(conversation.last_activity_at),
        "created_at": conversations.unix(conversation.created_at),
        "message_count": conversation.message_count,
        "messages": [present_own_message(m, number) for m in messages],
        "contact": {"id": int(conversation.customer_id), "name": conversation.customer_name},
    }


def present_explanation(message: MessageInfo, decision: DecisionInfo) -> dict[str, Any]:
    """Why this answer, in plain words, and how to object."""
    draft = decision.draft
    return {
        "message_id": int(message.id),
        "decision_id": decision.id,
        "decided_at": conversations.unix(decision.at),
        "is_ai": message.sender.kind == "assistant",
        "language": draft.explanation.get("language", ""),
        "text": draft.explanation.get("text", ""),
        "points": list(draft.explanation.get("points", [])),
        "what_would_change_it": draft.counterfactual,
        "confidence": draft.confidence,
        "model": {"name": draft.model_name, "version": draft.model_version},
        "appeals": [
            {"id": a.id, "state": a.state, "answer": a.answer, "due_at": conversations.unix(a.due_at)}
            for a in decision.appeals
        ],
    }
