"""Frozen values about webhooks."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

EVENTS = (
    "conversation_created",
    "conversation_updated",
    "conversation_status_changed",
    "message_created",
    "message_updated",
    "contact_created",
    "contact_updated",
    "webwidget_triggered",
    "action_succeeded",
    "action_failed",
    "procedure_ended",
    "decision_recorded",
)
"""Everything that can be subscribed to: Chatwoot's names first, then Rapport's own."""

TEST_EVENT = "webhook_test"
"""Sent on request only, whatever is subscribed to."""


class DeliveryState(enum.StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    """To be sent, or to be sent again."""
    DELIVERED = "delivered"
    """The receiver answered 2xx."""
    DEAD = "dead"
    """Given up; it can be replayed."""


@dataclass(frozen=True, slots=True)
class WebhookDraft:
    """A subscription as somebody wants it."""

    name: str
    url: str
    events: tuple[str, ...]
    inbox_id: int | None = None
    """Only news of this inbox; None: of all."""
    is_active: bool = True
    with_personal_data: bool = False
    """Names, addresses and texts as they are; otherwise redacted."""


@dataclass(frozen=True, slots=True)
class WebhookInfo:
    """A subscription."""

    id: int
    name: str
    url: str
    events: tuple[str, ...]
    inbox_id: int | None
    inbox_name: str
    is_active: bool
    with_personal_data: bool
    failures: int
    """Failed attempts since the last success."""
    resting_until: dt.datetime | None
    """Left alone until then, because it kept failing."""
    problem: str
    """Why the last attempt failed; empty after a success."""
    created_at: dt.datetime
    delivered_at: dt.datetime | None
    """The last success."""

    @property
    def host(self) -> str:
        """Where it goes, without the path, which may be a secret."""
        return self.url.split("/")[2] if self.url.count("/") > 1 else ""

    @property
    def is_encrypted(self) -> bool:
        """Whether it goes by HTTPS."""
        return self.url.startswith("https://")

    def as_draft(self) -> WebhookDraft:
        """What could be wanted instead starts from what is."""
        return WebhookDraft(
            self.name, self.url, self.events, self.inbox_id, self.is_active, self.with_personal_data
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver."""

    at: dt.datetime
    status: int | None
    """HTTP status; None without an answer."""
    took_ms: int
    problem: str
    """Why it failed, in one word: ``status``, ``timeout``, ``no_connection`` …; empty: it did not."""


@dataclass(frozen=True, slots=True)
class DeliveryInfo:
    """One event on its way to one receiver."""

    id: int
    uuid: str
    """In the header ``X-Rapport-Delivery``; stays the same however often it is sent."""
    webhook_id: int
    event: str
    event_id: str
    subject: str
    """``conversation:12``, ``contact:5`` or nothing: within one, deliveries keep their order."""
    sequence: int
    state: DeliveryState
    attempts: int
    next_at: dt.datetime
    created_at: dt.datetime
    finished_at: dt.datetime | None
    status: int | None
    """HTTP status of the last attempt."""
    answer: str
    """The beginning of the last answer."""
    body: str
    """As it was sent; empty before the first attempt and after its retention."""
    log: tuple[Attempt, ...]
    """The last attempts."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many deliveries of a webhook are in which state."""

    waiting: int = 0
    delivered: int = 0
    dead: int = 0
