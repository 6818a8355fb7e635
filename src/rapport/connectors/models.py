"""Rows about connected systems and calls to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class Connector(models.Model):
    """One connected system: its kind, address and credentials."""

    PII: ClassVar[Pii] = Pii.none("credentials of systems, not of persons")

    key = models.SlugField(max_length=40, unique=True)
    """Prefix of its slot types and actions (``shop``)."""
    kind = models.CharField(max_length=40)
    """Folder under `kinds/`."""
    base_url = models.CharField(max_length=300)
    secret = models.CharField(max_length=600, blank=True, default="")
    """Sealed with the installation's key; see `services.seal`."""
    settings = models.JSONField(default=dict)
    is_enabled = models.BooleanField(default=True)
    updated_at = models.DateTimeField(default=now)


class Catalogue(models.Model):
    """What a connected system says it offers: operations of its document, tools of its server."""

    PII: ClassVar[Pii] = Pii.none("descriptions of an interface")

    connector = models.OneToOneField(Connector, on_delete=models.CASCADE, related_name="catalogue")
    title = models.CharField(max_length=120, blank=True, default="")
    version = models.CharField(max_length=40, blank=True, default="")
    offers = models.JSONField(default=list)
    read_at = models.DateTimeField(default=now)


class ActionCall(models.Model):
    """The intent to act, written before the call, and the result, written after; never deleted but by erasure."""

    PII: ClassVar[Pii] = Pii(
        ("transaction",),
        "proof of what was done for the customer",
        "as the shop's own records",
        "arguments and result blanked, files deleted (connectors.erasing)",
    )

    key = models.CharField(max_length=120, unique=True)
    action = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    customer_ref = models.CharField(max_length=120, blank=True, default="")
    conversation_id = models.BigIntegerField(null=True, db_index=True)
    actor = models.CharField(max_length=60, default="assistant")
    """``assistant`` or ``staff:<id>``."""
    state = models.CharField(max_length=12, default="intended")
    """``intended``, ``done``, ``refused``, ``failed``, ``given_up`` (not carried out, something else was done)."""
    code = models.CharField(max_length=60, blank=True, default="")
    result = models.JSONField(default=dict)
    attempts = models.IntegerField(default=0)
    is_unsure = models.BooleanField(default=False)
    """An attempt may have been carried out although no answer came."""
    intended_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["action", "intended_at"], name="actioncall_recent"),
            models.Index(fields=["action", "customer_ref", "intended_at"], name="actioncall_of_customer"),
        ]


class Outage(models.Model):
    """A time in which a connected system did not answer, or slowly: what failed, and when it came back."""

    PII: ClassVar[Pii] = Pii.none("about systems")

    system = models.SlugField(max_length=40)
    """Key of the connected system."""
    kind = models.CharField(max_length=8, default="away")
    """``away`` or ``slow``."""
    began_at = models.DateTimeField(default=now)
    last_at = models.DateTimeField(default=now)
    """Of the last failure, or the last probe that failed."""
    ended_at = models.DateTimeField(null=True)
    """None while it lasts."""
    failures = models.IntegerField(default=0)
    spared = models.IntegerField(default=0)
    """Calls that failed at once, without waiting for the system."""
    problem = models.CharField(max_length=200, blank=True, default="")
    open_until = models.DateTimeField(null=True)
    """Until then calls fail at once."""
    alarmed_at = models.DateTimeField(null=True)
    """When supervisors were told that it does not mend itself."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system"], condition=models.Q(ended_at=None), name="connectors_outage_once"
            )
        ]
        indexes = [models.Index(fields=["-began_at"], name="connectors_outage_latest")]


class ActionLimit(models.Model):
    """What an administrator allows of one action; no row: whatever its declaration says."""

    PII: ClassVar[Pii] = Pii.none("rules about actions, not persons")

    action = models.CharField(max_length=80, unique=True)
    is_revoked = models.BooleanField(default=False)
    max_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    per_customer_per_day = models.IntegerField(null=True)
    per_day = models.IntegerField(null=True)
    approve_above = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    approve_team = models.CharField(max_length=40, blank=True, default="")
    updated_at = models.DateTimeField(default=now)
