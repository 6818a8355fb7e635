"""Within one turn the same question is put to a connected system once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Answer = TypeVar("Answer")

_answers: ContextVar[dict[Hashable, object] | None] = ContextVar("answers", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Answers to reads are remembered inside this block, until something is written or it ends."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The remembered answer, or a fresh one; always a fresh one outside `reading_once`."""
    known = _answers.get()
    if known is None:
        return ask()
    if question not in known:
        known[question] = ask()
    return known[question]  # type: ignore[return-value]  # what `ask` gave for the same question


def forget_answers() -> None:
    """Something was written: what was read before may not be true any more."""
    known = _answers.get()
    if known is not None:
        known.clear()
