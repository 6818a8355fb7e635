"""Threads that speak with mail servers: one for each inbox and direction, none of them a thread that does jobs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import Error as DatabaseError
from django.db import connection

logger = logging.getLogger(__name__)

Start = Callable[[Callable[[], object]], None]
Work = Callable[[], object]


class Courier:
    """Does one piece of work a key at a time; called again meanwhile, it does it once more."""

    def __init__(self, start: Start | None = None) -> None:
        """Make one; `start` runs a task, on a thread of its own unless told otherwise."""
        self._start = start or _on_a_thread
        self._lock = threading.Lock()
        self._called: dict[str, bool] = {}

    def call(self, key: str, work: Work) -> None:
        """Have work done; returns at once."""
        with self._lock:
            is_busy = key in self._called
            self._called[key] = is_busy
            if is_busy:
                return
        self._start(lambda: self._run(key, work))

    def _run(self, key: str, work: Work) -> None:
        try:
            while True:
                work()
                with self._lock:
                    if not self._called[key]:
                        del self._called[key]
                        return
                    self._called[key] = False
        except DatabaseError:
            logger.warning("%s: the database failed; tried again later", key, exc_info=True)
        finally:
            with self._lock:
                self._called.pop(key, None)


def _on_a_thread(task: Work) -> None:
    def run() -> None:
        try:
            task()
        finally:
            connection.close()

    threading.Thread(target=run, name="email", daemon=True).start()


def at_once(task: Work) -> None:
    """Run a task here and now, for tests and simulations."""
    task()
