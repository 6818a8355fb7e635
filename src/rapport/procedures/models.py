"""Rows about procedures: every version that was ever published, and which one is in force."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.conversations.models import Conversation
from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class Procedure(models.Model):
    """A named procedure and its version in force."""

    PII: ClassVar[Pii] = Pii.none()

    name = models.CharField(max_length=60, unique=True)
    published_version = models.IntegerField(null=True)
    """None while nothing is in force."""
    threshold = models.FloatField(default=0.9)
    """The share of simulated customers [0..1] who must get what they want before a change is published."""


class ProcedureVersion(models.Model):
    """One version's definition, as written; never edited."""

    PII: ClassVar[Pii] = Pii.none("definitions are written by staff about cases, not persons")

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="versions")
    version = models.IntegerField()
    source = models.TextField()
    """YAML."""
    cases = models.TextField(blank=True, default="")
    """Its test cases in YAML, where they do not stand in the source."""
    checklist = models.JSONField(default=dict)
    """What was looked at before it was released, and who answered what; empty where it was published without."""
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True, default="")
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "version"], name="procedure_version_once")
        ]


class Rehearsal(models.Model):
    """One text that somebody wants to publish, its test cases, and what simulated customers made of it."""

    PII: ClassVar[Pii] = Pii.none("simulated customers only")

    procedure = models.CharField(max_length=60, db_index=True)
    source = models.TextField()
    """YAML."""
    cases = models.TextField(blank=True, default="")
    """Test cases in YAML, where they do not stand in the source."""
    note = models.CharField(max_length=200, blank=True, default="")
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)
    done = models.IntegerField(default=0)
    """Conversations simulated so far."""
    total = models.IntegerField(default=0)
    report = models.JSONField(default=dict)
    """Empty until finished."""
    answers = models.JSONField(default=dict)
    """Of the checklist: item → ``{"answer", "note", "by", "at"}``."""
    published_version = models.IntegerField(null=True)


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
                name="procedure_wait_time",
            ),
            models.Index(
                fields=["event", "subject"],
                condition=models.Q(state="waiting", kind="event"),
                name="procedure_wait_event",
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(state="waiting", kind="approval"),
                name="procedure_wait_approval",
            ),
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="procedure_wait_due"),
            models.Index(
                fields=["-due_at"], condition=models.Q(kind="approval"), name="procedure_wait_decided"
            ),
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


class Run(models.Model):
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
        constraints = [
            models.UniqueConstraint(fields=["instance", "limit"], name="procedure_run_once_per_limit")
        ]
        indexes = [
            models.Index(
                fields=["procedure", "limit", "subject", "finished_at"],
                condition=models.Q(outcome="done"),
                name="procedure_run_done",
            )
        ]


class Mending(models.Model):
    """A call that a connected system did not take: what was done instead, and what became of it."""

    PII: ClassVar[Pii] = Pii(
        ("transaction",),
        "proof of what was done when a system was away",
        "as the conversation",
        "deleted with it",
    )

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=160, unique=True)
    """Of the call; of a kept yes the instance and ``agreed``, of what else was said the instance and ``said…``."""
    procedure = models.CharField(max_length=60)
    instance = models.CharField(max_length=120)
    system = models.CharField(max_length=40)
    action = models.CharField(max_length=80, blank=True, default="")
    """Empty of what was said."""
    way = models.CharField(max_length=10)
    """``kept`` until the system answers, ``otherwise`` other steps, or a ``person``."""
    outcome = models.CharField(max_length=10, blank=True, default="")
    """Of what was kept: ``done``, ``refused``, ``cancelled``, ``otherwise`` or ``person``; empty while it is kept."""
    began_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-began_at"], name="procedure_mending_latest"),
            models.Index(
                fields=["system"], condition=models.Q(outcome="", way="kept"), name="procedure_mending_kept"
            ),
        ]
