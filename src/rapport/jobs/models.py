"""Rows of the job table, the schedules and the change feed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.kernel.pii import Pii


class Job(models.Model):
    """A piece of work, enqueued in the transaction of its cause."""

    PII: ClassVar[Pii] = Pii(
        kinds=("identifiers", "message_text"),
        purpose="To do what was asked for, exactly once, even if the server stops in between.",
        retention="3 days after it is done, 30 days after it was given up",
        erasure="pruned by the schedule jobs.prune",
    )
    READY: ClassVar[str] = "ready"
    DONE: ClassVar[str] = "done"
    DEAD: ClassVar[str] = "dead"

    kind = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True, null=True)
    priority = models.SmallIntegerField(default=5)
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    token = models.CharField(max_length=32, default="")
    attempts = models.IntegerField(default=0)
    state = models.CharField(max_length=8, default="ready")
    error = models.TextField(default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["priority", "run_at"], condition=models.Q(state="ready"), name="jobs_ready"),
            models.Index(
                fields=["lease_until"],
                condition=models.Q(state="ready", lease_until__isnull=False),
                name="jobs_leased",
            ),
            models.Index(
                fields=["state", "finished_at"], condition=~models.Q(state="ready"), name="jobs_finished"
            ),
        ]


class Schedule(models.Model):
    """When a repeated job is next due."""

    PII: ClassVar[Pii] = Pii.none()

    name = models.CharField(max_length=80, unique=True)
    rule = models.CharField(max_length=80)
    next_at = models.DateTimeField()


class FeedEvent(models.Model):
    """News, written in the transaction that made it: outbox of the packages, feed of the browsers."""

    PII: ClassVar[Pii] = Pii(
        kinds=("identifiers", "message_text"),
        purpose="To tell open desks, widgets and webhooks what has changed.",
        retention="7 days",
        erasure="pruned by the schedule jobs.prune",
    )

    kind = models.CharField(max_length=80)
    topics = models.TextField()
    at = models.DateTimeField()
    body = models.TextField()
    is_dispatched = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(is_dispatched=False), name="feed_undispatched"),
            models.Index(fields=["at"], name="feed_at"),
        ]
