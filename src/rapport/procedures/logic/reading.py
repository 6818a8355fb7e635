"""Words read as options: found, ambiguous, known but not allowed, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rapport.procedures.contracts import Option
from rapport.procedures.logic.turn import Turn, Unit


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text means for one unit."""

    kind: Literal["found", "ambiguous", "refused", "nothing"]
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an option may not be chosen, and what may be done instead."""

    text: str
    offer: tuple[str, ...] = ()


NOTHING = Reading("nothing")


def read_options(turn: Turn, unit: Unit, text: str) -> Reading:
    """Read a text against the options last shown, then against all allowed ones, then against the others."""
    options = turn.options(unit)
    allowed = tuple(option for option in options if turn.is_allowed(unit, option))
    shown = tuple(option for option in allowed if option.value in turn.frame.shown)
    is_narrowed = turn.frame.asked == unit.key and 0 < len(shown) < len(allowed)
    for group in (shown, allowed) if is_narrowed else (allowed,):
        reading = _read(turn, unit, text, group)
        if reading.kind != "nothing":
            return reading
    others = tuple(option for option in options if option not in allowed)
    found, is_ambiguous = (
        turn.world.reader.resolve(text, others, many=unit.slot.many) if others else ((), False)
    )
    return Reading("refused", found) if found and not is_ambiguous else NOTHING


def _read(turn: Turn, unit: Unit, text: str, options: tuple[Option, ...]) -> Reading:
    if not options:
        return NOTHING
    found, is_ambiguous = turn.world.reader.resolve(text, options, many=unit.slot.many)
    if not found:
        return NOTHING
    if is_ambiguous or (len(found) > 1 and not unit.slot.many):
        return Reading("ambiguous", found)
    return Reading("found", found)


def refusal(turn: Turn, unit: Unit, option: Option) -> Refused:
    """The reason the definition gives for not allowing an option, else a general one."""
    scope = turn.unit_scope(unit, option)
    for reason in unit.slot.refused:
        if scope.holds_surely(reason.when):
            return Refused(scope.text(reason.say), (reason.offer,) if reason.offer else ())
    return Refused(turn.house("not_possible"))
