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
    """Read a text against the options last shown, then against all allowed ones, then against the others.

    Places in a list ("the second one") count only for the question that is open: no other list was seen.
    """
    options = turn.options(unit)
    allowed = tuple(option for option in options if turn.is_allowed(unit, option))
    is_asked = turn.frame.asked == unit.key
    shown = tuple(option for option in allowed if option.value in turn.frame.shown)
    is_narrowed = is_asked and 0 < len(shown) < len(allowed)
    for group in (shown, allowed) if is_narrowed else (allowed,):
        found, is_ambiguous = resolve(turn, unit, text, group, by_place=is_asked)
        if found:
            is_ambiguous = is_ambiguous or (len(found) > 1 and not unit.slot.many)
            return Reading("ambiguous" if is_ambiguous else "found", found)
    others = tuple(option for option in options if option not in allowed)
    found, is_ambiguous = resolve(turn, unit, text, others, by_place=False)
    return Reading("refused", found) if found and not is_ambiguous else NOTHING


def resolve(
    turn: Turn, unit: Unit, text: str, options: tuple[Option, ...], *, by_place: bool
) -> tuple[tuple[Option, ...], bool]:
    """The options a text refers to and whether that is ambiguous.

    What depends on the order of the options is a place in the list; it is dropped unless `by_place`.
    """
    if not options:
        return (), False
    reader, many = turn.world.reader, unit.slot.many
    found, is_ambiguous = reader.resolve(text, options, many=many)
    if found and not by_place and len(options) > 1:
        mirrored, _ = reader.resolve(text, options[::-1], many=many)
        if {option.value for option in mirrored} != {option.value for option in found}:
            return (), False
    return found, is_ambiguous


def refusal(turn: Turn, unit: Unit, option: Option) -> Refused:
    """The reason the definition gives for not allowing an option, else a general one."""
    scope = turn.unit_scope(unit, option)
    for reason in unit.slot.refused:
        if scope.holds_surely(reason.when):
            return Refused(scope.text(reason.say), (reason.offer,) if reason.offer else ())
    return Refused(turn.house("not_possible"))
