"""When a mail that could not be sent is tried again."""

from __future__ import annotations

TRIES = 14
"""Attempts before a mail is given up: about sixteen hours."""
BASE_S = 30.0
CAP_S = 3 * 3600.0


def pause_s(attempt: int) -> float:
    """Pause after a failed attempt, 1 for the first, before the next one [seconds]."""
    return float(min(BASE_S * 2 ** min(attempt - 1, 30), CAP_S))
