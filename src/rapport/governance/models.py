"""Rows about decisions, consents, appeals and models."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.customers.models import Customer
from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class Decision(models.Model):
    """What the system chose in one turn, and everything needed to explain it; never edited."""

    PII: ClassVar[Pii] = Pii(
        ("message_text",),
        "to explain decisions and hear appeals",
        "as the conversation",
        "blanked but for what was chosen and when (governance.erasing)",
    )

    at = models.DateTimeField(default=now)
    kind = models.CharField(max_length=40)
    """``turn``, ``handover``, ``greeting``, ``staff_procedure`` …"""
    conversation_id = models.BigIntegerField(null=True, db_index=True)
    customer = models.ForeignKey(Customer, on_delete=models.SET_NULL, null=True, related_name="+")
    generation = models.IntegerField(default=0)
    chosen = models.CharField(max_length=120)
    """The step that was taken, as ``continue:return_items`` or ``answer:delivery-times``."""
    candidates = models.JSONField(default=list)
    """``[{"step", "score", "allowed", "reason"}]``, best first."""
    rules = models.JSONField(default=list)
    """``[{"name", "expression", "held", "values"}]``."""
    understanding = models.JSONField(default=dict)
    """Language, intents, entities (redacted), sentiment, abstention."""
    evidence = models.JSONField(default=list)
    """``[{"kind": "message"|"passage"|"record"|"slot", "ref", "title", "score"}]``."""
    model_name = models.CharField(max_length=80, blank=True, default="")
    model_version = models.CharField(max_length=80, blank=True, default="")
    confidence = models.FloatField(null=True)
    """Calibrated, 0..1; null when no statistical model took part."""
    threshold = models.FloatField(null=True)
    counterfactual = models.TextField(blank=True, default="")
    """What would have changed the choice, in plain words."""
    explanation = models.JSONField(default=dict)
    """Plain words for the customer: ``{"language", "text", "points": [...]}``."""
    consent_basis = models.CharField(max_length=60, blank=True, default="service")
    latency_ms = models.JSONField(default=dict)
    """CPU and wall time per stage [ms]."""


class Appeal(models.Model):
    """A customer's objection to a decision, and what became of it."""

    PII: ClassVar[Pii] = Pii(
        ("message_text",), "to hear the objection", "three years", "texts blanked (governance.erasing)"
    )

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="appeals")
    conversation_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    state = models.CharField(max_length=20, default="open")
    """``open``, ``upheld``, ``rejected``."""
    answer = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class ConsentEntry(models.Model):
    """One act of giving or withdrawing consent; the latest entry per purpose counts."""

    PII: ClassVar[Pii] = Pii(
        ("consent",),
        "to prove consent",
        "five years after withdrawal",
        "kept as proof, its customer is blank",
    )

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=60)
    """``service_ai``, ``profiling``, ``marketing`` …"""
    is_given = models.BooleanField()
    wording_version = models.CharField(max_length=40)
    """Which text the customer saw."""
    language = models.CharField(max_length=10, default="en")
    source = models.CharField(max_length=60)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["customer", "purpose", "-at"])]


class ModelCard(models.Model):
    """A trained model that was put to use: version, data, results."""

    PII: ClassVar[Pii] = Pii.none("figures about a model")

    name = models.CharField(max_length=80)
    version = models.CharField(max_length=80)
    provider = models.CharField(max_length=80, default="rapport")
    report = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="model_version_once")]
