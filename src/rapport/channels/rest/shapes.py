"""What the application API answers, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from rapport.channels.shapes import AttachmentShape, MessageShape, Shape


class ConversationShape(Shape):
    """A conversation."""

    id: int
    """The number people use."""
    uuid: str
    account_id: int
    inbox_id: int
    status: str
    owner: str
    priority: str | None
    labels: list[str]
    unread_count: int
    custom_attributes: dict[str, Any]
    additional_attributes: dict[str, Any]
    created_at: int
    last_activity_at: int
    meta: dict[str, Any]
    messages: list[MessageShape]


class ListMetaShape(Shape):
    """Where the list goes on; counts only when asked for."""

    next_cursor: str


class ConversationPageShape(Shape):
    """One page."""

    meta: ListMetaShape
    payload: list[ConversationShape]


class ConversationListShape(Shape):
    """A list of conversations."""

    data: ConversationPageShape


class Counts(Shape):
    """How many, up to a thousand."""

    mine_count: int
    unassigned_count: int
    assigned_count: int
    all_count: int


class CountsShape(Shape):
    """How many conversations a filter matches."""

    meta: Counts


class MessageListShape(Shape):
    """Messages of a conversation."""

    meta: dict[str, Any]
    payload: list[MessageShape]


class AttachmentListShape(Shape):
    """Files of a conversation."""

    meta: dict[str, int]
    payload: list[AttachmentShape]


class StatusResult(Shape):
    """The status as it is now."""

    success: bool
    conversation_id: int
    current_status: str
    owner: str
    snoozed_until: int | None


class StatusShape(Shape):
    """The outcome of a change of status."""

    meta: dict[str, Any]
    payload: StatusResult


class StaffShape(Shape):
    """A member of staff."""

    id: int
    name: str
    email: str
    role: str


class ProfileShape(StaffShape):
    """The caller."""

    permissions: list[str]
    accounts: list[dict[str, Any]]


class LabelsShape(Shape):
    """Labels."""

    payload: list[str]


class DecisionListShape(Shape):
    """Decisions, oldest first."""

    payload: list[dict[str, Any]]


class CustomerShape(Shape):
    """A customer."""

    id: int
    uuid: str
    name: str
    email: str | None
    phone_number: str | None
    identifier: str | None
    custom_attributes: dict[str, Any]


class ContactListShape(Shape):
    """Contacts."""

    meta: dict[str, int]
    payload: list[CustomerShape]


class OneContactShape(Shape):
    """A contact."""

    payload: CustomerShape


class NewContact(Shape):
    """A contact and how it is reached."""

    contact: CustomerShape
    contact_inbox: dict[str, Any] | None


class StaffNewContactShape(Shape):
    """A new contact."""

    payload: NewContact


class ContactConversationsShape(Shape):
    """A contact's conversations."""

    payload: list[ConversationShape]


class StaffInboxShape(Shape):
    """An inbox."""

    id: int
    name: str
    channel_type: str
    inbox_identifier: str


class StaffInboxListShape(Shape):
    """Inboxes."""

    payload: list[StaffInboxShape]


class TeamShape(Shape):
    """A team."""

    id: int
    name: str


class EventShape(Shape):
    """What became of a reported event."""

    id: str
    woken: int
    """Procedures that go on; 0: nothing waited for it."""
    duplicate: bool
    """It was reported before, and had its effect then."""


class CannedResponseShape(Shape):
    """A canned response."""

    id: int
    account_id: int
    short_code: str
    content: str
    """In the language asked for, or another one where that is missing: see `language`."""
    language: str
    contents: dict[str, str]
    scope: str
    """``shared``, ``team`` or ``personal``."""
    team_id: int | None
    use_count: int


class DispositionShape(Shape):
    """What a conversation was about and how it ended."""

    reason: str
    """Name of a procedure or of an intent; empty while nothing shows it."""
    outcome: str
    order_ref: str
    product: str
    actions: str
    """Names of the actions that were done, separated by commas."""
    root_cause: str
    details: dict[str, dict[str, Any]]
    """By field ``state`` (``proposed``, ``confirmed``, ``changed``), ``rule``, ``confidence``, ``evidence``, ``by``."""
    updated_at: int


class DispositionAnswerShape(Shape):
    """A disposition, or null."""

    payload: DispositionShape | None


class WebhookShape(Shape):
    """A webhook; `inbox` where it hears of one only, `secret` when it was just made."""

    id: int
    name: str
    url: str
    account_id: int
    subscriptions: list[str]
    active: bool
    personal_data: bool


class WebhookPage(Shape):
    """Webhooks."""

    webhooks: list[WebhookShape]


class WebhookListShape(Shape):
    """Every webhook."""

    payload: WebhookPage


class OneWebhook(Shape):
    """One webhook."""

    webhook: WebhookShape


class OneWebhookShape(Shape):
    """One webhook, as Chatwoot wraps it."""

    payload: OneWebhook


class DeliveryShape(Shape):
    """One event on its way to a webhook."""

    id: int
    delivery: str
    """As in the header ``X-Rapport-Delivery``."""
    event: str
    event_id: str
    event_subject: str
    event_sequence: int
    state: str
    """``waiting``, ``delivered`` or ``dead``."""
    attempts: int
    status: int | None
    """HTTP status of the last attempt."""
    problem: str
    created_at: int
    next_at: int | None


class DeliveryListShape(Shape):
    """Deliveries, the newest first."""

    payload: list[DeliveryShape]


class OneDeliveryShape(Shape):
    """One delivery."""

    payload: DeliveryShape


class ReplayShape(Shape):
    """How many deliveries are sent again."""

    replayed: int
