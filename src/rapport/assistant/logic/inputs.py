"""What a customer's message asks for when it is a click or a form: no language needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rapport.procedures.contracts import (
    Affirm,
    Cancel,
    Deny,
    DialogueState,
    Fill,
    Frame,
    Input,
    Resume,
    StartProcedure,
    Undo,
    Withdraw,
)

START = "start:"
IDENTIFY = "identify:"
WITHDRAW = "withdraw:"
CONFIRM_YES, CONFIRM_NO, CONFIRM_CANCEL = "confirm:yes", "confirm:no", "confirm:cancel"
MOVES = frozenset({"affirm", "deny", "cancel", "human", "greeting", "thanks", "goodbye"})
PLAIN_WORDS = 3
"""A yes of so many words is nothing but a yes."""
TALK_TO_PERSON, RESUME, MENU, UNDO, KEEP = "talk_to_person", "resume", "menu", "undo", "keep"


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


def read_titles(text: str, content_type: str, shown: dict[str, Any]) -> Click | None:
    """The click that a text stands for which copies one title offered, or several where several may be chosen."""
    said = title_words(text)
    slot = str(shown.get("slot") or "")
    items = shown.get("items", [])
    buttons = [*shown.get("quick_replies", []), *(items if content_type != "form" else [])]
    values = [o["value"] for o in buttons if said and title_words(str(o.get("title", ""))) == said]
    if len(values) == 1:
        return Click(str(values[0]), {}, slot, is_current=True)
    if values or content_type != "form" or len(items) != 1 or not items[0].get("options"):
        return None
    left, chosen = list(said), []
    for option in items[0]["options"]:
        title = title_words(str(option["label"]))
        place = next(
            (n for n in range(len(left)) if title and tuple(left[n : n + len(title)]) == title), None
        )
        if place is not None:
            left[place : place + len(title)] = []
            chosen.append(str(option["value"]))
    if not chosen or len(left) >= len(chosen):
        return None
    return Click("", {str(items[0]["name"]): tuple(chosen)}, slot, is_current=True)


def title_words(text: str) -> tuple[str, ...]:
    """A text without what people leave out when they copy a title."""
    return tuple(re.findall(r"\w(?:[\w.]*\w)?", text.casefold()))


def to_input(click: Click, state: DialogueState) -> Input | None:
    """The interpreter's input a click stands for; None when it is for the assistant itself, or comes too late.

    Too late is a click on an earlier question (in another tab) that is not the one asked now.
    """
    value = click.value
    if value.startswith(START):
        return StartProcedure(value.removeprefix(START))
    if value in {TALK_TO_PERSON, MENU, KEEP} or value.startswith(IDENTIFY) or click.slot.startswith(IDENTIFY):
        return None
    if value == RESUME:
        return Resume()
    if value == UNDO:
        return Undo()
    if value.startswith(WITHDRAW):
        instance = value.removeprefix(WITHDRAW)
        return Withdraw(instance) if any(f.instance == instance for f in state.waiting) else None
    if value in {CONFIRM_YES, CONFIRM_NO, CONFIRM_CANCEL}:
        if not click.is_current:
            return None
        moves: dict[str, Input] = {CONFIRM_YES: Affirm(), CONFIRM_NO: Deny(), CONFIRM_CANCEL: Cancel()}
        return moves[value]
    if not click.is_current and click.slot != (state.stack[-1].asked if state.stack else None):
        return None
    if value:
        return Fill({click.slot: (value,)}) if click.slot else None
    if click.fields and click.slot:
        return Fill({_named(k, click.slot): v for k, v in click.fields.items()})
    return None


def _named(field: str, slot: str) -> str:
    """A form's field as the interpreter names it: the slot, or the slot and one of its parts."""
    return field if field == slot or field.startswith(f"{slot}.") else f"{slot}.{field}"


def is_plain_move(act: str | None, text: str) -> bool:
    """Whether a text is a move of the dialogue and holds no answer; a yes in a whole sentence may hold one."""
    return act in MOVES and (act != "affirm" or len(title_words(text)) <= PLAIN_WORDS)


def answer_share(text: str, asked: Frame | None, after: DialogueState | None) -> float:
    """Which share of a text's words belongs to the values it gave the slot that was asked [0..1]."""
    said = title_words(text)
    if asked is None or asked.asked is None or after is None or not said:
        return 0.0
    name = asked.asked.split("[")[0]
    held = next(
        (f.slots[name] for f in after.stack if f.instance == asked.instance and name in f.slots), None
    )
    if held is None or held == asked.slots.get(name):
        return 0.0
    known: set[str] = set()
    for option in held.options:
        for words in (option.value, option.title, *option.aliases, *option.attributes.values()):
            known.update(title_words(words))
    return sum(word in known for word in said) / len(said)
