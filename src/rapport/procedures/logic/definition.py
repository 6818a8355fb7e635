"""What a procedure is, once read: frozen values that the interpreter follows.

`parsing` makes them from YAML; `checking` says what is wrong with them; `templates/` holds examples.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rapport.procedures.logic.steps import Action, AnyStep, Place, RunProcedure, lay_out, result_of

Words = Mapping[str, str]
"""A wording per language; English always exists. ``de.informal`` stands beside ``de`` where there are two tones."""

Audience = Literal["customer", "staff", "both"]
AUDIENCES: tuple[Audience, ...] = ("customer", "staff", "both")
Then = Literal["refuse", "person"]
"""What follows where a limit is reached."""

FREE_TYPES = ("text", "number", "money", "date", "email", "address")
"""Slot types whose value is written, not chosen."""

CLOSED_TYPES = ("choice", "yes_no")
"""Slot types whose options the definition or the house provides."""

HELD_TYPES = ("file", "customer")
"""Slot types whose options this system holds: what the customer sent, whom it serves."""

CONNECTOR_TYPE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\Z")
"""Slot types whose options a connected system provides: its key and one of the kinds of records it declares."""

FILE_NEED, CUSTOMER_NEED, RUNS_NEED, ACTION_NEED = (
    "rapport.file", "rapport.customer", "rapport.runs", "action:",
)  # fmt: skip
"""Types of needs beside those of connected systems; the last begins the name of an action that reads."""

FILE_KINDS: Mapping[str, tuple[str, ...]] = {"image": ("image/",), "pdf": ("application/pdf",)}
"""What a `file` slot may accept → how the media types of such files begin."""

ADDRESS_FIELDS = ("address1", "address2", "city", "state", "country", "zip")
REQUIRED_ADDRESS_FIELDS = ("address1", "city", "country", "zip")


@dataclass(frozen=True, slots=True)
class ChoiceOption:
    """One option of a `choice` slot."""

    value: str
    title: Words
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an existing value may not be chosen."""

    when: str
    say: Words
    offer: str | None = None
    """Procedure to offer instead."""
    rule: str = ""
    """Name under which the refusal is recorded."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing a procedure must know."""

    name: str
    type: str
    ask: Words
    where: str | None = None
    """Condition each option must pass."""
    of: tuple[str, ...] = ()
    """Slots whose records the look-up of options needs."""
    many: bool = False
    each: str | None = None
    """A `many` slot for each of whose values one answer is wanted."""
    optional: bool = False
    when: str | None = None
    """The slot exists only while this holds."""
    default: str | None = None
    none: Words = field(default_factory=dict)
    """Said when no option passes."""
    refused: tuple[Refusal, ...] = ()
    options: tuple[ChoiceOption, ...] = ()
    label: Words = field(default_factory=dict)
    """A short name for it in menus of what to change."""
    accept: tuple[str, ...] = ()
    """Kinds of files that do; empty: every kind."""

    @property
    def element(self) -> str:
        """Name under which one option's record is read: the last word of the type."""
        return self.type.rsplit(".", 1)[-1].rsplit("_", 1)[-1]

    @property
    def is_free(self) -> bool:
        """Whether its value is written rather than chosen."""
        return self.type in FREE_TYPES

    @property
    def is_looked_up(self) -> bool:
        """Whether its options come from a connected system."""
        return not self.is_free and self.type not in CLOSED_TYPES


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that must hold before anything is done."""

    name: str
    check: str
    say: Words
    slot: str | None = None
    """Slot to ask again when it does not hold; without one the procedure ends refused."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Data of an action that only reads, fetched as soon as what its arguments read is known."""

    name: str
    """Under which expressions read the answer; null while, or where, there is none."""
    action: str
    arguments: Mapping[str, str]
    when: str | None = None
    none: Words = field(default_factory=dict)
    """Said when nothing is found; the procedure then ends refused. Without it, the name stays null."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How often a procedure may end done within a time."""

    name: str
    count: int
    within: dt.timedelta
    say: Words
    of: str = "customer"
    """Whose runs are counted: the customer's, or those about the value of an expression (`order.id`)."""
    then: Then = "refuse"

    @property
    def subject(self) -> str:
        """The expression whose value names the subject."""
        return "customer.id" if self.of == "customer" else self.of


@dataclass(frozen=True, slots=True)
class HumanRule:
    """A condition under which a person must decide."""

    name: str
    when: str
    say: Words
    team: str | None = None
    after: bool = False
    """Hand over once the actions are done (a report is registered, then a person decides) instead of before."""


@dataclass(frozen=True, slots=True)
class Line:
    """A text that is said when its condition holds (always, without one)."""

    say: Words
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the customer must agree to."""

    lines: tuple[Line, ...]
    question: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UndoRule:
    """Until when a procedure that is done can be taken back by those it was done for."""

    within: dt.timedelta
    say: Words = field(default_factory=dict)
    """Said when it has been taken back."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of one procedure."""

    name: str
    version: int
    title: Words
    slots: tuple[Slot, ...] = ()
    description: Words = field(default_factory=dict)
    icon: str = ""
    menu: int | None = None
    """Position in the guided menu; None keeps it out."""
    group: Words = field(default_factory=dict)
    """Under which heading of that menu; those of one heading say it in the same words."""
    must_identify: bool = True
    audience: Audience = "both"
    """Who runs it: customers, staff (a guide), or both."""
    lookups: tuple[Lookup, ...] = ()
    limits: tuple[Limit, ...] = ()
    let: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    human_when: tuple[HumanRule, ...] = ()
    confirm: Confirmation | None = None
    steps: tuple[AnyStep, ...] = ()
    done: tuple[Line, ...] = ()
    offer: tuple[str, ...] = ()
    undo: UndoRule | None = None

    @property
    def is_read_only(self) -> bool:
        """Whether it changes nothing, so that it may run in the middle of another."""
        return self.confirm is None

    @property
    def places(self) -> tuple[Place, ...]:
        """All steps, numbered, those of branches included."""
        return lay_out(self.steps)

    @property
    def actions(self) -> tuple[Action, ...]:
        """All actions, those of branches included, in the order of the document."""
        return tuple(place.step for place in self.places if isinstance(place.step, Action))

    @property
    def runs(self) -> tuple[str, ...]:
        """Names of the procedures that steps run."""
        steps = (place.step for place in self.places)
        return tuple(dict.fromkeys(step.procedure for step in steps if isinstance(step, RunProcedure)))

    @property
    def results(self) -> frozenset[str]:
        """Names under which steps leave what they came to."""
        return frozenset(result_of(place.step) for place in self.places) - {""}

    def find_slot(self, name: str) -> Slot | None:
        """The slot of that name."""
        return next((slot for slot in self.slots if slot.name == name), None)

    def find_lookup(self, name: str) -> Lookup | None:
        """The look-up of that name."""
        return next((lookup for lookup in self.lookups if lookup.name == name), None)

    def slot(self, name: str) -> Slot:
        """The slot of that name, known to exist."""
        found = self.find_slot(name)
        assert found is not None, name
        return found
