"""Corrections: words that give an answered slot another value."""

from __future__ import annotations

from dataclasses import dataclass

from rapport.procedures.contracts import Option, Source
from rapport.procedures.logic.asking import overlaid
from rapport.procedures.logic.definition import Slot
from rapport.procedures.logic.dependencies import grounds
from rapport.procedures.logic.reading import Refused, read_options, refusal
from rapport.procedures.logic.turn import Turn, Unit
from rapport.procedures.logic.values import free_option, missing_fields, read_address, read_free


@dataclass(frozen=True, slots=True)
class Change:
    """A unit and its new value."""

    unit: Unit
    options: tuple[Option, ...]


def correct(turn: Turn, text: str, *, is_explicit: bool, source: Source = "said") -> bool:
    """Apply what a text changes in answered slots; true when it changed something or was answered.

    Words that name the present value change nothing. An explicit correction ("no, the other one") is also
    read against the options not chosen so far. Written values change only when the text is explicit. When a
    text changes a slot, the slots that stand on it are left to be filled again from the same words.
    """
    slots = [slot for slot in turn.definition.slots if _may_change(turn, slot)]
    units = [unit for slot in slots for unit in turn.units(slot) if turn.is_filled(unit)]
    turn.require(unit for unit in units if not unit.slot.is_free)
    changed: set[str] = set()
    refused: Refused | None = None
    for slot in slots:
        if _stands_on(turn, slot, changed):
            continue
        found, reason = _changes_of(turn, [unit for unit in units if unit.slot == slot], text, is_explicit)
        refused = refused or reason
        for change in found:
            turn.put(change.unit, change.options, source)
            changed.add(slot.name)
    if changed:
        turn.mention(text)
        turn.update(asked=None)
        return True
    if refused is not None and is_explicit:
        turn.tell(refused.text)
        return True
    return False


def _may_change(turn: Turn, slot: Slot) -> bool:
    value = turn.frame.slots.get(slot.name)
    return value is not None and slot.type not in ("text", "yes_no") and turn.frame.asked != slot.name


def _stands_on(turn: Turn, slot: Slot, changed: set[str]) -> bool:
    return bool(changed) and bool(grounds(turn.definition, slot) & changed)


def _changes_of(
    turn: Turn,
    units: list[Unit],
    text: str,
    is_explicit: bool,  # noqa: FBT001 - passed on
) -> tuple[list[Change], Refused | None]:
    changes: list[Change] = []
    refused: Refused | None = None
    for unit in units:
        if unit.slot.is_free:
            option = _free_change(turn, unit, text) if is_explicit else None
            changes += [Change(unit, (option,))] if option is not None else []
            continue
        options, reason = _option_change(turn, unit, text, is_explicit)
        refused = refused or reason
        changes += [Change(unit, options)] if options else []
    if len(changes) > 1 and not is_explicit:
        return [], refused
    return changes, refused


def _free_change(turn: Turn, unit: Unit, text: str) -> Option | None:
    current = turn.current(unit)
    slot = unit.slot
    if slot.type == "address":
        said = read_address(text, turn.world)
        known = current[0].data.get("value", {}) if current else {}
        fields = overlaid(known, said)
        option = free_option(slot, fields) if said and not missing_fields(fields) else None
    else:
        option = read_free(slot, text, turn.world)
    if (
        option is None
        or option.value in {held.value for held in current}
        or not turn.is_allowed(unit, option)
    ):
        return None
    return option


def _option_change(
    turn: Turn,
    unit: Unit,
    text: str,
    is_explicit: bool,  # noqa: FBT001 - passed on
) -> tuple[tuple[Option, ...], Refused | None]:
    current = {option.value for option in turn.current(unit)}
    reading = read_options(turn, unit, text)
    named = {option.value for option in reading.options}
    if reading.kind == "refused":
        return (), None if named & current else refusal(turn, unit, reading.options[0])
    if reading.kind == "found" and named != current and (unit.slot.many or not named & current):
        return reading.options, None
    if reading.kind == "found" or named & current or not is_explicit or unit.slot.many:
        return (), None
    rest = tuple(o for o in turn.options(unit) if o.value not in current and turn.is_allowed(unit, o))
    found, is_ambiguous = turn.world.reader.resolve(text, rest, many=False) if rest else ((), False)
    return (found, None) if len(found) == 1 and not is_ambiguous else ((), None)
