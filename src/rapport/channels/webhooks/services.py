"""Writes about webhooks by staff: subscribing, changing, new secrets, tests, replays."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Staff
from rapport.channels.webhooks.collecting import send_soon
from rapport.channels.webhooks.contracts import (
    EVENTS,
    TEST_EVENT,
    DeliveryInfo,
    DeliveryState,
    WebhookDraft,
    WebhookInfo,
)
from rapport.channels.webhooks.models import Delivery, Webhook
from rapport.channels.webhooks.queries import find_delivery, find_webhook
from rapport.channels.webhooks.sealing import make_secret, seal
from rapport.conversations import api as conversations
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict, InvalidInput, NotFound
from rapport.kernel.ids import new_uuid

MAX_WEBHOOKS = 50


@transaction.atomic
def create_webhook(draft: WebhookDraft, staff: Staff, *, ip_address: str = "") -> tuple[WebhookInfo, str]:
    """A new subscription and its secret, which is not shown again. It hears of what happens from now on."""
    wanted = check_draft(draft)
    if Webhook.objects.count() >= MAX_WEBHOOKS:
        raise Conflict(_("There are %(n)s webhooks already.") % {"n": MAX_WEBHOOKS})
    secret = make_secret()
    row = Webhook.objects.create(
        **_values(wanted),
        secret=seal(secret),
        since_event=jobs.latest_feed_id(),
        created_by_id=staff.id,
        created_at=now(),
    )
    made = _access(row.pk)
    _record("webhook_created", made, staff, ip_address, _shown(made))
    return made, secret


@transaction.atomic
def update_webhook(
    webhook_id: int, draft: WebhookDraft, staff: Staff, *, ip_address: str = ""
) -> WebhookInfo:
    """Change a subscription. One that was paused hears of what happens from now on."""
    before = _access(webhook_id)
    wanted = check_draft(draft)
    values: dict[str, Any] = _values(wanted)
    if wanted.is_active and not before.is_active:
        values |= {"since_event": jobs.latest_feed_id()}
    if (wanted.is_active and not before.is_active) or wanted.url != before.url:
        values |= {"failures": 0, "resting_until": None, "problem": ""}
    Webhook.objects.filter(pk=webhook_id).update(**values)
    if before.with_personal_data and not wanted.with_personal_data:
        Delivery.objects.filter(webhook_id=webhook_id).update(body="")
    after = _access(webhook_id)
    changed = {
        name: [_shown(before)[name], value]
        for name, value in _shown(after).items()
        if value != _shown(before)[name]
    }
    if changed or before.url != after.url:
        _record("webhook_changed", after, staff, ip_address, changed)
    if after.is_active:
        send_soon(webhook_id, f"change:{new_uuid()}")
    return after


@transaction.atomic
def delete_webhook(webhook_id: int, staff: Staff, *, ip_address: str = "") -> None:
    """End a subscription, with its deliveries."""
    known = _access(webhook_id)
    Webhook.objects.filter(pk=webhook_id).delete()
    _record("webhook_deleted", known, staff, ip_address, _shown(known))


@transaction.atomic
def rotate_secret(webhook_id: int, staff: Staff, *, ip_address: str = "") -> str:
    """A new secret, which is not shown again; the old one signs nothing any more."""
    known = _access(webhook_id)
    secret = make_secret()
    Webhook.objects.filter(pk=webhook_id).update(secret=seal(secret))
    _record("webhook_secret_changed", known, staff, ip_address, {})
    return secret


@transaction.atomic
def send_test(webhook_id: int, staff: Staff, *, ip_address: str = "") -> DeliveryInfo:
    """Have a test event sent, once, even where the webhook is paused or left alone."""
    _record("webhook_tested", _access(webhook_id), staff, ip_address, {})
    row = Delivery.objects.create(
        webhook_id=webhook_id,
        event=TEST_EVENT,
        event_id=f"{new_uuid()}.{TEST_EVENT}",
        next_at=now(),
        created_at=now(),
        tried_since=now(),
    )
    send_soon(webhook_id, f"test:{row.pk}")
    return _access_delivery(webhook_id, row.pk)


@transaction.atomic
def replay(webhook_id: int, delivery_id: int, staff: Staff, *, ip_address: str = "") -> DeliveryInfo:
    """Send a delivery again, with the same body and the same id. Raises Conflict while it waits anyway."""
    known = _access_delivery(webhook_id, delivery_id)
    if known.state is DeliveryState.WAITING:
        raise Conflict(_("This delivery is waiting to be sent."))
    _record("webhook_replayed", _access(webhook_id), staff, ip_address, {"delivery": known.uuid})
    _revive(webhook_id, delivery_id)
    send_soon(webhook_id, f"replay:{new_uuid()}")
    return _access_delivery(webhook_id, delivery_id)


@transaction.atomic
def replay_dead(webhook_id: int, staff: Staff, *, ip_address: str = "") -> int:
    """Send every dead delivery of a webhook again, in order; returns how many."""
    known = _access(webhook_id)
    count = _revive(webhook_id)
    _record("webhook_replayed", known, staff, ip_address, {"dead": count})
    if count:
        send_soon(webhook_id, f"replay:{new_uuid()}")
    return count


def _revive(webhook_id: int, delivery_id: int | None = None) -> int:
    rows = Delivery.objects.filter(webhook_id=webhook_id)
    rows = rows.filter(state=DeliveryState.DEAD) if delivery_id is None else rows.filter(pk=delivery_id)
    count = rows.exclude(event=TEST_EVENT).update(
        state=DeliveryState.WAITING, attempts=0, next_at=now(), tried_since=now(), finished_at=None
    )
    Webhook.objects.filter(pk=webhook_id).update(failures=0, resting_until=None)
    return count


def check_draft(draft: WebhookDraft) -> WebhookDraft:
    """The draft as it is stored. Raises InvalidInput."""
    name, url = draft.name.strip()[:120], draft.url.strip()
    _check_url(url)
    unknown = sorted(set(draft.events) - set(EVENTS))
    if unknown:
        raise InvalidInput(
            _("There is no such event: %(names)s.") % {"names": ", ".join(unknown)}, field="events"
        )
    if not draft.events:
        raise InvalidInput(_("Choose at least one event."), field="events")
    if draft.inbox_id is not None and conversations.find_inbox_by_id(draft.inbox_id) is None:
        raise InvalidInput(_("There is no such inbox."), field="inbox_id")
    events = tuple(event for event in EVENTS if event in draft.events)
    return WebhookDraft(name, url, events, draft.inbox_id, draft.is_active, draft.with_personal_data)


def _check_url(url: str) -> None:
    """Where the name leads is looked at each time something is sent; here only what can never be right."""
    refusal = InvalidInput(_("Give an address that starts with https:// or http://."), field="url")
    if len(url) > 2000 or any(c.isspace() or not c.isprintable() for c in url):
        raise refusal
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise refusal from problem
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0 or not url.isascii():
        raise refusal
    if parts.username is not None or parts.password is not None:
        raise InvalidInput(_("An address may not hold a name and password."), field="url")


def _values(draft: WebhookDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "url": draft.url,
        "events": list(draft.events),
        "inbox_id": draft.inbox_id,
        "is_active": draft.is_active,
        "with_personal_data": draft.with_personal_data,
    }


def _shown(info: WebhookInfo) -> dict[str, Any]:
    """What goes on record: the host, not the whole address, which often holds a secret."""
    return {
        "name": info.name,
        "host": info.host,
        "events": list(info.events),
        "inbox_id": info.inbox_id,
        "is_active": info.is_active,
        "with_personal_data": info.with_personal_data,
    }


def _record(kind: str, info: WebhookInfo, staff: Staff, ip_address: str, detail: dict[str, Any]) -> None:
    accounts.record_audit(
        kind, actor_id=staff.id, subject=f"webhook:{info.id}", detail=detail, ip_address=ip_address
    )


def _access(webhook_id: int) -> WebhookInfo:
    found = find_webhook(webhook_id)
    if found is None:
        raise NotFound(_("There is no such webhook."), id=webhook_id)
    return found


def _access_delivery(webhook_id: int, delivery_id: int) -> DeliveryInfo:
    found = find_delivery(webhook_id, delivery_id)
    if found is None:
        raise NotFound(_("There is no such delivery."), id=delivery_id)
    return found
