"""Calls of a language model: what was asked, what came back, what it cost; never edited, blanked in time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class LanguageModelCall(models.Model):
    """One question put to a language-model server, answered or not."""

    PII: ClassVar[Pii] = Pii(
        ("message_text",),
        "to account for what was sent outside and what it cost; personal data were replaced before",
        "texts 30 days, figures three years",
        "texts of the conversation's calls are blanked",
    )

    at = models.DateTimeField(default=now, db_index=True)
    purpose = models.CharField(max_length=40)
    """Which feature asked: ``understand`` …"""
    server = models.CharField(max_length=200)
    """Host and port that was called."""
    model = models.CharField(max_length=120)
    conversation = models.CharField(max_length=64, blank=True, default="", db_index=True)
    """The conversation's UUID; empty outside conversations."""
    prompt_digest = models.CharField(max_length=64, db_index=True)
    """SHA-256 of model, instructions and prompt: equal questions have equal digests."""
    prompt = models.TextField(blank=True, default="")
    """The customer's words as they were sent, personal data replaced by placeholders."""
    output = models.TextField(blank=True, default="")
    """What came back, with placeholders."""
    outcome = models.CharField(max_length=40)
    """``answered`` or why there is no usable answer: ``timeout``, ``server_error``, ``garbage`` …"""
    problem = models.CharField(max_length=300, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=1)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost_micros = models.PositiveBigIntegerField(default=0)
    """Millionths of the configured currency, from the configured prices."""
    dropped = models.PositiveSmallIntegerField(default=0)
    """Commands that were refused because they are not in the closed list."""
    latency_ms = models.FloatField(default=0.0)
    """Wall time of all attempts [ms]."""
