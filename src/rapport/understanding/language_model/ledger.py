"""Calls on record: in the database, or in memory where there is none."""

from __future__ import annotations

import datetime as dt
import threading

from django.db.models import Count, Q, Sum

from rapport.kernel.clock import now
from rapport.understanding.language_model.contracts import CallRecord, Spent
from rapport.understanding.models import LanguageModelCall

TEXTS_KEPT = dt.timedelta(days=30)
ROWS_KEPT = dt.timedelta(days=3 * 365)


class DatabaseLedger:
    """A `Ledger` of rows that every process sees."""

    def record(self, call: CallRecord) -> int:
        """Keep one call; its number."""
        row = LanguageModelCall.objects.create(
            purpose=call.purpose,
            server=_fit(call.server, 200),
            model=_fit(call.model, 120),
            conversation=_fit(call.conversation, 64),
            prompt_digest=call.prompt_digest,
            prompt=_fit(call.prompt, 10_000),
            output=_fit(call.output, 10_000),
            outcome=call.outcome,
            problem=_fit(call.problem, 300),
            attempts=call.attempts,
            tokens_in=call.tokens_in,
            tokens_out=call.tokens_out,
            cost_micros=call.cost_micros,
            dropped=call.dropped,
            latency_ms=call.latency_ms,
        )
        return int(row.pk)

    def spent(self, *, since: dt.datetime | None = None, conversation: str = "") -> Spent:
        """What was spent since a moment, or in one conversation."""
        chosen = Q()
        if since is not None:
            chosen &= Q(at__gte=since)
        if conversation:
            chosen &= Q(conversation=conversation)
        found = LanguageModelCall.objects.filter(chosen).aggregate(calls=Count("id"), cost=Sum("cost_micros"))
        return Spent(int(found["calls"]), int(found["cost"] or 0))


class MemoryLedger:
    """A `Ledger` for one process: commands and tests without a database."""

    def __init__(self) -> None:
        self.calls: list[tuple[dt.datetime, CallRecord]] = []
        self._lock = threading.Lock()

    def record(self, call: CallRecord) -> int:
        """Keep one call; its number."""
        with self._lock:
            self.calls.append((now(), call))
            return len(self.calls)

    def spent(self, *, since: dt.datetime | None = None, conversation: str = "") -> Spent:
        """What was spent since a moment, or in one conversation."""
        chosen = [
            call
            for at, call in self.calls
            if (since is None or at >= since) and (not conversation or call.conversation == conversation)
        ]
        return Spent(len(chosen), sum(call.cost_micros for call in chosen))


def forget_texts() -> int:
    """Blank texts past their time and delete rows past theirs; how many were touched."""
    deleted, _ = LanguageModelCall.objects.filter(at__lt=now() - ROWS_KEPT).delete()
    old = LanguageModelCall.objects.filter(at__lt=now() - TEXTS_KEPT).exclude(prompt="", output="")
    return deleted + old.update(prompt="", output="")


def forget_conversation(conversation: str) -> int:
    """Blank the texts of one conversation's calls: part of a customer's erasure."""
    return LanguageModelCall.objects.filter(conversation=conversation).update(prompt="", output="")


def _fit(text: str, length: int) -> str:
    """What a text column of every database takes: no NUL, no lone surrogates, not too long."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:length]
