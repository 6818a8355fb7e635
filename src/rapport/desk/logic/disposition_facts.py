"""What is on record of one conversation, as the rules of dispositions read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RunFact:
    """A run of a procedure, ended or not."""

    instance: str
    procedure: str
    status: str
    """As the interpreter has it: ``done``, ``refused``, ``cancelled``, ``collecting`` …"""
    actor: str
    """``assistant`` or ``staff:<id>``."""
    slots: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Slot → (value, title) of what was chosen."""
    orders: tuple[tuple[str, str], ...] = ()
    """(value, title) of the orders it is about."""
    products: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TurnFact:
    """What one turn of the assistant decided."""

    decision: int
    steps: tuple[str, ...]
    """As ``start:return_items``."""
    confidence: float | None
    """None for clicks."""
    intents: tuple[tuple[str, float], ...] = ()
    """What was read, best first."""
    is_accepted: bool = False
    """What was read was sure enough to act on."""


@dataclass(frozen=True, slots=True)
class CallFact:
    """An action of a connected system."""

    key: str
    action: str
    state: str
    code: str
    order: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the rules look at."""

    runs: tuple[RunFact, ...] = ()
    """What was asked for, in the order in which it began; steps of other procedures are not among them."""
    turns: tuple[TurnFact, ...] = ()
    calls: tuple[CallFact, ...] = ()
    person_message: int | None = None
    """A message in which a person answered the customer."""
    has_customer_message: bool = False
    is_with_people: bool = False
    """It was handed over, and nobody gave it back."""
    handover: str = ""
    """Reason of the latest handover."""
    spam_mark: str = ""
    """The label, or that the contact is blocked."""
    is_internal: bool = False
    """A ticket or staff's own work: there is no customer to answer."""
    ticket: Mapping[str, str] = field(default_factory=dict)
    """Fields of a ticket as it was opened: ``reason``, ``order``, ``product``, ``key`` of the action."""
    is_ended: bool = True
    """False while the conversation goes on: how it ended is not asked."""
