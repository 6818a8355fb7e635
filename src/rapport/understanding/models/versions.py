"""Trained versions with their comparison, daily figures of what customers write, and alarms."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class ModelVersion(models.Model):
    """One training: which examples, how it compares, and what became of it. The model itself is a file."""

    PII: ClassVar[Pii] = Pii.none("ids of examples and figures")

    PUBLISHED, HELD = "published", "held"

    version = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=12)
    """``published`` once it was in force; ``held`` when it did not pass and waits for a person."""
    created_at = models.DateTimeField(default=now)
    actor_id = models.BigIntegerField(null=True)
    """Who asked for the training; null for the system."""
    risk = models.FloatField()
    """Accepted share of wrong among answered, 0..1."""
    digest = models.CharField(max_length=64)
    """Of the examples: a training on the same ones is not repeated."""
    examples = models.JSONField(default=list)
    """``[[example id, label]]`` of everything accepted at the time, held-out rows included."""
    report = models.JSONField(default=dict)
    """Figures of its training."""
    comparison = models.JSONField(default=dict)
    """What got better and worse than the version then in force; ``{}`` for a first one."""
    answers = models.JSONField(default=dict)
    """``{example id: [intent, probability, accepted]}`` on the held-out rows."""
    compared_with = models.CharField(max_length=80, blank=True, default="")
    published_at = models.DateTimeField(null=True)
    override_reason = models.TextField(blank=True, default="")
    """Why a person published it although it did not pass."""


class DailyFigures(models.Model):
    """What customers wrote on one day, counted."""

    PII: ClassVar[Pii] = Pii.none("counts only")

    day = models.DateField(unique=True)
    messages = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    """Counts: ``languages``, ``intents``, ``confidence`` (tenths), ``abstained``, ``words``, ``unknown_words``."""


class DriftAlarm(models.Model):
    """Customers write differently from before, beyond chance; open until somebody has looked."""

    PII: ClassVar[Pii] = Pii.none("figures only")

    at = models.DateTimeField(default=now)
    day = models.DateField()
    """Last day of the window that was looked at."""
    measure = models.CharField(max_length=30)
    """``languages``, ``intents``, ``confidence``, ``abstained`` or ``unknown_words``."""
    value = models.FloatField()
    limit = models.FloatField()
    detail = models.JSONField(default=dict)
    """What moved most, before and after."""
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)


class LearningState(models.Model):
    """Where the recurring jobs of learning stand."""

    PII: ClassVar[Pii] = Pii.none()

    name = models.CharField(max_length=40, unique=True)
    value = models.JSONField(default=dict)
