"""Frozen values of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Expect = Literal["speech", "digits", "hangup", "transfer", "wait"]
"""What the platform does next: listen to speech and keys, to keys alone, end the call, connect it, ask again."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came from the caller in one turn; nothing at all is silence."""

    digits: str = ""
    """Keys; ``#`` stands for itself only when pressed alone."""
    speech: str = ""
    """As the platform recognised it."""
    confidence: float | None = None
    """Of the recogniser, 0..1; None where it gives none."""

    @property
    def is_silence(self) -> bool:
        """Whether nothing was said or pressed."""
        return not self.digits and not self.speech


@dataclass(frozen=True, slots=True)
class Line:
    """A text to be said."""

    text: str
    language: str
    """One of the six base codes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A key and what it stands for."""

    digit: str
    title: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """The answer of one turn: what is said, and what is expected then."""

    lines: tuple[Line, ...]
    expect: Expect
    language: str
    """In which speech is to be recognised."""
    choices: tuple[Choice, ...] = ()
    max_digits: int | None = 1
    """One key answers; None: any number of keys, ended by ``#``."""
    hints: tuple[str, ...] = ()
    """Words likely to be said."""
    transfer_to: str = ""
    """Telephone number to connect to."""
    wait_s: int = 1
    """Before asking again [s]."""

    def as_json(self) -> dict[str, Any]:
        """The answer as it is kept for a repeated request."""
        return asdict(self)


def spoken_from_json(kept: dict[str, Any]) -> Spoken:
    """A kept answer again."""
    return Spoken(
        **{
            **kept,
            "lines": tuple(Line(**line) for line in kept["lines"]),
            "choices": tuple(Choice(**choice) for choice in kept["choices"]),
            "hints": tuple(kept["hints"]),
        }
    )


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One request of a platform about a call."""

    call_id: str
    caller: str
    called: str
    heard: Heard
    turn: int | None = None
    """Number of the answer this follows; None where the platform keeps none."""
    is_poll: bool = False
    """Nothing new: the platform asks whether the answer is there."""
    event: str = ""
    """``start``, ``hangup``, ``transfer_failed`` or ``transfer_done``; empty for what the caller said."""
    signed_identity: tuple[str, str] = ("", "")
    """Customer id and its signature, where the platform has recognised the caller."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request."""

    spoken: Spoken
    turn: int
    """To be named by the next request."""
    conversation_number: int | None = None


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """What an inbox says about its calls."""

    number: str = ""
    """The telephone number customers call; shown to staff."""
    languages: tuple[str, ...] = ("en",)
    brand: str = ""
    voices: dict[str, str] = field(default_factory=dict)
    """Language → the platform's name of a voice."""
    sealed_token: str = ""
    """Account token of the platform, sealed; requests of the platform are refused without one."""
    transfer_to: str = ""
    """Number where a person answers; empty: callers are called back."""
    team_numbers: dict[str, str] = field(default_factory=dict)
    """Team's key → its own number."""
    min_confidence: float = 0.5
    """Below it, an answer to a question is read back first."""
    identity_methods: tuple[str, ...] = ()
    is_recorded: bool = False
    """The platform records calls: callers are told first."""
    hours: tuple[Mapping[str, Any], ...] = ()
    """When calls are connected; empty: always."""
    time_zone: str = "UTC"
