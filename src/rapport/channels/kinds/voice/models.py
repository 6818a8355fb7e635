"""Rows about calls."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.conversations.models import Conversation, Inbox
from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class Call(models.Model):
    """One telephone call and where it stands."""

    PII: ClassVar[Pii] = Pii(
        ("phone", "message_text"),
        "to carry on a call, and to call back",
        "as the conversation",
        "deleted (channels.kinds.voice.erasing), and with the conversation",
    )

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    call_id = models.CharField(max_length=120)
    """The platform's own id."""
    caller = models.CharField(max_length=40, blank=True, default="")
    """Number as the platform states it; it proves nothing."""
    called = models.CharField(max_length=40, blank=True, default="")
    turn = models.IntegerField(default=1)
    """Number the next request must name; an older one is answered as before."""
    state = models.JSONField(default=dict)
    """Where the call stands, see `logic.position`."""
    answer = models.JSONField(default=dict)
    """What was said last, for a repeated request."""
    started_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "call_id"], name="voice_call_once")]
