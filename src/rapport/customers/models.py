"""Rows about customers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class Customer(models.Model):
    """A person or company served; "contact" in Chatwoot-shaped JSON."""

    PII: ClassVar[Pii] = Pii(
        ("name", "email", "phone"),
        "to serve the customer",
        "retention policy customers",
        "blanked (customers.erasing)",
    )

    uuid = models.CharField(max_length=36, unique=True)
    name = models.CharField(max_length=200, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="", db_index=True)
    """As the customer stated it; proves nothing (see `Identity`)."""
    phone_number = models.CharField(max_length=32, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    custom_attributes = models.JSONField(default=dict)
    is_blocked = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="merged_from")
    created_at = models.DateTimeField(default=now)
    last_activity_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-last_activity_at", "-id"])]


class Identity(models.Model):
    """A verified way to recognise a customer: at most one customer holds it."""

    PII: ClassVar[Pii] = Pii(
        ("email", "external_id"),
        "to recognise the customer",
        "as the customer",
        "deleted (customers.erasing)",
    )

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=30)
    """``email``, ``phone``, ``shop`` (the connected system's customer id), ``identifier``."""
    value = models.CharField(max_length=254)
    verified_by = models.CharField(max_length=40)
    """``hmac``, ``order_and_email``, ``email_code``, ``staff``."""
    verified_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="identity_held_once")]


class TimelineEvent(models.Model):
    """Something that happened to a customer; only erasure removes it."""

    PII: ClassVar[Pii] = Pii(
        ("behaviour",),
        "to understand and serve the customer",
        "retention policy timeline",
        "deleted (customers.erasing)",
    )

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="timeline")
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    """``conversation_started``, ``order_returned``, ``page_viewed`` …"""
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=40)
    reference = models.CharField(max_length=120, blank=True, default="")
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"])]
