"""What is kept of a contact and of a run: plain values, from which every figure is counted."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rapport.connectors.api import CallTrace
    from rapport.conversations.api import ConversationTrace, MessageTrace
    from rapport.governance.api import DecisionTrace
    from rapport.procedures.api import FrameTrace, RunTrace, WaitTrace


class ContactOutcome(enum.StrEnum):
    """What became of a contact; exactly one."""

    SOLVED = "solved"
    """The customer's last request was answered or done, and no person took part."""
    PERSON = "person"
    """A person took part, or waits to."""
    REFUSED = "refused"
    """A rule of the shop said no, and the customer left it at that."""
    UNSOLVED = "unsolved"
    """The customer left without an answer."""
    OPEN = "open"
    """Under way, or waiting for something."""
    NONE = "none"
    """Nothing was asked for: opened and left, or courtesies only."""


class RunOutcome(enum.StrEnum):
    """How a run of a procedure ended."""

    DONE = "done"
    """It reached its end without a person; where it changes something, the connected system did it."""
    NO_ACTION = "no_action"
    """It reached its end without the change it is there for."""
    WITH_PERSON = "with_person"
    """It reached its end, and a person took part: an approval, a reply."""
    REFUSED = "refused"
    """A rule, or the connected system, said no."""
    PERSON = "person"
    """It was handed to a person."""
    FAILED = "failed"
    """A connected system did not answer, or the definition could not be followed."""
    CANCELLED = "cancelled"
    """The customer stopped it."""
    ABANDONED = "abandoned"
    """The customer left in the middle."""
    OPEN = "open"
    """Under way, or waiting for something."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What a run cost the customer."""

    turns: int = 0
    """How often they wrote or clicked."""
    clicks: int = 0
    """Choices, and forms sent."""
    fields: int = 0
    """Of forms, filled."""
    words: int = 0
    """Typed outside of forms."""
    questions: int = 0
    """Asked of them, proofs of identity apart."""
    repeats: int = 0
    """Questions asked that had been asked before in the same run."""
    identifications: int = 0
    """Proofs of identity asked for."""
    waits: int = 0
    """For a moment, an event or an approval."""
    seconds: int = 0
    """From their first message to the end."""


MEASURES = tuple(Effort.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run of a procedure that a customer asked for."""

    instance: str
    procedure: str
    version: int
    """0 where the dialogue has forgotten it."""
    changes: bool
    """It is there to change something in a connected system."""
    outcome: RunOutcome
    reason: str
    """Of a refusal the rule, of a handover its reason, of a failure its code, of one left the open question."""
    began_at: dt.datetime
    ended_at: dt.datetime | None
    effort: Effort


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """One conversation."""

    reason: str
    """What it was about: the first procedure asked for, else ``question``, ``person``, ``unclear`` or ``none``."""
    outcome: ContactOutcome
    is_answered: bool
    is_confirmed: bool
    """After the solution the customer said thanks."""
    is_reopened: bool
    """The customer wrote again about something within seven days of leaving with a solution."""
    bursts: int
    """How often the customer wrote."""
    is_settled: bool
    """Time alone changes nothing of it any more."""


@dataclass(frozen=True, slots=True)
class CaseTraces:
    """Everything other packages tell of one conversation."""

    conversation: ConversationTrace
    messages: list[MessageTrace] = field(default_factory=list)
    decisions: list[DecisionTrace] = field(default_factory=list)
    runs: list[RunTrace] = field(default_factory=list)
    frames: list[FrameTrace] = field(default_factory=list)
    waits: list[WaitTrace] = field(default_factory=list)
    calls: list[CallTrace] = field(default_factory=list)
    broken_rules: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """By decision, where a run was refused."""
