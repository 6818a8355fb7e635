"""What other packages may ask of webhooks."""

from __future__ import annotations

from rapport.channels.webhooks.collecting import is_wanted
from rapport.channels.webhooks.contracts import (
    EVENTS,
    TEST_EVENT,
    Attempt,
    Counts,
    DeliveryInfo,
    DeliveryState,
    WebhookDraft,
    WebhookInfo,
)
from rapport.channels.webhooks.courier import Courier, at_once
from rapport.channels.webhooks.erasing import erase_customer
from rapport.channels.webhooks.jobs import SCHEDULES, TAP, job_kinds
from rapport.channels.webhooks.queries import (
    PAGE_SIZE,
    count_deliveries,
    find_delivery,
    find_webhook,
    list_deliveries,
    list_webhooks,
)
from rapport.channels.webhooks.services import (
    create_webhook,
    delete_webhook,
    replay,
    replay_dead,
    rotate_secret,
    send_test,
    update_webhook,
)

__all__ = [
    "EVENTS",
    "PAGE_SIZE",
    "SCHEDULES",
    "TAP",
    "TEST_EVENT",
    "Attempt",
    "Counts",
    "Courier",
    "DeliveryInfo",
    "DeliveryState",
    "WebhookDraft",
    "WebhookInfo",
    "at_once",
    "count_deliveries",
    "create_webhook",
    "delete_webhook",
    "erase_customer",
    "find_delivery",
    "find_webhook",
    "is_wanted",
    "job_kinds",
    "list_deliveries",
    "list_webhooks",
    "replay",
    "replay_dead",
    "rotate_secret",
    "send_test",
    "update_webhook",
]
