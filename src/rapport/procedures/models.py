"""Rows about procedures: every version that was ever published, and which one is in force."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

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
    published_version = models.IntegerField(null=True)
