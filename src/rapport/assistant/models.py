"""What the assistant remembers between turns."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.conversations.models import Conversation
from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class Dialogue(models.Model):
    """The state of one conversation's procedures, for the customer or for a member of staff acting for them."""

    PII: ClassVar[Pii] = Pii(
        ("message_text", "transaction"),
        "to go on where the customer stopped",
        "as the conversation",
        "deleted with it",
    )

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, default="customer")
    """``customer`` or ``staff``."""
    state = models.JSONField(default=dict)
    """`procedures.DialogueState` as JSON."""
    identification = models.JSONField(default=dict)
    """Where the check of identity stands."""
    read_sequence = models.IntegerField(default=0)
    """The last message the assistant has taken into account."""
    question_message_id = models.BigIntegerField(null=True)
    """The message that carries the open question; an older click cannot confirm."""
    misses = models.IntegerField(default=0)
    """Turns in a row that were not understood."""
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "role"], name="dialogue_once_per_role")
        ]


class OneTimeCode(models.Model):
    """A code sent by mail; the code itself is derived from the installation's key and never stored."""

    PII: ClassVar[Pii] = Pii(
        ("email",), "to verify the customer", "ten minutes, pruned daily", "deleted with the conversation"
    )

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    email_digest = models.CharField(max_length=64, db_index=True)
    nonce = models.CharField(max_length=40)
    customer_ref = models.CharField(max_length=120, blank=True, default="")
    """Empty when nobody has this address: the answer to the customer is the same."""
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True)
