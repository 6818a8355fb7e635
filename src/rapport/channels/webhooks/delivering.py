"""Deliveries one by one: taking the next one, sending it, and writing down what became of it.

Rows carry their own lease, so that whoever dies while sending leaves the delivery to others: at least once. Within
one subject nothing overtakes what waits before it.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from rapport.accounts import api as accounts
from rapport.channels.webhooks import sealing
from rapport.channels.webhooks.bodies import Telling, make_body
from rapport.channels.webhooks.collecting import DELIVER_JOB
from rapport.channels.webhooks.contracts import TEST_EVENT, DeliveryState
from rapport.channels.webhooks.logic import retrying
from rapport.channels.webhooks.models import Delivery, Webhook
from rapport.channels.webhooks.sending import Answered, Limits, post
from rapport.jobs import api as jobs
from rapport.kernel.clock import now

logger = logging.getLogger(__name__)
LEASE_MARGIN = dt.timedelta(seconds=30)
KEPT_ATTEMPTS = 20
TOUCHED_EVERY = dt.timedelta(seconds=5)
"""So often the time of a webhook's last success is written, at most."""
USER_AGENT = "Rapport-Webhooks/1"
GONE = Answered(None, "", 0, "gone")
"""What the news was about is gone: there is nothing to send."""
UNREADABLE = Answered(None, "", 0, "no_secret")
"""The installation's key has changed: the secret must be made anew."""
CRASHED = Answered(None, "", 0, "crashed")
"""Whoever made the last of its attempts died with it."""
ENDS_AT_ONCE = frozenset({GONE.problem, UNREADABLE.problem, CRASHED.problem})
UNSUBSCRIBED = 410
"""A receiver that answers so wants nothing more."""


def deliver_next(webhook_id: int, *, is_first: bool = True) -> bool:
    """Send the next delivery that is due; False when there is none, or the receiver is left alone.

    Args:
        webhook_id: whose.
        is_first: False for those who help the first one: they stop while the receiver fails.
    """
    taken = _take(webhook_id, is_first=is_first)
    if taken is None:
        return False
    delivery, webhook = taken
    body = delivery.body.encode()
    if delivery.attempts > retrying.TRIES:
        answered = CRASHED
    else:
        body = body or _body_of(delivery, webhook) or b""
        answered = _send(delivery, webhook, body) if body else GONE
    _settle(delivery, body, answered)
    return True


def plan_next(webhook_id: int) -> None:
    """Enqueue the job that goes on when the next delivery is due, or when the receiver has rested."""
    at = now()
    webhook = Webhook.objects.filter(pk=webhook_id, is_active=True).first()
    if webhook is None:
        return
    if webhook.resting_until and webhook.resting_until > at:
        waiting = Delivery.objects.filter(webhook_id=webhook_id, state=DeliveryState.WAITING)
        due = webhook.resting_until if waiting.exists() else None
    else:
        due = _heads(webhook_id).filter(_is_free(at)).aggregate(at=Min("next_at"))["at"]
    if due is None:
        return
    second = int(max(due, at).timestamp()) + 1
    jobs.enqueue(
        DELIVER_JOB,
        {"webhook_id": webhook_id},
        key=f"{DELIVER_JOB}:{webhook_id}:{second}",
        run_at=dt.datetime.fromtimestamp(second, dt.UTC),
    )


def expire() -> int:
    """Give up what has waited too long behind a receiver that does not recover; returns how many."""
    at = now()
    old = Delivery.objects.filter(state=DeliveryState.WAITING, tried_since__lt=at - retrying.MAX_AGE)
    return old.filter(_is_free(at)).update(state=DeliveryState.DEAD, finished_at=at)


def list_due() -> list[int]:
    """Webhooks with deliveries that could be sent now."""
    at = now()
    due = Delivery.objects.filter(state=DeliveryState.WAITING, next_at__lte=at).filter(_is_free(at))
    awake = Q(webhook__resting_until=None) | Q(webhook__resting_until__lte=at)
    found = due.filter(awake, webhook__is_active=True).values_list("webhook_id", flat=True)
    return sorted(found.distinct())


def _heads(webhook_id: int) -> QuerySet[Delivery]:
    """Deliveries that wait for nothing but their time: none before them in their subject."""
    waiting = Delivery.objects.filter(webhook_id=webhook_id, state=DeliveryState.WAITING)
    before = waiting.filter(subject=OuterRef("subject"), pk__lt=OuterRef("pk"))
    return waiting.filter(Q(subject="") | ~Exists(before))


def _tests(webhook_id: int) -> QuerySet[Delivery]:
    """What is sent even to a receiver that is paused or left alone."""
    waiting = Delivery.objects.filter(webhook_id=webhook_id, state=DeliveryState.WAITING)
    return waiting.filter(subject="", event=TEST_EVENT)


def _is_free(at: dt.datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=at)


def _take(webhook_id: int, *, is_first: bool) -> tuple[Delivery, Webhook] | None:
    """The next delivery, held under a lease; taken by one statement, so that nobody waits for a lock."""
    webhook = Webhook.objects.filter(pk=webhook_id).first()
    if webhook is None or (webhook.failures and not is_first):
        return None
    at = now()
    is_spared = not webhook.is_active or (webhook.resting_until is not None and webhook.resting_until > at)
    heads = _tests(webhook_id) if is_spared else _heads(webhook_id)
    sendable = heads.filter(_is_free(at), next_at__lte=at)
    until = at + dt.timedelta(seconds=settings.WEBHOOK_TIMEOUT_S) + LEASE_MARGIN
    while (delivery := sendable.order_by("pk").first()) is not None:
        seen = Delivery.objects.filter(
            pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts
        )
        if seen.update(attempts=F("attempts") + 1, lease_until=until):
            delivery.attempts, delivery.lease_until = delivery.attempts + 1, until
            return delivery, webhook
    return None


def _body_of(delivery: Delivery, webhook: Webhook) -> bytes | None:
    telling = Telling(
        delivery.event, delivery.event_id, delivery.subject, delivery.sequence, webhook.with_personal_data
    )
    if delivery.event == TEST_EVENT:
        return make_body(telling, {"webhook": {"id": webhook.pk, "name": webhook.name}})
    news = next(iter(jobs.read_feed(delivery.news_id - 1, limit=1)), None)
    return make_body(telling, news.data) if news is not None and news.id == delivery.news_id else None


def _send(delivery: Delivery, webhook: Webhook, body: bytes) -> Answered:
    try:
        secret = sealing.unseal(webhook.secret)
    except signing.BadSignature:
        return UNREADABLE
    timestamp = int(now().timestamp())
    signed = {
        "Timestamp": str(timestamp),
        "Signature": sealing.sign(secret, timestamp, body),
        "Delivery": delivery.uuid,
    }
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        **{f"X-Chatwoot-{name}": value for name, value in signed.items()},
        **{f"X-Rapport-{name}": value for name, value in signed.items()},
        "X-Rapport-Event": delivery.event,
        "X-Rapport-Attempt": str(delivery.attempts),
    }
    limits = Limits(settings.WEBHOOK_TIMEOUT_S, settings.WEBHOOK_NETWORKS)
    return post(webhook.url, body, headers, limits)


@transaction.atomic
def _settle(delivery: Delivery, body: bytes, answered: Answered) -> None:
    at = now()
    mine = Delivery.objects.filter(pk=delivery.pk, lease_until=delivery.lease_until)
    values = _outcome(delivery, answered, at) | {
        "body": body.decode("utf-8", "replace"),
        "status": answered.status,
        "answer": answered.text,
        "lease_until": None,
        "log": [*delivery.log, _line(answered, at)][-KEPT_ATTEMPTS:],
    }
    if not mine.update(**values) or answered.problem in ENDS_AT_ONCE:
        return
    webhook = Webhook.objects.filter(pk=delivery.webhook_id)
    if not answered.problem:
        is_news = Q(failures__gt=0) | Q(delivered_at=None) | Q(delivered_at__lt=at - TOUCHED_EVERY)
        webhook.filter(is_news).update(failures=0, resting_until=None, problem="", delivered_at=at)
    elif delivery.event != TEST_EVENT:
        webhook.update(failures=F("failures") + 1, problem=_said(answered))
        _let_rest(delivery.webhook_id, answered, at)
    if values.get("state") == DeliveryState.DEAD:
        logger.error(
            "webhook %s: delivery %s is dead: %s", delivery.webhook_id, delivery.uuid, _said(answered)
        )


def _let_rest(webhook_id: int, answered: Answered, at: dt.datetime) -> None:
    row = Webhook.objects.get(pk=webhook_id)
    rest_s = max(retrying.rest_s(row.failures, _draw()), answered.retry_after_s)
    changes: dict[str, Any] = {"resting_until": at + dt.timedelta(seconds=rest_s)} if rest_s else {}
    if answered.status == UNSUBSCRIBED or row.failures >= retrying.FAILURES_TO_PAUSE:
        changes |= {"is_active": False}
        accounts.record_audit("webhook_paused", actor_id=None, subject=f"webhook:{webhook_id}")
    if changes:
        Webhook.objects.filter(pk=webhook_id).update(**changes)


def _outcome(delivery: Delivery, answered: Answered, at: dt.datetime) -> dict[str, Any]:
    if not answered.problem:
        return {"state": DeliveryState.DELIVERED, "finished_at": at}
    is_over = (
        delivery.event == TEST_EVENT
        or answered.problem in ENDS_AT_ONCE
        or delivery.attempts >= retrying.TRIES
        or at - delivery.tried_since >= retrying.MAX_AGE
    )
    if is_over:
        return {"state": DeliveryState.DEAD, "finished_at": at}
    pause = retrying.pause_s(delivery.attempts, _draw())
    return {"next_at": at + dt.timedelta(seconds=max(pause, answered.retry_after_s))}


def _line(answered: Answered, at: dt.datetime) -> dict[str, Any]:
    return {
        "at": at.isoformat(),
        "status": answered.status,
        "took_ms": answered.took_ms,
        "problem": answered.problem,
    }


def _said(answered: Answered) -> str:
    return f"{answered.problem} {answered.status}" if answered.status else answered.problem


def _draw() -> float:
    return random.random()  # noqa: S311 - jitter, not a secret
