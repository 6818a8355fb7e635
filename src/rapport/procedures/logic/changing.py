"""Corrections: words that give an answered slot another value."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rapport.kernel.languages import pick
from rapport.procedures.contracts import Option, RuleTrace
from rapport.procedures.logic.asking import overlaid
from rapport.procedures.logic.definition import HELD_TYPES, Slot
from rapport.procedures.logic.dependencies import grounds
from rapport.procedures.logic.naming import is_brief, names_clearly
from rapport.procedures.logic.reading import Refused, read_options, refusal, resolve
from rapport.procedures.logic.turn import Turn, Unit
from rapport.procedures.logic.values import free_option, missing_fields, read_address, read_free


@dataclass(frozen=True, slots=True)
class Change:
    """A unit and its new value."""

    unit: Unit
    options: tuple[Option, ...]


def correct(turn: Turn, text: str, *, is_explicit: bool, is_clear: bool = False) -> bool:
    """Apply what a text changes in answered slots; true when it changed something or was answered.

    Words that name the present value change nothing. Written values change only when the text is explicit.
    When a text changes a slot, those that stand on it are left to be filled again from the same words. An
    explicit correction that names no value is read once more: against the options not chosen so far ("the
    other one"), and as the name of the slot to ask again ("the address is wrong").

    With `is_clear` only what the words clearly name is taken: they follow a summary and may be about anything.
    """
    slots = [slot for slot in turn.definition.slots if _may_change(turn, slot)]
    units = [unit for slot in slots for unit in turn.units(slot) if turn.is_filled(unit)]
    turn.require(unit for unit in units if not unit.slot.is_free)
    changed: set[str] = set()
    refused: Refused | None = None
    for slot in slots:
        if grounds(turn.definition, slot) & changed:
            continue
        found, reason = _changes_of(turn, [unit for unit in units if unit.slot == slot], text, is_explicit)
        if is_clear:
            found = [change for change in found if _is_clear(turn, change, text)]
            reason = reason if reason is not None and reason.is_clear else None
        refused = refused or reason
        for change in found:
            turn.put(change.unit, change.options, "said")
            changed.add(slot.name)
    if changed:
        turn.mention(text)
        turn.update(asked=None)
        return True
    if not is_explicit:
        return False
    if not is_clear:
        return _reread(turn, units, text, refused)
    return _ask_named(turn, text) if refused is None else _tell_refused(turn, refused)


def _is_clear(turn: Turn, change: Change, text: str) -> bool:
    """Whether the words name the new value itself, and do not just resemble it."""
    slot = change.unit.slot
    if slot.type == "address":
        return True
    if slot.is_free:
        return is_brief(text)
    new = {option.value for option in change.options}
    rest = tuple(option for option in turn.options(change.unit) if option.value not in new)
    held = {option.value for option in turn.current(change.unit)}
    return all(option.value in held or names_clearly(text, option, rest) for option in change.options)


def _tell_refused(turn: Turn, refused: Refused) -> bool:
    turn.trace.append(RuleTrace(refused.rule or "not_allowed", "", held=False))
    turn.tell(refused.text)
    return True


def _ask_named(turn: Turn, text: str) -> bool:
    """The one answered slot whose name is said is asked again."""
    named = [option.value for option in _slot_names(turn) if names_clearly(text, option, ())]
    if len(named) == 1:
        ask_again(turn, named[0])
    return len(named) == 1


def _may_change(turn: Turn, slot: Slot) -> bool:
    value = turn.frame.slots.get(slot.name)
    return (
        value is not None
        and slot.type not in ("text", "yes_no", *HELD_TYPES)
        and turn.frame.asked != slot.name
    )


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
        options, reason = _option_change(turn, unit, text)
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


def _option_change(turn: Turn, unit: Unit, text: str) -> tuple[tuple[Option, ...], Refused | None]:
    current = {option.value for option in turn.current(unit)}
    reading = read_options(turn, unit, text)
    named = {option.value for option in reading.options}
    if reading.kind == "refused":
        barred = reading.options[0]
        rest = tuple(option for option in turn.options(unit) if option.value != barred.value)
        is_clear = names_clearly(text, barred, rest)
        reason = replace(refusal(turn, unit, barred), is_clear=is_clear)
        return (), None if named & current else reason
    if reading.kind == "found" and named != current and (unit.slot.many or not named & current):
        return reading.options, None
    return (), None


def _reread(turn: Turn, units: list[Unit], text: str, refused: Refused | None) -> bool:
    """An explicit correction without a new value: the option left over, why not, or the slot it names."""
    found, _ = resolve(turn, text, _slot_names(turn), many=True, by_place=False)
    named = {option.value for option in found}
    left = [(unit, option) for unit in units for option in _left_over(turn, unit, text)]
    left = [entry for entry in left if entry[0].slot.name in named] or ([] if named else left)
    if len(left) == 1:
        unit, option = left[0]
        turn.put(unit, (option,), "said")
        turn.mention(text)
        turn.update(asked=None)
        return True
    if refused is not None:
        return _tell_refused(turn, refused)
    if len(named) == 1:
        ask_again(turn, named.pop())
        return True
    return False


def _slot_names(turn: Turn) -> tuple[Option, ...]:
    """The answered slots by their labels."""
    return tuple(
        Option(slot.name, pick(slot.label, turn.world.language), aliases=tuple(slot.label.values()))
        for slot in turn.definition.slots
        if slot.label and slot.name in turn.frame.slots and turn.frame.slots[slot.name].options
    )


def _left_over(turn: Turn, unit: Unit, text: str) -> tuple[Option, ...]:
    """The one option not chosen that an explicit text may mean."""
    if unit.slot.is_free or unit.slot.many:
        return ()
    current = {option.value for option in turn.current(unit)}
    rest = tuple(o for o in turn.options(unit) if o.value not in current and turn.is_allowed(unit, o))
    found, is_ambiguous = resolve(turn, text, rest, many=False, by_place=True)
    return found if len(found) == 1 and not is_ambiguous else ()


def ask_again(turn: Turn, name: str) -> None:
    """Forget a slot's value at the customer's wish; it is then asked, not filled from what is known."""
    keys = tuple(unit.key for unit in turn.units(turn.definition.slot(name)))
    turn.drop(name)
    turn.update(status="collecting", asked=None, tried=(*turn.frame.tried, *keys))
