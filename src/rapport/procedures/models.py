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


class ProcedureVersion(models.Model):
    """One version's definition, as written; never edited."""

    PII: ClassVar[Pii] = Pii.none("definitions are written by staff about cases, not persons")

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="versions")
    version = models.IntegerField()
    source = models.TextField()
    """YAML."""
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True, default="")
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "version"], name="procedure_version_once")
        ]
