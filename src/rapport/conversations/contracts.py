"""Frozen values about conversations."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rapport.kernel.ids import ConversationId, CustomerId, InboxId, MessageId

TURN_JOB = "assistant.turn"
"""Kind of the job that lets the assistant answer; payload ``{"conversation_id", "generation"}``.

With ``not_before``, a moment, more texts may come until then: the turn may read, but not act, before it.
"""


class Owner(enum.StrEnum):
    """Who answers: exactly one at any moment."""

    ASSISTANT = "assistant"
    QUEUE = "queue"
    """A person must take it; the assistant is silent."""
    AGENT = "agent"


class Status(enum.StrEnum):
    """Chatwoot's four; ``pending`` = the assistant owns it, ``open`` = people do."""

    OPEN = "open"
    PENDING = "pending"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class MessageType(enum.StrEnum):
    """Direction of a message."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    ACTIVITY = "activity"
    """A line of record ("… was assigned")."""
    TEMPLATE = "template"
    """Sent by the system: greeting, queue news."""


MESSAGE_TYPE_NUMBERS = {"incoming": 0, "outgoing": 1, "activity": 2, "template": 3}
"""Chatwoot's REST API speaks numbers."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote a message."""

    kind: str
    """``contact``, ``user``, ``assistant``, ``system``."""
    id: int | None
    name: str


SYSTEM = Sender("system", None, "")
"""Nobody: lines of record, and news of the queue."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A photo or document about to be stored."""

    name: str
    """As its sender calls it; shown, and never part of a path."""
    content: bytes


@dataclass(frozen=True, slots=True)
class AttachmentInfo:
    """A stored photo or document."""

    id: int
    name: str
    """Cleaned, with an ending that fits the content."""
    media_type: str
    """Read from the content, never taken from the sender's word."""
    size: int
    """Of the content [bytes]."""
    url: str
    """Signed: whoever has it may read the file for an hour or two."""
    from_customer: bool
    message_id: MessageId | None
    """None until a message carries it."""


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """A message about to be stored."""

    type: MessageType
    content: str
    sender: Sender
    content_type: str = "text"
    """``text``, ``input_select``, ``input_file``, ``form``, ``cards``, ``article``."""
    content_attributes: dict[str, Any] = field(default_factory=dict)
    is_private: bool = False
    source_id: str | None = None
    """The sender's own id of the message; a second one with the same id is ignored."""
    decision_id: int | None = None
    attachment_ids: tuple[int, ...] = ()
    """Files of this conversation that no message carries yet."""


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A customer's free text about to be stored."""

    conversation_id: ConversationId
    content: str
    """As `check_text` returned it."""
    source_id: str | None
    """The sender's own id of the message; a second one with the same id is ignored."""


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who has said something in a conversation that the customer sees."""

    person_message: int | None
    """The latest answer of a member of staff."""
    has_customer: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """What a channel keeps with a customer's message, besides its words."""

    attributes: dict[str, Any] = field(default_factory=dict)
    """Added to the content attributes; the key is the channel's kind, as in ``{"email": {…}}``."""
    is_answered: bool = True
    """Whether the assistant is asked, where it owns the conversation."""


NOTHING_CARRIED = Carried()
RETURNED = "returned_after"
"""Fact kept with a conversation: up to this message people answered it, before the assistant had it again."""
MOMENTARY = "is_momentary"
"""Content attribute of what is true only now (a place in the queue): channels that are read later leave it out."""
CLICKS = frozenset({"command", "submitted_values"})
"""Content attributes of a message that is a click, a form or files asked for; all others are a channel's own."""


@dataclass(frozen=True, slots=True)
class MessageInfo:
    """A stored message."""

    id: MessageId
    conversation_id: ConversationId
    sequence: int
    type: MessageType
    content: str
    content_type: str
    content_attributes: dict[str, Any]
    is_private: bool
    sender: Sender
    source_id: str | None
    decision_id: int | None
    created_at: dt.datetime
    attachments: tuple[AttachmentInfo, ...] = ()

    @property
    def is_click(self) -> bool:
        """Whether the customer chose, filled in or sent what was asked for, instead of writing."""
        return not CLICKS.isdisjoint(self.content_attributes)


@dataclass(frozen=True, slots=True)
class Verification:
    """How the customer of a conversation was recognised."""

    customer_ref: str
    """The connected system's customer id."""
    method: str
    """``hmac``, ``order_and_email``, ``email_code``, ``email_reply``, ``email_authenticated``, ``staff`` …"""
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class InboxInfo:
    """An inbox."""

    id: InboxId
    name: str
    channel_kind: str
    identifier: str
    hmac_token: str
    is_hmac_mandatory: bool
    settings: dict[str, Any]
    is_enabled: bool = True
    """Customers reach us here; a disabled inbox is found by staff only."""


@dataclass(frozen=True, slots=True)
class ContactInfo:
    """A customer as one inbox knows them."""

    id: int
    source_id: str
    """Unguessable; whoever holds it speaks for this contact."""
    customer_id: CustomerId
    inbox: InboxInfo
    is_hmac_verified: bool
    identifier: str
    """The customer's id in the connected shop, as the host page states it; trusted only when `is_hmac_verified`."""
    session_epoch: int


@dataclass(frozen=True, slots=True)
class ConversationInfo:
    """A conversation."""

    id: ConversationId
    display_id: int
    uuid: str
    inbox: InboxInfo
    contact_inbox_id: int
    source_id: str
    customer_id: CustomerId
    customer_name: str
    status: Status
    owner: Owner
    assignee_id: int | None
    team_id: int | None
    priority: str | None
    language: str
    generation: int
    """Grows with every message that deserves an answer; an answer to an older one is dropped."""
    verification: Verification | None
    labels: tuple[str, ...]
    custom_attributes: dict[str, Any]
    additional_attributes: dict[str, Any]
    briefing: dict[str, Any]
    sentiment: str
    unread_count: int
    message_count: int
    preview: str
    queued_at: dt.datetime | None
    waiting_since: dt.datetime | None
    first_reply_at: dt.datetime | None
    snoozed_until: dt.datetime | None
    resolved_at: dt.datetime | None
    contact_last_seen_at: dt.datetime | None
    agent_last_seen_at: dt.datetime | None
    last_activity_at: dt.datetime
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Briefing:
    """What a person needs to know when a conversation is handed over."""

    reason: str
    """Why, in one word the rules use: ``customer_asked``, ``our_mistake``, ``not_understood`` …"""
    who: str
    asked: tuple[str, ...]
    """What was asked, in the customer's words or procedure titles."""
    tried: tuple[str, ...]
    sentiment: str
    left: tuple[str, ...]
    """What is still to be done."""
    team: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


class Outcome(enum.StrEnum):
    """How a conversation ended."""

    SOLVED_BY_ASSISTANT = "solved_by_assistant"
    SOLVED_BY_PERSON = "solved_by_person"
    REFUSED_BY_RULE = "refused_by_rule"
    """What the customer wanted was not allowed."""
    GIVEN_UP = "given_up"
    """The customer cancelled, or left in the middle."""
    NO_ANSWER = "no_answer"
    """Neither the assistant nor a person answered what was asked."""
    NO_REQUEST = "no_request"
    """Nothing was asked for."""
    DUPLICATE = "duplicate"
    SPAM = "spam"


DISPOSITION_FIELDS = ("reason", "outcome", "order_ref", "product", "actions", "root_cause")
"""What a disposition says, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class ProposedValue:
    """What the system would fill in, and on what ground."""

    value: str
    rule: str
    """Name of the ground: people's verdicts are counted by it."""
    confidence: float
    """Probability that a person would leave it as it is [0..1]."""
    evidence: tuple[dict[str, Any], ...] = ()
    """``[{"kind": "run"|"decision"|"action"|"message"|"label"|"handover", "ref", "title"}]``."""


@dataclass(frozen=True, slots=True)
class DispositionValue:
    """One field of a disposition."""

    value: str
    state: str = ""
    """``proposed`` by the system, ``confirmed`` or ``changed`` by a person; empty where there is nothing."""
    rule: str = ""
    confidence: float | None = None
    """None where a person has written it."""
    evidence: tuple[dict[str, Any], ...] = ()
    by: int | None = None
    """Staff id of who confirmed or changed it."""


@dataclass(frozen=True, slots=True)
class Disposition:
    """What a conversation was about and how it ended."""

    conversation_id: int
    values: Mapping[str, DispositionValue]
    """By field; every field is there."""
    updated_at: dt.datetime | None = None

    def __getitem__(self, name: str) -> DispositionValue:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class RootCause:
    """One entry of the shop's list of root causes."""

    key: str
    title: str
    when: tuple[str, ...] = ()
    """What proposes it, each enough by itself: ``procedure NAME``, ``slot NAME = VALUE``, ``handover REASON`` …"""


@dataclass(frozen=True, slots=True)
class DispositionRules:
    """What the shop decided about dispositions."""

    is_required: bool = False
    """A person confirms reason and outcome before resolving at the desk."""
    causes: tuple[RootCause, ...] = ()
