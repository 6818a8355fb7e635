"""Slots whose options this system holds: files of the conversation, and the customer a slot is about."""

from __future__ import annotations

from rapport.procedures.contracts import Need, Option, World
from rapport.procedures.logic.definition import (
    CUSTOMER_NEED,
    FILE_KINDS,
    FILE_NEED,
    HELD_TYPES,
    Definition,
    Slot,
)

QUERY = "query"
"""Name under which a frame keeps the words by which a customer is searched."""


def is_held(slot: Slot) -> bool:
    """Whether this system holds the options, so that a question may begin without any."""
    return slot.type in HELD_TYPES


def is_searched(definition: Definition, slot: Slot) -> bool:
    """Whether a member of staff looks the customer up; elsewhere it is the one who is served."""
    return slot.type == "customer" and definition.audience == "staff" and not definition.must_identify


def held_options(definition: Definition, slot: Slot, query: str, world: World) -> Need | tuple[Option, ...]:
    """What a slot may hold, or what must be looked up for it."""
    if slot.type == "file":
        return Need(FILE_NEED, FILE_NEED, {})
    if not is_searched(definition, slot):
        return own_customer(world)
    return Need(f"{CUSTOMER_NEED}({query})", CUSTOMER_NEED, {QUERY: query}) if query else ()


def own_customer(world: World) -> tuple[Option, ...]:
    """The customer who is served."""
    if world.customer is None:
        return ()
    name = str(world.customer.get("name") or world.customer.get("email") or "")
    return (Option(str(world.customer.get("id", "")), name, data=dict(world.customer)),)


def accepts(slot: Slot, option: Option) -> bool:
    """Whether a file is of a kind the slot takes."""
    media_type = str(option.data.get("media_type", ""))
    kinds = slot.accept or tuple(FILE_KINDS)
    return media_type.startswith(tuple(start for kind in kinds for start in FILE_KINDS[kind]))
