"""What answers look like, for the OpenAPI document; presenters build them, tests hold the two together."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import ConfigDict


class Shape(Schema):
    """A documented answer; later versions may add fields."""

    model_config = ConfigDict(extra="allow")


class ErrorBody(Shape):
    """What went wrong."""

    code: str
    message: str
    retryable: bool
    whose: str
    """``caller``, ``us`` or ``vendor``: who can do something about it."""
    facts: dict[str, Any]


class ErrorShape(Shape):
    """Every error of every API."""

    error: ErrorBody
    message: str


class SenderShape(Shape):
    """Who wrote a message."""

    id: int | None
    name: str
    type: str
    """``contact``, ``user``, ``assistant``, ``system``."""
    is_ai: bool


class AttachmentShape(Shape):
    """A photo or document."""

    id: int
    message_id: int
    file_type: str
    """``image`` where browsers can show it, else ``file``."""
    data_url: str
    """Signed; anybody who has it may read the file, for one to two hours."""
    thumb_url: str
    """Empty where there is nothing to show."""
    file_size: int
    file_name: str
    media_type: str


class MessageShape(Shape):
    """A message."""

    id: int
    content: str
    message_type: int
    """0 incoming, 1 outgoing, 2 activity, 3 template."""
    content_type: str
    content_attributes: dict[str, Any]
    created_at: int
    """Unix seconds."""
    conversation_id: int
    source_id: str | None
    private: bool
    sequence: int
    """1, 2, 3 … within the conversation."""
    decision_id: int | None
    attachments: list[AttachmentShape]
    sender: SenderShape


class InboxShape(Shape):
    """An inbox as front ends know it."""

    identifier: str
    name: str
    identity_validation_enabled: bool
    languages: list[str]


class ContactShape(Shape):
    """A contact as they know themselves."""

    id: int
    name: str
    email: str | None
    phone_number: str | None
    language: str | None
    is_verified: bool


class NewContactShape(ContactShape):
    """A contact with its secrets."""

    source_id: str
    """Unguessable: whoever holds it speaks for this contact."""
    pubsub_token: str
    """A session token, for live updates."""


class OwnConversationShape(Shape):
    """A conversation as its customer sees it."""

    id: int
    uuid: str
    status: str
    owner: str
    """``assistant``, ``queue`` or ``agent``: who answers."""
    language: str
    is_verified: bool
    messages: list[MessageShape]


class ExplanationShape(Shape):
    """Why this answer."""

    message_id: int
    decision_id: int
    is_ai: bool
    text: str
    points: list[Any]
    model: dict[str, str]


class AppealShape(Shape):
    """An objection, on record."""

    id: int
    decision_id: int
    state: str
    due_at: int


class QueueShape(Shape):
    """Where the customer stands."""

    is_waiting: bool
    position: int
    expected_wait_s: int | None
    owner: str


class MenuEntryShape(Shape):
    """One thing customers can have done."""

    procedure: str
    title: str
    description: str
    icon: str
    group: str
    """Heading it stands under; empty for none."""


class EmptyShape(Shape):
    """Done; nothing to say."""


class SessionShape(Shape):
    """A widget session."""

    token: str
    contact: ContactShape
    inbox: InboxShape
    menu: list[MenuEntryShape]
    conversation: OwnConversationShape | None


class SaidShape(Shape):
    """A sentence of a call."""

    text: str
    language: str


class KeyShape(Shape):
    """A key and what it stands for."""

    digit: str
    title: str


class TurnShape(Shape):
    """What is said in a call, and what is expected then."""

    turn: int
    """To be sent with the next request."""
    conversation_id: int | None
    say: list[SaidShape]
    choices: list[KeyShape]
    expect: str
    """``speech`` (keys too), ``digits``, ``wait`` (send the event ``poll``), ``transfer``, ``hangup``."""
    language: str
    max_digits: int | None
    """1: one key answers; null: any number of keys, ended by ``#``."""
    hints: list[str]
    transfer_to: str | None
    wait_s: int | None


ERRORS = dict.fromkeys((400, 401, 403, 404, 405, 409, 413, 415, 422, 429), ErrorShape)


def responses(shape: Any) -> dict[int, Any]:
    """The success shape and the one shape all errors have."""
    return {200: shape, **ERRORS}


FORM_FIELDS: dict[str, Any] = {
    "content": {"type": "string"},
    "echo_id": {"type": "string"},
    "in_reply_to": {"type": "integer", "description": "A message that asks for files."},
    "attachments[]": {"type": "array", "items": {"type": "string", "format": "binary"}},
}
FIRST_MESSAGE: dict[str, Any] = {
    "message[content]": {"type": "string"},
    "message[echo_id]": {"type": "string"},
    "language": {"type": "string"},
}


def with_files(**more: Any) -> dict[str, Any]:
    """The form with files that an address takes beside JSON, for the OpenAPI document."""
    form = {"schema": {"type": "object", "properties": {**FORM_FIELDS, **more}}}
    return {"requestBody": {"content": {"multipart/form-data": form}}}


def file_content() -> dict[str, Any]:
    """An answer that is a file, for the OpenAPI document."""
    binary = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": "The file", "content": binary}}}


def verbs_form() -> dict[str, Any]:
    """The form of a platform's webhook and the XML it gets, for the OpenAPI document."""
    names = ("CallSid", "From", "To", "CallStatus", "SpeechResult", "Confidence", "Digits", "DialCallStatus")
    form = {"schema": {"type": "object", "properties": {name: {"type": "string"} for name in names}}}
    xml = {"text/xml": {"schema": {"type": "string"}}}
    return {
        "requestBody": {"content": {"application/x-www-form-urlencoded": form}},
        "responses": {200: {"description": "XML verbs", "content": xml}},
    }
