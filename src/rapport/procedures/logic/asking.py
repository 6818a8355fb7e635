"""Questions: the form a slot is asked in."""

from __future__ import annotations

from typing import Any, Literal

from rapport.procedures.contracts import CHANGE, SKIP, STOP, Ask, Field, Option
from rapport.procedures.logic.definition import ADDRESS_FIELDS, FILE_KINDS, REQUIRED_ADDRESS_FIELDS, Slot
from rapport.procedures.logic.expressions import ExpressionError
from rapport.procedures.logic.narrowing import facets, remaining
from rapport.procedures.logic.turn import Turn, Unit
from rapport.procedures.logic.values import mentioned_address, shown_titles


def ask(turn: Turn, unit: Unit, allowed: tuple[Option, ...]) -> Literal["rest"]:
    """Put the question of a unit; `allowed` are the options it may be answered with."""
    slot = unit.slot
    options = turn.candidates.get(unit.key) or allowed
    kind = _kind(slot, options)
    fields = _fields(turn, unit) if kind == "form" else ()
    prompt = turn.unit_scope(unit).text(slot.ask)
    split = (
        None if slot.is_free or unit.key in turn.candidates else facets(unit, remaining(turn, unit, options))
    )
    if split is not None:
        name, options = split
        prompt = f"{prompt} {turn.house('which_attribute', attribute=name)}"
    elif kind == "choice":
        options = remaining(turn, unit, options)
    if slot.optional:
        options = (*options, Option(SKIP, turn.house("skip")))
    label = turn.scope().text(slot.label) if slot.label else ""
    question = Ask(
        unit.key, prompt, kind, options, fields, turn.problem.get(unit.key, ""), turn.offers, label,
        accept=(slot.accept or tuple(FILE_KINDS)) if kind == "file" else (), is_many=kind == "file" and slot.many,
    )  # fmt: skip
    _put(turn, question)
    if kind == "file":  # also those that do not do, so that a new one is told from them
        turn.update(shown=tuple(option.value for option in turn.options(unit)))
    return "rest"


def _kind(slot: Slot, options: tuple[Option, ...]) -> Literal["choice", "many", "form", "text", "file"]:
    if slot.type == "file":
        return "file"
    if slot.type == "text" or (slot.type == "customer" and not options):
        return "text"
    if slot.is_free:
        return "form"
    return "many" if slot.many else "choice"


def ask_what_to_change(turn: Turn) -> Literal["rest"]:
    """Ask which answer should be different."""
    options = change_options(turn)
    _put(
        turn, Ask(CHANGE, turn.house("change_what"), "choice", options, problem=turn.problem.get(CHANGE, ""))
    )
    return "rest"


def change_options(turn: Turn) -> tuple[Option, ...]:
    """The filled slots as options, and stopping."""
    language = turn.world.language
    options: list[Option] = []
    for slot in turn.definition.slots:
        value = turn.frame.slots.get(slot.name)
        if value is None or not value.options:
            continue
        shown = shown_titles(slot, value, language, turn.scope().currency)
        label = turn.scope().text(slot.label) if slot.label else ""
        title = f"{label}: {shown}" if label else shown
        options.append(
            Option(slot.name, title, aliases=tuple(text for text in (label, *slot.label.values()) if text))
        )
    return (*options, Option(STOP, turn.house("stop")))


def _put(turn: Turn, question: Ask) -> None:
    frame = turn.frame
    tried = frame.tried if question.slot in (*frame.tried, CHANGE) else (*frame.tried, question.slot)
    turn.effects.append(question)
    turn.update(
        status="collecting",
        asked=question.slot,
        tried=tried,
        shown=tuple(option.value for option in question.options),
        questions=frame.questions + (not turn.is_repeat),
    )


def _fields(turn: Turn, unit: Unit) -> tuple[Field, ...]:
    slot = unit.slot
    if slot.type != "address":
        kinds: dict[str, Literal["number", "date", "email"]] = {
            "number": "number",
            "money": "number",
            "date": "date",
            "email": "email",
        }
        title = turn.scope().text(slot.label) if slot.label else turn.unit_scope(unit).text(slot.ask)
        if slot.type == "money":
            title = f"{title} ({turn.scope().currency})"
        return (Field(unit.key, title, kinds[slot.type], required=not slot.optional),)
    known = address_draft(turn, slot)
    return tuple(
        Field(
            f"{slot.name}.{name}",
            turn.house(name),
            "text",
            required=name in REQUIRED_ADDRESS_FIELDS and not slot.optional,
            value=known.get(name, ""),
        )
        for name in ADDRESS_FIELDS
    )


def address_draft(turn: Turn, slot: Slot) -> dict[str, str]:
    """What is known of an address: the slot's default, overlaid with what was said and answered so far."""
    known: dict[str, str] = {}
    if slot.default is not None:
        try:
            value: Any = turn.scope().evaluate(slot.default)
        except ExpressionError:
            value = None
        if isinstance(value, dict):
            known = {name: str(value[name]) for name in ADDRESS_FIELDS if value.get(name)}
    for text in turn.frame.mentions:
        known = overlaid(known, mentioned_address(text, turn.world))
    return overlaid(known, turn.drafts.get(slot.name, {}))


def overlaid(known: dict[str, str], said: dict[str, str]) -> dict[str, str]:
    """An address with the fields said; a new street does not keep the old flat, a new town not the old region."""
    if "address1" in said and said["address1"] != known.get("address1"):
        known = {name: value for name, value in known.items() if name != "address2"}
    if any(said.get(name, known.get(name)) != known.get(name) for name in ("city", "country")):
        known = {name: value for name, value in known.items() if name != "state"}
    return {**known, **said}
