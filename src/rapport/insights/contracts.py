"""Frozen values of insights: one conversation's story, a group of them, and what the group would need."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field
from typing import Any


class Kind(enum.StrEnum):
    """What is missing where customers keep asking."""

    NEW = "new"
    """A procedure: nothing does what they want."""
    UNREAD = "unread"
    """Examples: a procedure exists, and their words were not read as meaning it."""
    FAILING = "failing"
    """A better procedure: it was begun and ended with a person."""


@dataclass(frozen=True, slots=True)
class Window:
    """The period that is looked at, and the one of the same length before it."""

    until: dt.datetime
    days: int

    @property
    def since(self) -> dt.datetime:
        """Begin of the period."""
        return self.until - dt.timedelta(days=self.days)

    @property
    def before(self) -> dt.datetime:
        """Begin of the period before."""
        return self.until - dt.timedelta(days=2 * self.days)


@dataclass(frozen=True, slots=True)
class StaffCall:
    """What a member of staff did in a connected system for a customer."""

    action: str
    arguments: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation that no procedure solved; texts are redacted."""

    conversation_id: int
    created_at: dt.datetime
    language: str
    text: str
    """The customer's first request."""
    procedure: str = ""
    """What was under way when it went to a person."""
    reason: str = ""
    """Why: the word of the handover, or ``not_understood``."""
    slot: str = ""
    """What the procedure had asked last."""
    rules: tuple[str, ...] = ()
    """Rules that did not hold."""
    reading: tuple[str, float] | None = None
    """The procedure the request was read as, and how surely; None where it was read as none."""
    was_sure: bool = False
    """Whether that was enough to begin it."""
    facts: tuple[str, ...] = ()
    """Kinds of facts that colleagues asked for or the customer gave."""
    calls: tuple[StaffCall, ...] = ()
    runs: tuple[str, ...] = ()
    """Procedures that staff ran."""
    team_id: int | None = None
    is_verified: bool = False
    answer: str = ""
    """What the colleague answered at most length."""
    agent_messages: int = 0
    agent_minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Stories:
    """The unsolved conversations of a window and the period before it."""

    window: Window
    found: tuple[Story, ...]
    conversations: int
    """All conversations of the period, solved ones included."""
    without_request: int
    """Unsolved ones of the period in which nobody said what it is about."""


@dataclass(frozen=True, slots=True)
class Group:
    """Stories about the same thing, the most typical first."""

    kind: Kind
    procedure: str
    """For `UNREAD` and `FAILING`."""
    stories: tuple[Story, ...]
    """Of both periods."""
    tightness: float = 0.0


@dataclass(frozen=True, slots=True)
class Cause:
    """What runs that ended with a person have in common."""

    kind: str
    """``rule``, ``person_rule``, ``slot``, ``asked``, ``unread`` or ``reason``."""
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ActionUse:
    """An action that staff carried out, and in how many conversations."""

    action: str
    count: int
    arguments: tuple[str, ...]
    constants: dict[str, Any]
    """Arguments that were the same each time."""
    types: dict[str, str] = field(default_factory=dict)
    """Argument → type of a question for it, where every value given was of one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a group's conversations of the period have in common, in counts."""

    conversations: int
    facts: tuple[tuple[str, int], ...] = ()
    actions: tuple[ActionUse, ...] = ()
    runs: tuple[tuple[str, int], ...] = ()
    teams: tuple[tuple[int, int], ...] = ()
    """(team id, conversations)."""
    causes: tuple[Cause, ...] = ()
    verified: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a draft and where it comes from."""

    what: str
    """``examples``, ``slot``, ``action``, ``answer``, ``person``, ``title``."""
    name: str
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class ProcedureDraft:
    """A definition prepared from a group; it passes the check of definitions."""

    name: str
    source: str
    cases: str
    parts: tuple[Part, ...]
    dropped: tuple[str, ...] = ()
    """Actions that staff carried out and the draft could not take over."""
