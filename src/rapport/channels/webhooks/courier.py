"""Threads that send: a few for each webhook, none of them a thread that does jobs.

A receiver that is slow or silent holds up its own threads and nothing else.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable

from django.db import Error as DatabaseError
from django.db import connection

from rapport.channels.webhooks.delivering import deliver_next, plan_next

logger = logging.getLogger(__name__)
THREADS_EACH = 3
"""Threads of one webhook while its receiver answers; one while it fails."""

Start = Callable[[Callable[[], None]], None]


class Courier:
    """Sends what is due; knows which webhooks it is busy with in this process."""

    def __init__(self, start: Start | None = None) -> None:
        """Make one; `start` runs a task, on a thread of its own unless told otherwise."""
        self._start = start or _on_a_thread
        self._lock = threading.Lock()
        self._busy: dict[int, int] = defaultdict(int)
        self._called: set[int] = set()

    def call(self, webhook_id: int) -> None:
        """Have what is due sent; returns at once. Those who are at it already look once more."""
        with self._lock:
            if self._busy[webhook_id]:
                self._called.add(webhook_id)
            is_first = not self._busy[webhook_id]
            if self._busy[webhook_id] >= THREADS_EACH:
                return
            self._busy[webhook_id] += 1
        self._start(lambda: self._work(webhook_id, is_first=is_first))

    def _work(self, webhook_id: int, *, is_first: bool) -> None:
        try:
            while True:
                while deliver_next(webhook_id, is_first=is_first):
                    pass
                if not (is_first and self._is_called_again(webhook_id)):
                    break
            plan_next(webhook_id)
        except DatabaseError:
            logger.warning("webhook %s: the database failed; tried again later", webhook_id, exc_info=True)
        finally:
            with self._lock:
                self._busy[webhook_id] -= 1

    def _is_called_again(self, webhook_id: int) -> bool:
        with self._lock:
            is_called = webhook_id in self._called
            self._called.discard(webhook_id)
            return is_called


def _on_a_thread(task: Callable[[], None]) -> None:
    def run() -> None:
        try:
            task()
        finally:
            connection.close()

    threading.Thread(target=run, name="webhooks", daemon=True).start()


def at_once(task: Callable[[], None]) -> None:
    """Run a task here and now, for tests and simulations."""
    task()
