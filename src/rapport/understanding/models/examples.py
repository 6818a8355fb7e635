"""Labelled texts, what was proposed and decided about them, and the catalogue of intents."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class TrainingExample(models.Model):
    """A text with the meaning somebody gave it, or a question about it; personal data replaced before storing."""

    PII: ClassVar[Pii] = Pii(
        ("message_text",),
        "to train understanding; personal data are replaced before storing",
        "until withdrawn; proposals that were not accepted one year",
        "learning.forget_conversation deletes the texts of a conversation",
    )

    PROPOSED, ACCEPTED, REJECTED, RETIRED = "proposed", "accepted", "rejected", "retired"

    text = models.TextField()
    label = models.CharField(max_length=120, blank=True, default="")
    """The intent; empty while nobody has said."""
    language = models.CharField(max_length=10, blank=True, default="")
    source = models.CharField(max_length=20)
    """``procedure``, ``agent``, ``clarification``, ``resolution``, ``message`` or ``import``."""
    origin = models.CharField(max_length=120, blank=True, default="", db_index=True)
    """Where exactly: ``decision:12:clarification``, or file and place."""
    status = models.CharField(max_length=10, default=PROPOSED)
    """``proposed``, ``accepted`` (trained on), ``rejected``, or ``retired`` (left the file it came from)."""
    key = models.CharField(max_length=32, db_index=True)
    """Digest of the words alone: texts that differ in case, accents or punctuation share it."""
    imported_as = models.CharField(max_length=120, blank=True, default="")
    """The label in the file it was read from; empty for what people added here."""
    place = models.IntegerField(default=-1)
    """Place within label and language in its file: translations of one text share it; -1 where there is none."""
    is_held_out = models.BooleanField(default=False)
    """Never trained on: it measures each new model."""
    reason = models.CharField(max_length=20, blank=True, default="")
    """Why it waits for review: ``correction``, ``clarified``, ``resolved``, ``abstained``, ``narrow``,
    ``disagreement``, ``random``, ``unlabelled``, ``rolled_back``."""
    value = models.FloatField(default=0.0)
    """How much a label is expected to teach; the queue's order."""
    suggested = models.JSONField(default=list)
    """``[[intent, probability]]`` as the model in force read it, best first."""
    conversation_id = models.BigIntegerField(null=True, db_index=True)
    decision_id = models.BigIntegerField(null=True)
    skips = models.PositiveSmallIntegerField(default=0)
    reviewer_id = models.BigIntegerField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["status", "label"], name="example_status_label"),
            models.Index(fields=["status", "-value"], name="example_queue"),
        ]


class ExampleChange(models.Model):
    """One decision about an example; only appended."""

    PII: ClassVar[Pii] = Pii(
        ("message_text",),
        "to see who taught the model what, and to undo it",
        "as the example",
        "deleted with the example",
    )

    example = models.ForeignKey(TrainingExample, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=now)
    actor_id = models.BigIntegerField(null=True)
    """Staff; null for the system."""
    action = models.CharField(max_length=20)
    """``proposed``, ``added``, ``accepted``, ``corrected``, ``rejected``, ``skipped``, ``undone``, ``rolled_back``."""
    before: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Fields as they were."""
    after: models.JSONField[Any, Any] = models.JSONField(default=dict)


class IntentEntry(models.Model):
    """A place for an intent in the catalogue: its parent, and what it means to those who label."""

    PII: ClassVar[Pii] = Pii.none()

    name = models.CharField(max_length=120, unique=True)
    parent = models.CharField(max_length=120, blank=True, default="")
    """Name of the group it belongs to, as ``orders``; groups may have parents themselves."""
    description = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(default=now)
