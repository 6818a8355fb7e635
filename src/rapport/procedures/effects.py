"""What the interpreter asks of its driver, and what it speaks of there. Other packages import this from `contracts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

JsonDict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One value a slot may take, as the connected system or the definition offers it."""

    value: str
    """Stable id: order id, item line id, variant id, payment method id, choice value."""
    title: str
    """Short text in the customer's language."""
    description: str = ""
    data: JsonDict = field(default_factory=dict)
    """The record behind it; conditions read it under the slot's name."""
    aliases: tuple[str, ...] = ()
    """Other words customers use for it, in any language."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Facets such as colour and size."""


WaitKind = Literal["time", "event", "approval"]


@dataclass(frozen=True, slots=True)
class WaitFor:
    """What a parked procedure waits for: a moment, a named event about a subject, a yes, or what is first."""

    kind: WaitKind
    key: str
    """Stable across restarts: instance and step. A second wake-up with the same key finds nothing waiting."""
    until: str | None = None
    """ISO 8601 moment with offset at which waiting ends by itself."""
    event: str = ""
    """Name of the event, as a connected system or a member of staff reports it."""
    subject: str = ""
    """What the event is about (an order's id); empty: of this conversation."""
    since: str | None = None
    """ISO 8601 moment from which on an event counts that was reported before this wait began."""
    team: str | None = None
    """Key of the team that may approve; None: anyone with the permission."""
    title: str = ""
    """What is to be approved, in the language of the desk."""
    facts: JsonDict = field(default_factory=dict)
    """Machine-readable: the action, its arguments, the amount."""


@dataclass(frozen=True, slots=True)
class Need:
    """Data the interpreter must have before it can go on."""

    key: str
    """Stable within the frame; facts are kept by the driver for the turn."""
    type: str
    """Slot type (``shop.order``, ``crm.contract`` …), or one of

    - ``rapport.file``: files the customer sent; options with ``{id, name, media_type, size, url}``;
    - ``rapport.customer``: customers that match ``{"query": words}``; an option's own value finds it again;
    - ``rapport.runs``: how often a limit was used, one option with ``{"count": n}``;
    - ``action:NAME``: what a reading action answers, one option whose data is the answer; none: nothing found.
    """
    of: JsonDict
    """Data of the slots it depends on, e.g. ``{"order": {...}}``; of a limit ``{procedure, limit, within_s,
    subject}``; of an action its arguments."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form."""

    name: str
    label: str
    kind: Literal["text", "email", "number", "date", "select", "multi_select", "textarea"]
    required: bool = True
    options: tuple[Option, ...] = ()
    value: str = ""
    """Pre-filled."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to the customer, answerable by click or by words."""

    slot: str
    prompt: str
    kind: Literal["choice", "many", "form", "text", "file"]
    options: tuple[Option, ...] = ()
    fields: tuple[Field, ...] = ()
    problem: str = ""
    """Why the last answer did not do, when it did not."""
    offer: tuple[str, ...] = ()
    """Procedures to offer beside the options ("cancel it instead")."""
    label: str = ""
    """Short name of what is asked for, where the definition gives one."""
    accept: tuple[str, ...] = ()
    """Kinds of files that do (``image``, ``pdf``); only for a file."""
    is_many: bool = False
    """Whether several files may be given."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """What will happen, to be answered yes or no."""

    lines: tuple[str, ...]
    question: str
    facts: JsonDict
    """Machine-readable: action names and arguments that the yes will trigger."""


@dataclass(frozen=True, slots=True)
class Identify:
    """The customer must be verified before the procedure can go on."""

    level: str


@dataclass(frozen=True, slots=True)
class Call:
    """One action of a connected system, to be performed exactly once."""

    action: str
    arguments: JsonDict
    key: str
    """Idempotency key, stable across retries and restarts: instance and step, of several ``instance:step.n``;
    with ``~undo`` at the end where it takes another one back."""
    amount: float | None = None
    """The money it moves, where the definition says so."""
    gives_up: bool = False
    """Something else is done when it cannot be carried out now: it must then never be carried out later."""


@dataclass(frozen=True, slots=True)
class Park:
    """A procedure steps aside and waits; the driver keeps a row by which it is woken."""

    instance: str
    procedure: str
    wait: WaitFor


@dataclass(frozen=True, slots=True)
class Tell:
    """Something to say; several are joined into the one message of the turn."""

    text: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """A person must take over."""

    reason: str
    """``our_mistake``, ``over_limit``, ``rule:<name>``, ``too_many_attempts``, ``system_unavailable``,
    ``refused_by_system`` …"""
    text: str
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A procedure ended."""

    procedure: str
    instance: str
    outcome: Literal["done", "cancelled", "refused", "handed_over", "failed"]
    offer: tuple[str, ...] = ()
    """Procedures to offer next, as buttons."""


@dataclass(frozen=True, slots=True)
class Mend:
    """For the record: a call failed for a technical reason, and what is done about it or became of it."""

    procedure: str
    instance: str
    key: str
    """Of the call; of an agreement that is kept, the instance and ``agreed``."""
    action: str
    system: str
    """Key of the connected system that did not answer."""
    way: Literal["kept", "otherwise", "person", "done", "refused", "cancelled"]
    """``kept`` until the system answers, ``otherwise`` other steps, a ``person``; then ``done``, ``refused`` or
    ``cancelled`` of what was kept."""


Effect = Need | Ask | Confirm | Identify | Call | Park | Tell | HandOver | Ended | Mend


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule that was evaluated, for the decision record."""

    name: str
    expression: str
    held: bool
    values: JsonDict = field(default_factory=dict)
