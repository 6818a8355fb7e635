"""What reports are counted from: one row per conversation and one per run of a procedure, both without words."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.conversations.models import Conversation, Inbox
from rapport.customers.models import Customer
from rapport.kernel.pii import Pii


class Contact(models.Model):
    """What became of one conversation; field meanings as in `logic.facts.ContactFacts`."""

    PII: ClassVar[Pii] = Pii(
        ("behaviour",), "to know how well the service works", "as the conversation", "deleted with it"
    )

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    began_at = models.DateTimeField()
    reason = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10)
    is_answered = models.BooleanField()
    is_confirmed = models.BooleanField()
    is_reopened = models.BooleanField()
    came_back = models.BooleanField(default=False)
    """The same customer began another conversation about the same within seven days."""
    bursts = models.IntegerField()
    recheck_at = models.DateTimeField(null=True)
    """When it has to be read again though nothing was written; null: never."""

    class Meta:
        indexes = [
            models.Index(fields=["began_at"], name="report_contact_began"),
            models.Index(fields=["customer", "reason", "began_at"], name="report_contact_again"),
            models.Index(
                fields=["recheck_at"],
                condition=models.Q(recheck_at__isnull=False),
                name="report_contact_check",
            ),
        ]


class ProcedureRun(models.Model):
    """What became of one run of a procedure; field meanings as in `logic.facts.RunFacts` and `Effort`."""

    PII: ClassVar[Pii] = Pii(
        ("behaviour",), "to know how well procedures work", "as the conversation", "deleted with it"
    )

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="runs")
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    instance = models.CharField(max_length=120)
    procedure = models.CharField(max_length=60)
    version = models.IntegerField()
    changes = models.BooleanField()
    outcome = models.CharField(max_length=12)
    reason = models.CharField(max_length=80, blank=True, default="")
    began_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)
    turns = models.IntegerField()
    clicks = models.IntegerField()
    fields = models.IntegerField()
    words = models.IntegerField()
    questions = models.IntegerField()
    repeats = models.IntegerField()
    identifications = models.IntegerField()
    waits = models.IntegerField()
    seconds = models.IntegerField()


class Progress(models.Model):
    """How far conversations have been read."""

    PII: ClassVar[Pii] = Pii.none()

    activity_at = models.DateTimeField(null=True)
    """Of the last conversation read in the order of activity."""
    activity_id = models.BigIntegerField(default=0)
    newest_id = models.BigIntegerField(default=0)
    """The highest row id read: conversations may be stored with an earlier date."""


class Target(models.Model):
    """The share a figure is meant to reach."""

    PII: ClassVar[Pii] = Pii.none()

    metric = models.CharField(max_length=40, unique=True)
    share = models.FloatField()
    """0..1."""
