"""A circuit breaker: a server that keeps failing is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 5
PAUSE_S = 60.0


class Breaker:
    """Closed at first; opens after so many failures in a row; lets one call try again after the pause."""

    def __init__(
        self,
        *,
        failures: int = FAILURES,
        pause_s: float = PAUSE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit, self._pause_s, self._clock = failures, pause_s, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether calls are being refused at present."""
        with self._lock:
            return self._failed >= self._limit and self._clock() < self._closed_again_at

    def lets_through(self) -> bool:
        """Whether a call may be tried; after the pause the first one is, and the others wait for it."""
        with self._lock:
            if self._failed < self._limit:
                return True
            if self._clock() < self._closed_again_at:
                return False
            self._closed_again_at = self._clock() + self._pause_s
            return True

    def note(self, *, ok: bool) -> None:
        """What became of a call."""
        with self._lock:
            self._failed = 0 if ok else self._failed + 1
            if self._failed >= self._limit:
                self._closed_again_at = self._clock() + self._pause_s
