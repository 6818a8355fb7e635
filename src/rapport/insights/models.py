"""Groups of unsolved conversations, their redacted texts, and the drafts that were made of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.conversations.models import Conversation
from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class Survey(models.Model):
    """One look at the conversations of a period."""

    PII: ClassVar[Pii] = Pii.none("counts")

    at = models.DateTimeField(default=now, db_index=True)
    since = models.DateTimeField()
    days = models.IntegerField()
    conversations = models.IntegerField()
    """Of the period, solved ones included."""
    unsolved = models.IntegerField()
    without_request = models.IntegerField()


class Issue(models.Model):
    """One group as the latest survey found it; it keeps its number from survey to survey."""

    PII: ClassVar[Pii] = Pii.none("counts; texts are in IssueStory")

    kind = models.CharField(max_length=10)
    """``new``, ``unread`` or ``failing``."""
    procedure = models.CharField(max_length=60, blank=True, default="")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="issues")
    """The latest that found it."""
    titles = models.JSONField(default=dict)
    """Language → typical words; the most frequent language first."""
    count = models.IntegerField()
    """Conversations of the period."""
    count_before = models.IntegerField()
    """Of the period before."""
    languages = models.JSONField(default=dict)
    """Language → conversations of the period."""
    agent_messages = models.IntegerField()
    agent_minutes = models.FloatField()
    tightness = models.FloatField(default=0.0)
    evidence = models.JSONField(default=dict)
    """`Evidence` as JSON."""
    first_found_at = models.DateTimeField(default=now)
    state = models.CharField(max_length=10, default="open")
    """``open`` or ``dismissed``."""
    dismissed_reason = models.CharField(max_length=300, blank=True, default="")
    dismissed_by = models.BigIntegerField(null=True)
    dismissed_at = models.DateTimeField(null=True)
    dismissed_count = models.IntegerField(default=0)
    """How many conversations it had then."""


class IssueStory(models.Model):
    """One conversation of a group."""

    PII: ClassVar[Pii] = Pii(
        ("message_text",),
        "to find what customers ask for that no procedure does; personal data are replaced before storing",
        "until a survey no longer finds the group; of a dismissed group twelve, for a year",
        "deleted with the conversation",
    )

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="stories")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    place = models.IntegerField()
    """0 is the most typical."""
    is_recent = models.BooleanField()
    """Of the period, not of the one before."""
    language = models.CharField(max_length=10)
    text = models.CharField(max_length=310)
    answer = models.CharField(max_length=310, blank=True, default="")
    """The colleague's reply, where it is the usual one of its language."""
    answer_count = models.IntegerField(default=0)
    """How many in this language were answered alike."""
    was_sure = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "conversation"], name="insights_story_once")]


class IssueDraft(models.Model):
    """A draft that was begun from a group: who, when, from which conversations."""

    PII: ClassVar[Pii] = Pii.none("numbers of conversations")

    issue = models.ForeignKey(Issue, on_delete=models.SET_NULL, null=True, related_name="drafts")
    issue_number = models.BigIntegerField()
    procedure = models.CharField(max_length=60, db_index=True)
    staff_id = models.BigIntegerField()
    conversation_ids = models.JSONField(default=list)
    parts = models.JSONField(default=list)
    """Where each part came from: what, name, count, of."""
    created_at = models.DateTimeField(default=now)
