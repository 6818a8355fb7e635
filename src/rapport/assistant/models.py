"""What the assistant remembers between turns."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.conversations.models import Conversation
from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class Dialogue(models.Model):
    """The state of one conversation's procedures, for the customer or for a member of staff acting for them."""

    PII: ClassVar[Pii] = Pii(
        ("message_text", "transaction"),
        "to go on where the customer stopped",
        "as the conversation",
        "deleted with it",
    )

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, default="customer")
    """``customer`` or ``staff``."""
    state = models.JSONField(default=dict)
    """`procedures.DialogueState` as JSON."""
    identification = models.JSONField(default=dict)
    """Where the check of identity stands."""
    read_sequence = models.IntegerField(default=0)
    """The last message the assistant has taken into account."""
    question_message_id = models.BigIntegerField(null=True)
    """The message that carries the open question; an older click cannot confirm."""
    misses = models.IntegerField(default=0)
    """Turns in a row that were not understood."""
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "role"], name="dialogue_once_per_role")
        ]


class OneTimeCode(models.Model):
    """A code sent by mail; the code itself is derived from the installation's key and never stored."""

    PII: ClassVar[Pii] = Pii(
        ("email",), "to verify the customer", "ten minutes, pruned daily", "deleted with the conversation"
    )

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    email_digest = models.CharField(max_length=64, db_index=True)
    nonce = models.CharField(max_length=40)
    customer_ref = models.CharField(max_length=120, blank=True, default="")
    """Empty when nobody has this address: the answer to the customer is the same."""
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True)


class Wait(models.Model):
    """One procedure that waits for a moment, an event or a person's yes; written with the state it belongs to."""

    PII: ClassVar[Pii] = Pii(
        ("transaction",),
        "to go on when what a procedure waits for has come, and proof of who approved what",
        "as the conversation",
        "deleted with it",
    )

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, default="customer")
    """Of the dialogue: ``customer`` or ``staff``."""
    instance = models.CharField(max_length=120)
    procedure = models.CharField(max_length=60)
    key = models.CharField(max_length=160, unique=True)
    """`WaitFor.key`: instance and step."""
    kind = models.CharField(max_length=10)
    """``time``, ``event`` or ``approval``."""
    wake_at = models.DateTimeField(null=True)
    """When waiting ends by itself; never, when null."""
    event = models.CharField(max_length=80, blank=True, default="")
    subject = models.CharField(max_length=160, blank=True, default="")
    """What the event is about; ``conversation:<number>`` when it is about this conversation."""
    team = models.CharField(max_length=40, blank=True, default="")
    """Key of the team that may approve; empty: anyone with the permission."""
    title = models.CharField(max_length=200, blank=True, default="")
    facts = models.JSONField(default=dict)
    actor = models.CharField(max_length=60, default="assistant")
    """Who ran the procedure: ``assistant``, or ``staff:<id>``, who may not approve it."""
    state = models.CharField(max_length=8, default="waiting")
    """``waiting``, ``due`` (it has come, the procedure has not gone on yet), ``ended``, ``dropped`` or ``failed``."""
    outcome = models.CharField(max_length=80, blank=True, default="")
    """What ended it: the event's name, ``timeout``, ``approved`` or ``rejected``."""
    data = models.JSONField(default=dict)
    """What the event carried; for an approval ``{"by", "reason"}``."""
    decided_by = models.BigIntegerField(null=True)
    """Staff id of who approved or rejected."""
    tries = models.IntegerField(default=0)
    """How often going on was attempted."""
    created_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField(null=True)
    """When it came; moved on with every attempt."""

    class Meta:
        indexes = [
            models.Index(
                fields=["wake_at"],
                condition=models.Q(state="waiting", wake_at__isnull=False),
                name="wait_by_time",
            ),
            models.Index(
                fields=["event", "subject"],
                condition=models.Q(state="waiting", kind="event"),
                name="wait_by_event",
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(state="waiting", kind="approval"),
                name="wait_for_approval",
            ),
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="wait_due"),
            models.Index(fields=["-due_at"], condition=models.Q(kind="approval"), name="wait_decided"),
        ]


class EventReport(models.Model):
    """An event as a connected system or a member of staff reported it; the same id twice is one event."""

    PII: ClassVar[Pii] = Pii(
        ("transaction",), "to take an event once, however often it is sent", "90 days, pruned daily", "pruned"
    )

    event_id = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=160, blank=True, default="")
    data = models.JSONField(default=dict)
    actor = models.CharField(max_length=60)
    woken = models.IntegerField(default=0)
    """How many procedures waited for it."""
    received_at = models.DateTimeField(default=now, db_index=True)


class ProcedureRun(models.Model):
    """One run of a procedure, and for each of its limits what was counted."""

    PII: ClassVar[Pii] = Pii(
        ("transaction",),
        "to keep the limits of procedures (once a year for a customer)",
        "as the conversation",
        "deleted with it",
    )

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    instance = models.CharField(max_length=120)
    procedure = models.CharField(max_length=60)
    limit = models.CharField(max_length=60, blank=True, default="")
    """Name of a limit; empty for the run itself."""
    subject = models.CharField(max_length=160, blank=True, default="")
    """What the limit counts by; for the run itself the customer's reference."""
    actor = models.CharField(max_length=60, default="assistant")
    outcome = models.CharField(max_length=12, blank=True, default="")
    """Empty while it runs."""
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "limit"], name="run_once_per_limit")]
        indexes = [
            models.Index(
                fields=["procedure", "limit", "subject", "finished_at"],
                condition=models.Q(outcome="done"),
                name="run_done",
            )
        ]
