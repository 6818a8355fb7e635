"""The outbox relay: events somebody subscribed to become jobs, each event exactly once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import connection, transaction

from rapport.jobs.contracts import FeedRow, Subscription, Tap
from rapport.jobs.enqueueing import enqueue
from rapport.jobs.models import FeedEvent

Subscribers = Mapping[str, Sequence[Subscription]]


def by_event(subscriptions: Iterable[Subscription]) -> Subscribers:
    """Subscriptions listed under the kind of event they want."""
    found: dict[str, list[Subscription]] = defaultdict(list)
    for subscription in subscriptions:
        found[subscription.event_kind].append(subscription)
    return dict(found)


_WAITING = (
    "SELECT EXISTS (SELECT 1 FROM jobs_feedevent WHERE NOT is_dispatched AND kind IN ({kinds})),"
    " (SELECT count(*) FROM (SELECT 1 FROM jobs_feedevent WHERE NOT is_dispatched LIMIT %s) waiting)"
)


def relay(subscribers: Subscribers, limit: int = 200, *, unwanted: int = 1, taps: Sequence[Tap] = ()) -> int:
    """Turn undispatched events into jobs, in one transaction with their flag; returns how many were seen.

    Events nobody subscribed to are left until there are `unwanted` of them, so that not every message costs
    a transaction that only says nobody cares. Where somebody taps the news, workers relay one after the other,
    so that a tap hears of events in the order of their ids.
    """
    tapped = [(tap, kinds) for tap in taps if (kinds := tap.wanted())]
    wanted = {*subscribers, *(kind for _, kinds in tapped for kind in kinds)}
    if not _is_worthwhile(wanted, unwanted):
        return 0
    waiting = FeedEvent.objects.filter(is_dispatched=False).order_by("pk")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=not tapped)
        rows = list(waiting[:limit])
        for row in rows:
            for subscription in subscribers.get(row.kind, ()):
                enqueue(
                    subscription.job_kind,
                    {"event_id": row.pk, "kind": row.kind, "data": json.loads(row.body)},
                    key=f"event:{row.pk}:{subscription.job_kind}",
                    priority=subscription.priority,
                )
        for tap, kinds in tapped:
            news = [_as_feed_row(row) for row in rows if row.kind in kinds]
            if news:
                tap.take(news)
        FeedEvent.objects.filter(pk__in=[row.pk for row in rows]).update(is_dispatched=True)
    return len(rows)


def _as_feed_row(row: FeedEvent) -> FeedRow:
    return FeedRow(row.pk, row.kind, tuple(row.topics.split()), row.body)


def _is_worthwhile(wanted: Collection[str], unwanted: int) -> bool:
    kinds = ", ".join(["%s"] * len(wanted)) or "''"
    with connection.cursor() as cursor:
        cursor.execute(_WAITING.format(kinds=kinds), [*wanted, unwanted])
        is_wanted, count = cursor.fetchone()
    return bool(is_wanted) or count >= unwanted
