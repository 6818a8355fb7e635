"""What a procedure is, once read: frozen values that the interpreter follows.

`parsing` makes them from YAML; `checking` says what is wrong with them; `demo/procedures` holds examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Words = Mapping[str, str]
"""A wording per language; English always exists."""

FREE_TYPES = ("text", "number", "date", "email", "address")
"""Slot types whose value is written, not chosen."""

CLOSED_TYPES = ("choice", "yes_no")
"""Slot types whose options the definition or the house provides."""

CONNECTOR_TYPES = ("shop.order", "shop.order_item", "shop.variant", "shop.payment_method", "shop.product")
"""Slot types whose options a connected system provides."""

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
class Action:
    """One operation of a connected system."""

    action: str
    arguments: Mapping[str, str]
    """Argument → expression."""
    when: str | None = None
    result: str = "result"
    """Name of what it returns (`as` in YAML)."""
    failed: Mapping[str, Words] = field(default_factory=dict)
    """Wording per code of refusal."""


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
    must_identify: bool = True
    let: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    human_when: tuple[HumanRule, ...] = ()
    confirm: Confirmation | None = None
    actions: tuple[Action, ...] = ()
    done: tuple[Line, ...] = ()
    offer: tuple[str, ...] = ()

    @property
    def is_read_only(self) -> bool:
        """Whether it changes nothing, so that it may run in the middle of another."""
        return self.confirm is None

    def find_slot(self, name: str) -> Slot | None:
        """The slot of that name."""
        return next((slot for slot in self.slots if slot.name == name), None)

    def slot(self, name: str) -> Slot:
        """The slot of that name, known to exist."""
        found = self.find_slot(name)
        assert found is not None, name
        return found
