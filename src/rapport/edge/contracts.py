"""The values at the border of this package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class StreamRequest:
    """Somebody wants to hear news."""

    path: str
    """The path asked for."""
    headers: Mapping[str, str]
    """Request headers by lower-case name."""
    query: Mapping[str, str]
    """Query parameters; the last of several."""
    cookies: Mapping[str, str]
    """Cookies by name."""
    route: str = ""
    """Which kind of stream: ``desk``, ``account``, ``widget`` or ``public``."""
    params: Mapping[str, str] = field(default_factory=dict)
    """Parts of the path by name: ``account``; ``inbox``, ``source``, ``conversation``."""


@dataclass(frozen=True, slots=True)
class StreamGrant:
    """What a stream may hear."""

    topics: frozenset[str]
    """An event is delivered when it carries at least one of these topics."""


Authorize = Callable[[StreamRequest], StreamGrant | None]
"""Decides about a stream; synchronous, may use the database; None answers 401."""

Answered = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body of a complete answer."""


class RequestRules(Protocol):
    """What the front must know of addresses it does not serve itself."""

    def limit_bytes(self, environ: Mapping[str, Any]) -> int:
        """How long the body of this request may be; called in the event loop."""
        ...

    def refusal(self, path: str, status: int, text: str, facts: Mapping[str, Any]) -> bytes | None:
        """The JSON with which this address refuses a request; None for a plain line."""
        ...


class Ingest(Protocol):
    """Answers small posts, several at a time; what it may decide is its own matter."""

    def takes(self, path: str) -> bool:
        """Whether a POST to this path may be for it; called in the event loop."""
        ...

    def answer_all(self, posts: Sequence[tuple[dict[str, Any], bytes]]) -> Sequence[Answered | None]:
        """Answer requests given as WSGI environment and body; None for one that Django must answer.

        Called in a thread. What it answers is committed when it returns; of what it does not answer, nothing.
        """
        ...
