"""Rows about webhooks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.accounts.models import User
from rapport.conversations.models import Inbox
from rapport.kernel.clock import now
from rapport.kernel.ids import new_uuid
from rapport.kernel.pii import Pii


class Webhook(models.Model):
    """Another program that wants to hear of events."""

    PII: ClassVar[Pii] = Pii.none("addresses of programs")

    name = models.CharField(max_length=120, blank=True, default="")
    url = models.CharField(max_length=2000)
    secret = models.CharField(max_length=300)
    """Signs what is sent; sealed, see `sealing`."""
    events = models.JSONField(default=list)
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, null=True, related_name="+")
    """Set: only news of this inbox."""
    is_active = models.BooleanField(default=True)
    with_personal_data = models.BooleanField(default=False)
    since_event = models.BigIntegerField(default=0)
    """Position in the feed: what happened up to here was before its time."""
    failures = models.IntegerField(default=0)
    resting_until = models.DateTimeField(null=True)
    problem = models.CharField(max_length=60, blank=True, default="")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    delivered_at = models.DateTimeField(null=True)


class Delivery(models.Model):
    """One event for one webhook."""

    PII: ClassVar[Pii] = Pii(
        ("message_text", "name", "email", "identifiers"),
        "to tell other programs what happened, and to show what they were told",
        "delivered: WEBHOOK_DELIVERY_DAYS; dead: 30 days",
        "deleted (channels.webhooks.erasing)",
    )

    uuid = models.CharField(max_length=36, unique=True, default=new_uuid)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=60)
    event_id = models.CharField(max_length=90)
    """The same for every webhook that hears of it."""
    news_id = models.BigIntegerField(default=0)
    """Position in the feed; 0 for a test."""
    subject = models.CharField(max_length=60, blank=True, default="")
    sequence = models.BigIntegerField(default=0)
    """1, 2, 3 … within webhook and subject, without gaps."""
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(default=now)
    lease_until = models.DateTimeField(null=True)
    body = models.TextField(blank=True, default="")
    """Made for the first attempt; every further one sends the same."""
    status = models.IntegerField(null=True)
    answer = models.TextField(blank=True, default="")
    log = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)
    tried_since = models.DateTimeField(default=now)
    """When its attempts began to be counted: when it was made, or last replayed."""
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "event_id"], name="webhook_event_once")]
        indexes = [
            models.Index(
                fields=["webhook", "subject", "id"],
                condition=models.Q(state="waiting"),
                name="webhook_waiting",
            ),
            models.Index(fields=["state", "finished_at"], name="webhook_finished"),
            models.Index(fields=["subject"], name="webhook_subject"),
        ]


class SubjectCounter(models.Model):
    """How many events of one conversation or contact a webhook was told."""

    PII: ClassVar[Pii] = Pii(
        ("identifiers",),
        "to number what a receiver is told, so that it sees what it missed",
        "as the webhook",
        "deleted (channels.webhooks.erasing)",
    )

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=60)
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "subject"], name="webhook_subject_counted_once")
        ]
