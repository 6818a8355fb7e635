"""What a customer's message asks for when it is a click or a form: no language needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rapport.procedures.contracts import Affirm, Cancel, Deny, Fill, Input, Resume, StartProcedure

START = "start:"
IDENTIFY = "identify:"
CONFIRM_YES, CONFIRM_NO, CONFIRM_CANCEL = "confirm:yes", "confirm:no", "confirm:cancel"
TALK_TO_PERSON, RESUME, MENU = "talk_to_person", "resume", "menu"


@dataclass(frozen=True, slots=True)
class Click:
    """A click or form, read against the message it answers."""

    value: str
    """Of a single choice; empty for a form."""
    fields: dict[str, tuple[str, ...]]
    """Of a form."""
    slot: str
    """Slot the answered message asked for; empty for menus and confirmations."""
    is_current: bool
    """Whether the answered message is still the open question."""


def read_click(attributes: dict[str, Any], asked: dict[str, Any], *, is_current: bool) -> Click:
    """A click from the answer's and the asking message's attributes."""
    if "command" in attributes:
        return Click(str(attributes["command"]), {}, "", is_current=True)
    fields: dict[str, list[str]] = {}
    value = ""
    for entry in attributes.get("submitted_values", []):
        if entry["name"]:
            fields.setdefault(entry["name"], []).append(entry["value"])
        else:
            value = entry["value"]
    return Click(value, {k: tuple(v) for k, v in fields.items()}, str(asked.get("slot") or ""), is_current)


def to_input(click: Click) -> Input | None:
    """The interpreter's input a click stands for; None when it is for the assistant itself."""
    value = click.value
    if value.startswith(START):
        return StartProcedure(value.removeprefix(START))
    if value in {TALK_TO_PERSON, MENU} or value.startswith(IDENTIFY) or click.slot.startswith(IDENTIFY):
        return None
    if value == RESUME:
        return Resume()
    if value == CONFIRM_CANCEL:
        return Cancel()
    if value in {CONFIRM_YES, CONFIRM_NO}:
        if not click.is_current:
            return None
        return Affirm() if value == CONFIRM_YES else Deny()
    if value:
        return Fill({click.slot: (value,)}) if click.slot else None
    if click.fields and click.slot:
        return Fill({_named(k, click.slot): v for k, v in click.fields.items()})
    return None


def _named(field: str, slot: str) -> str:
    """A form's field as the interpreter names it: the slot, or the slot and one of its parts."""
    return field if field == slot or field.startswith(f"{slot}.") else f"{slot}.{field}"
