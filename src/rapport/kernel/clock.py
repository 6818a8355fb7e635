"""The one source of the present moment, so that tests and simulations can set it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_source: Callable[[], dt.datetime] | None = None


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _source() if _source is not None else dt.datetime.now(dt.UTC)


def is_simulated() -> bool:
    """Whether a simulation or test has replaced the real clock."""
    return _source is not None


@contextmanager
def use_clock(source: Callable[[], dt.datetime]) -> Iterator[None]:
    """Replace the clock of this process while the block runs."""
    global _source
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before


class SteppedClock:
    """A clock that stands still until it is moved forward."""

    def __init__(self, start: dt.datetime) -> None:
        assert start.tzinfo is not None, "the clock speaks aware times only"
        self.at = start

    def __call__(self) -> dt.datetime:
        return self.at

    def advance(self, step: dt.timedelta) -> None:
        """Move forward; time never runs backwards."""
        assert step >= dt.timedelta(0)
        self.at += step
