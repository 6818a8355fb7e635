"""What programs send to the application API, in Chatwoot's names."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field

from rapport.channels.http import MAX_NUMBER
from rapport.channels.payloads import Attributes, ContactPayload, Line, Payload, RowNumber

Content = Annotated[str, Field(max_length=200_000)]
Addresses = Annotated[str, Field(max_length=4000)] | Annotated[list[str], Field(max_length=20)]


class StaffMessagePayload(Payload):
    """A reply, a private note, or a customer's message brought in from elsewhere."""

    content: Content = ""
    """May be left out only where files come along."""
    message_type: Literal["outgoing", "incoming"] = "outgoing"
    private: bool = False
    content_type: Literal["text", "input_select", "form", "cards", "article"] = "text"
    content_attributes: Attributes | None = None
    echo_id: Annotated[str, Field(max_length=120)] | None = None
    to_emails: Addresses | None = None
    """By e-mail only: whom a mail goes to besides, with commas between; ``to_emails`` begins a conversation."""
    cc_emails: Addresses | None = None
    bcc_emails: Addresses | None = None


class StaffConversationPayload(Payload):
    """A conversation opened by a program, for a contact known by `source_id` or by `contact_id`."""

    inbox_id: RowNumber | None = None
    source_id: Annotated[str, Field(max_length=140)] | None = None
    contact_id: RowNumber | None = None
    status: Literal["open", "pending", "resolved"] | None = None
    assignee_id: RowNumber | None = None
    custom_attributes: Attributes | None = None
    additional_attributes: Attributes | None = None
    language: Annotated[str, Field(max_length=35)] | None = None
    message: StaffMessagePayload | None = None


class StatusPayload(Payload):
    """The status wanted; without one it is toggled between open and resolved."""

    status: Literal["open", "pending", "resolved", "snoozed"] | None = None
    snoozed_until: Annotated[int, Field(ge=0, le=MAX_NUMBER)] | dt.datetime | None = None
    """Unix seconds, or ISO 8601."""


class PriorityPayload(Payload):
    """How urgent it is."""

    priority: Literal["low", "medium", "high", "urgent"] | None = None


class AssignmentPayload(Payload):
    """Who is to answer; nobody (0 or null) puts it back in the queue."""

    assignee_id: Annotated[int, Field(ge=0, le=MAX_NUMBER)] | None = None
    team_id: Annotated[int, Field(ge=0, le=MAX_NUMBER)] | None = None


class LabelsPayload(Payload):
    """All labels of the conversation; those not named are removed."""

    labels: Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=50)]


class AttributesPayload(Payload):
    """All custom attributes of the conversation."""

    custom_attributes: Attributes


class StaffContactPayload(ContactPayload):
    """A contact; with an inbox, one that can write there."""

    inbox_id: RowNumber | None = None
    blocked: bool | None = None


class ChannelPayload(Payload):
    """Settings of the channel, in Chatwoot's names."""

    type: Literal["web_widget", "api", "email"] = "api"
    email: Annotated[str, Field(max_length=190, pattern=r"^[A-Za-z0-9._%'-]+@[A-Za-z0-9.-]+$")] | None = None
    """Of an e-mail inbox: the address customers write to."""
    hmac_mandatory: bool = False
    website_url: Annotated[str, Field(max_length=2000)] | None = None
    widget_color: Annotated[str, Field(max_length=20)] | None = None
    welcome_title: Line | None = None
    welcome_tagline: Line | None = None
    webhook_url: Annotated[str, Field(max_length=2000)] | None = None


class InboxPayload(Payload):
    """A new inbox."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    channel: ChannelPayload = ChannelPayload()
    settings: dict[str, Any] | None = None


class EventPayload(Payload):
    """Something that happened elsewhere."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    """As a procedure's `wait` names it: small letters, digits, dots, underscores."""
    subject: Annotated[str, Field(max_length=160)] = ""
    """What it is about, such as an order's id; ``conversation:12`` for what concerns that conversation."""
    data: Attributes | None = None
    id: Annotated[str, Field(max_length=120)] | None = None
    """The sender's own id of the event: sent twice, it counts once."""


class CannedFields(Payload):
    """What is given of a canned response."""

    short_code: Annotated[str, Field(max_length=61)] | None = None
    content: Annotated[str, Field(max_length=20_000)] | None = None
    """The text in `language`, with placeholders such as ``{{contact.name}}``."""
    language: Annotated[str, Field(max_length=35)] | None = None
    """Of `content`: ``en`` unless said."""
    contents: dict[str, Annotated[str, Field(max_length=20_000)]] | None = None
    """Texts by language; replaces all of them."""
    scope: Literal["shared", "team", "personal"] | None = None
    team_id: Annotated[int, Field(ge=0, le=MAX_NUMBER)] | None = None


class CannedResponsePayload(CannedFields):
    """A canned response; its fields may also stand below ``canned_response``, as Chatwoot's own screens send them."""

    canned_response: CannedFields | None = None


class DispositionPayload(Payload):
    """What a conversation was about and how it ended, in a person's word."""

    reason: Annotated[str, Field(max_length=120)] | None = None
    """Name of a procedure or of an intent; empty takes it away."""
    outcome: (
        Literal[
            "",
            "solved_by_assistant",
            "solved_by_person",
            "refused_by_rule",
            "given_up",
            "no_answer",
            "no_request",
            "duplicate",
            "spam",
        ]
        | None
    ) = None
    order_ref: Annotated[str, Field(max_length=120)] | None = None
    product: Annotated[str, Field(max_length=300)] | None = None
    root_cause: Annotated[str, Field(max_length=60)] | None = None
    """A key of the shop's list."""


class WebhookFields(Payload):
    """What is given of a webhook."""

    url: Annotated[str, Field(max_length=2000)] | None = None
    name: Annotated[str, Field(max_length=120)] | None = None
    subscriptions: (
        Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=50)] | None
    ) = None
    """Events it wants: every one unless said."""
    inbox_id: RowNumber | None = None
    """Only news of this inbox; null: of all."""
    active: bool | None = None
    personal_data: bool | None = None
    """Names, addresses and texts as they are; redacted unless said."""


class WebhookPayload(WebhookFields):
    """A webhook; its fields may also stand below ``webhook``, as Chatwoot's own screens send them."""

    webhook: WebhookFields | None = None
