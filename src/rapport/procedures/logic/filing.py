"""Files as answers: those the customer sent before they were asked for, and those sent since."""

from __future__ import annotations

from rapport.procedures.contracts import Option
from rapport.procedures.logic.turn import Turn, Unit


def new_files(turn: Turn, unit: Unit) -> tuple[Option, ...]:
    """Files that may fill the slot unasked: sent since it was asked, or before, if nothing else holds them."""
    options = turn.options(unit)
    if unit.key in turn.frame.tried:
        is_open = turn.frame.asked == unit.key
        return tuple(o for o in options if is_open and o.value not in turn.frame.shown)
    frames = (*turn.stack, *turn.waiting, *turn.finished)
    used = {
        held.value
        for frame in frames
        for value in frame.slots.values()
        for held in value.options
        if "media_type" in held.data
    }
    return tuple(option for option in options if option.value not in used)


def fill_from_files(turn: Turn, unit: Unit) -> bool:
    """Take what was sent: all that fit where there may be several, else the one that fits."""
    fitting = tuple(option for option in new_files(turn, unit) if turn.is_allowed(unit, option))
    if not fitting or (len(fitting) > 1 and not unit.slot.many):
        return False
    turn.put(unit, fitting, "said")
    return True
