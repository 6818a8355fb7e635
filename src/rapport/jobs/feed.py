"""The change feed: written in the caller's transaction, read by position."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Max

from rapport.jobs.contracts import FeedRow
from rapport.jobs.enqueueing import FEED_CHANNEL, notify
from rapport.jobs.models import FeedEvent
from rapport.kernel import clock
from rapport.kernel.errors import InvalidInput

_INSERT = (
    "INSERT INTO jobs_feedevent (kind, topics, at, body, is_dispatched) VALUES (%s, %s, %s, %s, false)"
    " RETURNING id"
)


def publish(kind: str, topics: Iterable[str], data: Any) -> int:
    """Write news that exists only if the caller's transaction commits; returns its position."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    if len(body.encode()) > FeedRow.MAX_BODY_BYTES:
        raise InvalidInput("An event is limited to 256 KiB; publish an id to be fetched.", kind=kind)
    at = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [kind, join_topics(topics), at, body])
        row_id: int = cursor.fetchone()[0]
    notify(FEED_CHANNEL)
    return row_id


def read_feed(after_id: int, limit: int = 500) -> list[FeedRow]:
    """News after a position, oldest first."""
    rows = FeedEvent.objects.filter(pk__gt=after_id).order_by("pk")
    return [
        FeedRow(pk, kind, tuple(topics.split()), body)
        for pk, kind, topics, body in rows.values_list("pk", "kind", "topics", "body")[:limit]
    ]


def latest_feed_id() -> int:
    """Position of the newest event, 0 when there is none."""
    return FeedEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0


def join_topics(topics: Iterable[str]) -> str:
    """Topics as one text with a space on either side of each."""
    listed = tuple(topics)
    assert all(topic and not any(c.isspace() for c in topic) for topic in listed), f"bad topic in {listed}"
    return f" {' '.join(listed)} "
