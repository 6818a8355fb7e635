"""Conversations and messages in Chatwoot's JSON shapes, for the API, webhooks and live updates alike."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rapport.conversations.contracts import (
    MESSAGE_TYPE_NUMBERS,
    AttachmentInfo,
    ConversationInfo,
    MessageInfo,
    MessageType,
)
from rapport.conversations.logic.file_kinds import SHOWN_BY_BROWSERS
from rapport.kernel.ids import ACCOUNT_ID

CHANNEL_NAMES = {
    "web": "Channel::WebWidget",
    "api": "Channel::Api",
    "email": "Channel::Email",
    "voice": "Channel::Voice",
}


def unix(at: dt.datetime | None) -> int:
    """Whole seconds since 1970, 0 for never, as Chatwoot writes times."""
    return int(at.timestamp()) if at else 0


def present_message(message: MessageInfo, display_id: int) -> dict[str, Any]:
    """A message as the REST API returns it."""
    return {
        "id": int(message.id),
        "content": message.content,
        "message_type": MESSAGE_TYPE_NUMBERS[message.type],
        "content_type": _content_type(message),
        "content_attributes": message.content_attributes,
        "created_at": unix(message.created_at),
        "conversation_id": display_id,
        "source_id": message.source_id,
        "private": message.is_private,
        "sequence": message.sequence,
        "decision_id": message.decision_id,
        "attachments": [present_attachment(a) for a in message.attachments],
        "sender": {
            "id": message.sender.id,
            "name": message.sender.name,
            "type": message.sender.kind,
            "is_ai": message.sender.kind == "assistant",
        },
    }


def _content_type(message: MessageInfo) -> str:
    """Chatwoot calls a customer's mail by a name of its own."""
    is_mail = message.type is MessageType.INCOMING and "email" in message.content_attributes
    return "incoming_email" if is_mail else message.content_type


def present_attachment(attachment: AttachmentInfo) -> dict[str, Any]:
    """A file as the REST API returns it; ``data_url`` is signed and lasts an hour or two."""
    is_image = attachment.media_type in SHOWN_BY_BROWSERS
    return {
        "id": attachment.id,
        "message_id": attachment.message_id,
        "account_id": ACCOUNT_ID,
        "file_type": "image" if is_image else "file",
        "data_url": attachment.url,
        "thumb_url": attachment.url if is_image else "",
        "file_size": attachment.size,
        "file_name": attachment.name,
        "media_type": attachment.media_type,
    }


def present_conversation(conversation: ConversationInfo) -> dict[str, Any]:
    """A conversation as the REST API returns it, without its messages."""
    info = conversation
    return {
        "id": info.display_id,
        "uuid": info.uuid,
        "account_id": ACCOUNT_ID,
        "inbox_id": int(info.inbox.id),
        "channel": CHANNEL_NAMES.get(info.inbox.channel_kind, "Channel::Api"),
        "status": info.status.value,
        "owner": info.owner.value,
        "priority": info.priority,
        "can_reply": True,
        "labels": list(info.labels),
        "unread_count": info.unread_count,
        "waiting_since": unix(info.waiting_since),
        "snoozed_until": unix(info.snoozed_until) or None,
        "first_reply_created_at": unix(info.first_reply_at) or None,
        "custom_attributes": info.custom_attributes,
        "additional_attributes": info.additional_attributes,
        "agent_last_seen_at": unix(info.agent_last_seen_at),
        "contact_last_seen_at": unix(info.contact_last_seen_at),
        "last_activity_at": unix(info.last_activity_at),
        "timestamp": unix(info.last_activity_at),
        "created_at": unix(info.created_at),
        "language": info.language,
        "sentiment": info.sentiment,
        "message_count": info.message_count,
        "meta": {
            "sender": {"id": int(info.customer_id), "name": info.customer_name, "type": "contact"},
            "assignee": {"id": info.assignee_id} if info.assignee_id else None,
            "assignee_type": "User" if info.assignee_id else None,
            "team": {"id": info.team_id} if info.team_id else None,
            "hmac_verified": info.verification is not None and info.verification.method == "hmac",
        },
    }
