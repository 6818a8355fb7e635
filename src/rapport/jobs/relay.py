"""The outbox relay: events somebody subscribed to become jobs, each event exactly once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction

from rapport.jobs.contracts import Subscription
from rapport.jobs.enqueueing import enqueue
from rapport.jobs.models import FeedEvent

Subscribers = Mapping[str, Sequence[Subscription]]


def by_event(subscriptions: Iterable[Subscription]) -> Subscribers:
    """Subscriptions listed under the kind of event they want."""
    found: dict[str, list[Subscription]] = defaultdict(list)
    for subscription in subscriptions:
        found[subscription.event_kind].append(subscription)
    return dict(found)


def relay(subscribers: Subscribers, limit: int = 200) -> int:
    """Turn undispatched events into jobs, in one transaction with their flag; returns how many were seen."""
    waiting = FeedEvent.objects.filter(is_dispatched=False).order_by("pk")
    if not waiting.exists():
        return 0
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        rows = list(waiting[:limit])
        for row in rows:
            for subscription in subscribers.get(row.kind, ()):
                enqueue(
                    subscription.job_kind,
                    {"event_id": row.pk, "kind": row.kind, "data": json.loads(row.body)},
                    key=f"event:{row.pk}:{subscription.job_kind}",
                    priority=subscription.priority,
                )
        FeedEvent.objects.filter(pk__in=[row.pk for row in rows]).update(is_dispatched=True)
    return len(rows)
