"""From the feed to deliveries: who hears of what, numbered, within the relay's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from rapport.channels.webhooks.logic.naming import Happening, kinds_wanted, read_happening
from rapport.channels.webhooks.models import Delivery, SubjectCounter, Webhook
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo
from rapport.jobs import api as jobs
from rapport.jobs.api import FeedRow
from rapport.kernel.clock import now

DELIVER_JOB = "webhooks.deliver"
_CHOSEN = "SELECT events FROM webhooks_webhook WHERE is_active"


def list_wanted_kinds() -> frozenset[str]:
    """Kinds of news somebody wants; one small statement, as it is asked at every look at the feed."""
    with connection.cursor() as cursor:
        cursor.execute(_CHOSEN)
        rows = cursor.fetchall()
    return kinds_wanted(event for (events,) in rows for event in json.loads(events))


def is_wanted(event: str) -> bool:
    """Whether anybody wants news of this kind: for what is not worth a row otherwise."""
    return event in list_wanted_kinds()


@dataclass(frozen=True, slots=True)
class _Parcel:
    """One event on its way to one webhook, not yet numbered."""

    webhook: Webhook
    event: str
    news_id: int
    subject: str


def take_news(rows: Sequence[FeedRow]) -> None:
    """Write a delivery for every webhook that wants one of these events, and the jobs that send them.

    Within the relay's transaction, where nobody else collects at the same time.
    """
    webhooks = list(Webhook.objects.filter(is_active=True).order_by("pk"))
    with_inbox = any(webhook.inbox_id for webhook in webhooks)
    parcels = [
        parcel
        for row, happening in _read(rows, with_inbox=with_inbox)
        for webhook in webhooks
        for parcel in _parcels(webhook, row.id, happening)
    ]
    if parcels:
        _store(parcels)
        for webhook_id in dict.fromkeys(parcel.webhook.pk for parcel in parcels):
            send_soon(webhook_id, f"news:{rows[-1].id}")


def send_soon(webhook_id: int, cause: str) -> None:
    """Have what waits for a webhook sent; once per cause."""
    jobs.enqueue(DELIVER_JOB, {"webhook_id": webhook_id}, key=f"{DELIVER_JOB}:{webhook_id}:{cause}")


def _read(rows: Sequence[FeedRow], *, with_inbox: bool) -> Iterator[tuple[FeedRow, Happening]]:
    found = [(row, read_happening(row.kind, row.topics, _object(row.data))) for row in rows]
    happenings = [(row, happening) for row, happening in found if happening is not None]
    known = conversations.find_conversations({h.row_id for _, h in happenings if h.row_id})
    inboxes = _inboxes((h for _, h in happenings if not h.row_id), known) if with_inbox else {}
    for row, happening in happenings:
        number = happening.number
        if happening.row_id:
            if happening.row_id not in known:
                continue  # the conversation is gone
            number = known[happening.row_id].display_id
        inbox_id = happening.inbox_id
        if with_inbox and inbox_id is None and number is not None:
            inbox_id = inboxes.get(number)
        yield row, replace(happening, number=number, inbox_id=inbox_id)


def _object(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def _inboxes(happenings: Iterable[Happening], known: Mapping[int, ConversationInfo]) -> dict[int, int]:
    """Inboxes by a conversation's number: of what is known, and of what happened where the inbox is not said."""
    inboxes = {int(c.display_id): int(c.inbox.id) for c in known.values()}
    numbers = {h.number for h in happenings if h.inbox_id is None and h.number is not None} - set(inboxes)
    found = conversations.find_conversations_by_number(numbers)
    return inboxes | {number: int(c.inbox.id) for number, c in found.items()}


def _parcels(webhook: Webhook, news_id: int, happening: Happening) -> Iterator[_Parcel]:
    is_before_its_time = news_id <= webhook.since_event
    is_elsewhere = webhook.inbox_id is not None and webhook.inbox_id != happening.inbox_id
    if is_before_its_time or is_elsewhere:
        return
    subject = ""
    if happening.number is not None:
        subject = f"conversation:{happening.number}"
    elif happening.customer_id is not None:
        subject = f"contact:{happening.customer_id}"
    for event in happening.events:
        if event in webhook.events:
            yield _Parcel(webhook, event, news_id, subject)


def _store(parcels: Sequence[_Parcel]) -> None:
    keys = {(p.webhook.pk, p.subject) for p in parcels}
    counters = SubjectCounter.objects.filter(
        webhook_id__in={webhook_id for webhook_id, _ in keys}, subject__in={subject for _, subject in keys}
    )
    values = {(c.webhook_id, c.subject): c.value for c in counters}
    at, rows = now(), []
    for parcel in parcels:
        key = (parcel.webhook.pk, parcel.subject)
        values[key] = values.get(key, 0) + 1
        rows.append(
            Delivery(
                webhook_id=parcel.webhook.pk,
                event=parcel.event,
                event_id=f"{parcel.news_id}.{parcel.event}",
                news_id=parcel.news_id,
                subject=parcel.subject,
                sequence=values[key],
                next_at=at,
                created_at=at,
                tried_since=at,
            )
        )
    Delivery.objects.bulk_create(rows)
    SubjectCounter.objects.bulk_create(
        [SubjectCounter(webhook_id=w, subject=s, value=values[w, s]) for w, s in keys],
        update_conflicts=True,
        unique_fields=["webhook", "subject"],
        update_fields=["value"],
    )
