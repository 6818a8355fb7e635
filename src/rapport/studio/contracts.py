"""Frozen values of the editor, and what it needs of whoever rehearses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

JsonDict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DraftInfo:
    """A draft as it stands now."""

    staff_id: int
    procedure: str
    base_version: int | None
    source: str
    cases: str
    position: int
    undoes: str = ""
    """What taking back the last step would take back; empty when there is nothing."""
    redoes: str = ""
    is_kept: bool = True
    """Whether it has been saved; an untouched procedure has no row yet."""
    changed_at: dt.datetime | None = None
    place: str = ""
    """The part that was changed last; empty after a step was taken back or done again."""


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One thing a record has, as conditions name it."""

    path: str
    """``payment_method.kind``, below the record's own name."""
    kind: str
    """``text``, ``number``, ``flag``, ``moment`` or ``list``."""
    values: tuple[str, ...] = ()
    """Values seen in the example records, where they are few."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One move of the customer in the preview, and what it led to."""

    move: JsonDict
    """As a test case writes it: ``{click: …}``, ``{say: …}``."""
    shown: str
    """What the customer said or clicked; empty at the start."""
    texts: tuple[str, ...] = ()
    waits_for: str = ""
    """Slot, ``confirm``, ``identify``, or nothing."""
    ended: str = ""
    waits: str = ""
    """What it began to wait for: the name of an event, ``time`` or ``approval``."""
    refused: str = ""
    """Rule that did not hold."""
    hands_over: str = ""
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One button of the preview."""

    value: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a form in the preview."""

    name: str
    label: str
    kind: str
    is_required: bool
    value: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something a procedure waits for in the preview."""

    kind: str
    """``time``, ``event`` or ``approval``."""
    event: str = ""
    title: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """A whole conversation of the preview, and what can be answered now."""

    turns: tuple[Turn, ...]
    kind: str = ""
    """How the open question is answered: ``choice``, ``many``, ``form``, ``text``, ``file``, ``confirm``, ``identify``;
    empty when nothing is open."""
    choices: tuple[Choice, ...] = ()
    inputs: tuple[Input, ...] = ()
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    writes: tuple[JsonDict, ...] = ()
    """Every change made in the sandbox: ``{action, with}``."""
    waits: tuple[Waiting, ...] = ()
    notes: tuple[str, ...] = ()
    """What the sandbox lacks."""
    problem: str = ""
    """Why it could not be run (further)."""

    @property
    def ended(self) -> str:
        """How it ended; empty while it is open."""
        return next((turn.ended for turn in reversed(self.turns) if turn.ended), "")


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What became of one test case."""

    name: str
    problems: tuple[str, ...]
    transcript: tuple[str, ...] = ()


class Rehearser(Protocol):
    """Runs definitions against a sandbox; given by `rapport.bootstrap`."""

    def talk(self, source: str, moves: Sequence[JsonDict], given: JsonDict, language: str) -> Talk:
        """The conversation these moves make with a definition. Raises InvalidDefinition."""
        ...

    def run_cases(self, source: str, cases: str) -> tuple[CaseOutcome, ...]:
        """Every test case. Raises InvalidDefinition."""
        ...

    def fields_of(self, type_: str) -> tuple[FieldInfo, ...]:
        """What the example records of a type hold (``customer`` too); nothing for an unknown type."""
        ...
