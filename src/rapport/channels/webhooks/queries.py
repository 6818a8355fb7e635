"""Reads about webhooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from rapport.channels.webhooks.contracts import Attempt, Counts, DeliveryInfo, DeliveryState, WebhookInfo
from rapport.channels.webhooks.models import Delivery, Webhook

PAGE_SIZE = 50


def webhook_info(row: Webhook) -> WebhookInfo:
    """The outward value of a row loaded with its inbox."""
    return WebhookInfo(
        id=row.pk,
        name=row.name,
        url=row.url,
        events=tuple(row.events),
        inbox_id=row.inbox_id,
        inbox_name=row.inbox.name if row.inbox else "",
        is_active=row.is_active,
        with_personal_data=row.with_personal_data,
        failures=row.failures,
        resting_until=row.resting_until,
        problem=row.problem,
        created_at=row.created_at,
        delivered_at=row.delivered_at,
    )


def list_webhooks() -> list[WebhookInfo]:
    """Every webhook, the oldest first."""
    return [webhook_info(row) for row in Webhook.objects.select_related("inbox").order_by("pk")]


def find_webhook(webhook_id: int) -> WebhookInfo | None:
    """One webhook."""
    row = Webhook.objects.select_related("inbox").filter(pk=webhook_id).first()
    return webhook_info(row) if row else None


def count_deliveries(webhook_ids: Iterable[int] | None = None) -> dict[int, Counts]:
    """How many deliveries are in which state, by webhook."""
    rows = Delivery.objects.all()
    if webhook_ids is not None:
        rows = rows.filter(webhook_id__in=list(webhook_ids))
    found: dict[int, dict[str, int]] = {}
    for webhook_id, state, count in (
        rows.values_list("webhook_id", "state").annotate(n=Count("id")).order_by()
    ):
        found.setdefault(webhook_id, {})[state] = count
    return {webhook_id: Counts(**counts) for webhook_id, counts in found.items()}


def list_deliveries(
    webhook_id: int, *, state: str = "", before: int | None = None, limit: int = PAGE_SIZE
) -> list[DeliveryInfo]:
    """Deliveries of a webhook, the newest first, from before a row id; without their bodies."""
    rows = Delivery.objects.filter(webhook_id=webhook_id).defer("body", "answer")
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_delivery_info(row, with_body=False) for row in rows.order_by("-pk")[:limit]]


def find_delivery(webhook_id: int, delivery_id: int) -> DeliveryInfo | None:
    """One delivery with what was sent and answered."""
    row = Delivery.objects.filter(webhook_id=webhook_id, pk=delivery_id).first()
    return _delivery_info(row, with_body=True) if row else None


def _delivery_info(row: Delivery, *, with_body: bool) -> DeliveryInfo:
    return DeliveryInfo(
        id=row.pk,
        uuid=row.uuid,
        webhook_id=row.webhook_id,
        event=row.event,
        event_id=row.event_id,
        subject=row.subject,
        sequence=row.sequence,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        created_at=row.created_at,
        finished_at=row.finished_at,
        status=row.status,
        answer=row.answer if with_body else "",
        body=row.body if with_body else "",
        log=tuple(_attempt(line) for line in row.log),
    )


def _attempt(line: dict[str, Any]) -> Attempt:
    return Attempt(dt.datetime.fromisoformat(line["at"]), line["status"], line["took_ms"], line["problem"])
