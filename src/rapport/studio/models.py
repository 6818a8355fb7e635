"""Rows of the editor: what each member of staff is writing, step by step, so that it can be taken back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class Draft(models.Model):
    """One person's unpublished text of one procedure."""

    PII: ClassVar[Pii] = Pii.none("definitions are written by staff about cases, not persons")

    staff_id = models.BigIntegerField()
    procedure = models.CharField(max_length=60, db_index=True)
    base_version = models.IntegerField(null=True)
    """The version it was begun from; None for a procedure that does not exist yet."""
    position = models.IntegerField(default=0)
    """Number of the revision that is shown; later ones can be done again."""
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff_id", "procedure"], name="studio_draft_once")]


class DraftRevision(models.Model):
    """A draft after one change."""

    PII: ClassVar[Pii] = Pii.none("definitions are written by staff about cases, not persons")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="revisions")
    number = models.IntegerField()
    source = models.TextField()
    """The definition in YAML, also while it has mistakes."""
    cases = models.TextField(blank=True, default="")
    """Its test cases in YAML."""
    what = models.CharField(max_length=200, blank=True, default="")
    """What was changed, in the words of whoever changed it."""
    place = models.CharField(max_length=300, blank=True, default="")
    """The part that was changed; further changes of it shortly after belong to the same step."""
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="studio_revision_once")]
