"""What may be spent on a language model: per day and per conversation, calls and money."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from rapport.kernel.clock import now
from rapport.understanding.language_model.contracts import Ledger
from rapport.understanding.language_model.settings import MICROS, Limits


class Budget:
    """Holds calls back that the limits do not cover; calls under way in this process count as made."""

    def __init__(self, limits: Limits, ledger: Ledger) -> None:
        self.limits, self._ledger = limits, ledger
        self._lock = threading.Lock()
        self._under_way: list[tuple[str, int]] = []

    @contextmanager
    def reserve(self, conversation: str, at_most_micros: int) -> Iterator[bool]:
        """Whether a call that may cost so much is covered; it is reserved while the block runs."""
        entry = (conversation, at_most_micros)
        with self._lock:
            is_covered = self._covers(conversation, at_most_micros)
            if is_covered:
                self._under_way.append(entry)
        try:
            yield is_covered
        finally:
            if is_covered:
                with self._lock:
                    self._under_way.remove(entry)

    def _covers(self, conversation: str, micros: int) -> bool:
        limits = self.limits
        try:
            today = self._ledger.spent(since=start_of_day())
            if not self._fits(
                today.calls, today.cost_micros + micros, "", limits.daily_calls, limits.daily_cost
            ):
                return False
            if not conversation:
                return True
            here = self._ledger.spent(conversation=conversation)
        except DatabaseError:
            return False  # what cannot be counted is not spent
        return self._fits(
            here.calls,
            here.cost_micros + micros,
            conversation,
            limits.conversation_calls,
            limits.conversation_cost,
        )

    def _fits(self, calls: int, micros: int, conversation: str, most_calls: int, most_cost: float) -> bool:
        running = [cost for owner, cost in self._under_way if not conversation or owner == conversation]
        is_few = calls + len(running) < most_calls
        is_cheap = micros + sum(running) <= most_cost * MICROS
        return is_few and is_cheap


def start_of_day() -> dt.datetime:
    """Midnight UTC: days of the budget begin there."""
    return now().replace(hour=0, minute=0, second=0, microsecond=0)
