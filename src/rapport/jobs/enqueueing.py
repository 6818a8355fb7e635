"""Adding and cancelling jobs in the caller's transaction."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db import connection, models

from rapport.jobs.models import Job
from rapport.kernel import clock
from rapport.kernel.errors import InvalidInput

MAX_PAYLOAD_BYTES = 512 * 1024
JOBS_CHANNEL = "rapport_jobs"
FEED_CHANNEL = "rapport_feed"

_INSERT = (
    "INSERT INTO jobs_job (kind, payload, key, priority, run_at, token, attempts, state, error, created_at)"
    " VALUES (%s, %s, %s, %s, %s, '', 0, 'ready', '', %s) ON CONFLICT (key) DO NOTHING RETURNING id"
)


def enqueue(
    kind: str,
    payload: dict[str, Any],
    *,
    key: str | None = None,
    run_at: dt.datetime | None = None,
    priority: int = 5,
) -> bool:
    """Add a job that exists only if the caller's transaction commits.

    Args:
        kind: name of a registered `JobKind`.
        payload: JSON object, at most 512 KiB encoded.
        key: unique among jobs not yet pruned (3 days after they are done); a second insert is ignored.
        run_at: not before this moment; now when omitted.
        priority: a `Priority`.
    Returns: False if a job with this key was there already.
    """
    now = clock.now()
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    if len(body.encode()) > MAX_PAYLOAD_BYTES:
        raise InvalidInput(
            "A job's payload is limited to 512 KiB; store the data and pass its id.", kind=kind
        )
    stamp = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [kind, body, key, int(priority), stamp(run_at or now), stamp(now)])
        is_new = cursor.fetchone() is not None
    if is_new:
        notify(JOBS_CHANNEL)
    return is_new


def cancel(key: str) -> bool:
    """Remove a job that has not started; False if it is unknown, running or finished."""
    waiting = Job.objects.filter(key=key, state=Job.READY).filter(is_unleased(clock.now()))
    removed, _ = waiting.delete()
    return bool(removed)


def is_unleased(now: dt.datetime) -> models.Q:
    """Jobs nobody is working on."""
    return models.Q(lease_until=None) | models.Q(lease_until__lt=now)


def notify(channel: str) -> None:
    """Wake listeners when this transaction commits; SQLite's listeners watch the file itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {channel}")
