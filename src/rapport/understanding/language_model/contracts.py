"""Frozen values inside the language-model engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Outcome = Literal[
    "answered",
    "timeout",
    "no_connection",
    "rate_limited",
    "server_error",
    "refused",
    "garbage",
    "circuit_open",
]
"""What became of a question. Only ``answered`` has content; ``refused`` is the server's final no (wrong key, model)."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """What a server answered, or why it did not."""

    outcome: Outcome
    content: str = ""
    problem: str = ""
    attempts: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    latency_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call as the ledger keeps it; meanings as in `models.calls.LanguageModelCall`."""

    purpose: str
    server: str
    model: str
    conversation: str
    prompt_digest: str
    prompt: str
    output: str
    outcome: str
    problem: str = ""
    attempts: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micros: int = 0
    dropped: int = 0
    latency_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Spent:
    """How often a model was asked and what that cost."""

    calls: int
    cost_micros: int


class Ledger(Protocol):
    """Where calls are recorded and counted."""

    def record(self, call: CallRecord) -> int:
        """Keep one call; its number."""
        ...

    def spent(self, *, since: dt.datetime | None = None, conversation: str = "") -> Spent:
        """What was spent since a moment, or in one conversation."""
        ...


@dataclass(frozen=True, slots=True)
class Offer:
    """Something the model may start: a procedure and what it asks for."""

    name: str
    title: str
    about: str = ""
    """One sentence more, where the title does not say it all."""
    slots: tuple[str, ...] = ()


JsonDict = dict[str, Any]
