"""When to try again, and when to leave a receiver alone."""

from __future__ import annotations

import datetime as dt

TRIES = 12
"""Attempts at one delivery before it is dead: about six hours where nothing else fails."""
BASE_S = 10.0
CAP_S = 6 * 3600.0
MAX_AGE = dt.timedelta(days=3)
"""A delivery that could not be made for so long is dead, however seldom it was tried."""
PATIENCE = 5
"""Failures in a row after which a receiver is left alone for a while."""
REST_BASE_S = 15.0
REST_CAP_S = 900.0
FAILURES_TO_PAUSE = 300
"""So many failures in a row, about three days at the longest rest, and the webhook is paused."""
JITTER_SHARE = 0.2


def pause_s(attempt: int, draw: float) -> float:
    """Pause after a failed attempt, before the next one [seconds].

    Args:
        attempt: 1 for the first.
        draw: a random number in [0, 1), which moves the pause by up to a fifth either way.
    """
    return _moved(min(BASE_S * 2 ** min(attempt - 1, 40), CAP_S), draw)


def rest_s(failures: int, draw: float) -> float:
    """How long a receiver is left alone after so many failures in a row [seconds]; 0 while patience lasts."""
    if failures < PATIENCE:
        return 0.0
    return _moved(min(REST_BASE_S * 2 ** min(failures - PATIENCE, 40), REST_CAP_S), draw)


def _moved(pause: float, draw: float) -> float:
    return pause * (1 - JITTER_SHARE + 2 * JITTER_SHARE * draw)
