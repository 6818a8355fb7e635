"""What customers' front ends send, in Chatwoot's names. Checked here once, then plain values inside."""

from __future__ import annotations

import json
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from rapport.channels.http import MAX_NUMBER

MAX_ATTRIBUTES_BYTES = 16 * 1024


def check_attributes(value: dict[str, Any]) -> dict[str, Any]:
    """Custom attributes are bounded in size."""
    if len(json.dumps(value, ensure_ascii=False, allow_nan=False)) > MAX_ATTRIBUTES_BYTES:
        raise ValueError(f"at most {MAX_ATTRIBUTES_BYTES} characters as JSON")
    return value


Attributes = Annotated[dict[str, Any], AfterValidator(check_attributes)]
RowNumber = Annotated[int, Field(ge=1, le=MAX_NUMBER)]
Line = Annotated[str, Field(max_length=200)]
Email = Annotated[str, Field(max_length=254, pattern=r"^$|^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$")]


class Payload(Schema):
    """Unknown fields are ignored, as Chatwoot does."""

    model_config = ConfigDict(extra="ignore")


class ContactPayload(Payload):
    """Who a contact says they are."""

    identifier: Line | None = None
    """The customer's id in the connected shop; trusted only with its hash."""
    identifier_hash: Line | None = None
    """Hex HMAC-SHA256 of the identifier with the inbox's secret."""
    email: Email | None = None
    name: Line | None = None
    phone_number: Annotated[str, Field(max_length=32)] | None = None
    avatar_url: Annotated[str, Field(max_length=2000)] | None = None
    language: Annotated[str, Field(max_length=35)] | None = None
    custom_attributes: Attributes | None = None


class SubmittedValue(Payload):
    """One answer to an interactive message; a choice needs only its value."""

    name: str | None = None
    title: str | None = None
    value: str | int | float | list[str | int | float]


class MessagePayload(Payload):
    """A text, the answer to an interactive message, or a click on a control outside the messages."""

    content: str | None = None
    """The text; of a click: the control's label."""
    command: Annotated[str, Field(max_length=80)] | None = None
    """``talk_to_person``, ``menu`` or ``start:<procedure>``."""
    echo_id: Annotated[str, Field(max_length=120)] | None = None
    """The sender's own id: the same one twice stores one message."""
    in_reply_to: RowNumber | None = None
    submitted_values: Annotated[list[SubmittedValue], Field(max_length=100)] | None = None


class AnswerPayload(Payload):
    """The answer to an interactive message."""

    submitted_values: Annotated[list[SubmittedValue], Field(min_length=1, max_length=100)]
    echo_id: Annotated[str, Field(max_length=120)] | None = None


class ConversationPayload(Payload):
    """A new conversation; with a first message it is answered instead of greeted."""

    custom_attributes: Attributes | None = None
    language: Annotated[str, Field(max_length=35)] | None = None
    message: MessagePayload | None = None


class ConversationChanges(Payload):
    """What the host page or the customer sets on a conversation."""

    custom_attributes: Attributes | None = None
    """Merged with what is there; a null removes its key."""
    language: Annotated[str, Field(max_length=35)] | None = None
    add_labels: Annotated[list[Line], Field(max_length=20)] = []
    """Only labels the inbox lists under ``widget_labels``; others are ignored."""
    remove_labels: Annotated[list[Line], Field(max_length=20)] = []


class TypingPayload(Payload):
    """Whether the customer is typing."""

    typing_status: Annotated[str, Field(pattern=r"^(on|off)$")]


class HandoverPayload(Payload):
    """The customer asks for a person."""

    title: Line | None = None
    """What the control said, in the customer's language."""


class EmailPayload(Payload):
    """Where to send the answer when the customer can't wait."""

    email: Annotated[Email, Field(min_length=3)]


class AppealPayload(Payload):
    """What the customer objects to."""

    reason: Annotated[str, Field(min_length=1, max_length=4000)]
