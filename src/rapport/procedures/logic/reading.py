"""Words read as options: found, ambiguous, known but not allowed, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rapport.procedures.contracts import Option
from rapport.procedures.logic.holding import accepts
from rapport.procedures.logic.naming import names_in_full
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
    rule: str = ""
    """Name of the rule that stands against it, where the definition gives one."""
    is_clear: bool = False
    """Whether the words name the refused option itself, and do not just resemble it."""


NOTHING = Reading("nothing")

NAMELESS = Option("", "")
"""Stands for nothing a text can name; only a place in the list can hit it."""


def read_options(turn: Turn, unit: Unit, text: str) -> Reading:
    """Read a text against the options last shown, then against all allowed ones, then against the others.

    Places in a list ("the second one") count only for the question that is open: no other list was seen.
    """
    options = turn.options(unit)
    allowed = tuple(option for option in options if turn.is_allowed(unit, option))
    is_asked = turn.frame.asked == unit.key
    barred = tuple(option for option in options if option not in allowed)
    named = () if unit.slot.many else tuple(o for o in barred if names_in_full(text, o))
    if len(named) == 1 and not any(names_in_full(text, option) for option in allowed):
        return Reading("refused", named)
    shown = tuple(option for option in allowed if option.value in turn.frame.shown)
    is_narrowed = is_asked and 0 < len(shown) < len(allowed)
    is_asked = is_asked and bool(shown)
    for group in (shown, allowed) if is_narrowed else (allowed,):
        found, is_ambiguous = resolve(turn, text, group, many=unit.slot.many, by_place=is_asked)
        if found:
            is_ambiguous = is_ambiguous or (len(found) > 1 and not unit.slot.many)
            return Reading("ambiguous" if is_ambiguous else "found", found)
    found, is_ambiguous = resolve(turn, text, barred, many=unit.slot.many, by_place=False)
    return Reading("refused", found) if found and not is_ambiguous else NOTHING


def names_one(turn: Turn, unit: Unit, text: str) -> bool:
    """Whether words name one option for sure, wherever it would stand in a list."""
    allowed = tuple(option for option in turn.options(unit) if turn.is_allowed(unit, option))
    found, is_ambiguous = resolve(turn, text, allowed, many=False, by_place=False)
    return len(found) == 1 and not is_ambiguous


def resolve(
    turn: Turn, text: str, options: tuple[Option, ...], *, many: bool, by_place: bool
) -> tuple[tuple[Option, ...], bool]:
    """The options a text refers to and whether that is ambiguous.

    Unless `by_place`, what depends on where an option stands in the list is dropped: the options are read
    with a nameless one after and before them, and only what is found both times counts.
    """
    if not options:
        return (), False
    reader = turn.world.reader
    if by_place:
        return reader.resolve(text, options, many=many)
    found, is_ambiguous = reader.resolve(text, (*options, NAMELESS), many=many)
    if not found:
        return (), False
    shifted, _ = reader.resolve(text, (NAMELESS, *options), many=many)
    if {option.value for option in shifted} != {option.value for option in found}:
        return (), False
    named = tuple(option for option in found if option.value != NAMELESS.value)
    return named, is_ambiguous and len(named) > 1


def refusal(turn: Turn, unit: Unit, option: Option) -> Refused:
    """The reason the definition gives for not allowing an option, else a general one."""
    scope = turn.unit_scope(unit, option)
    for reason in unit.slot.refused:
        if scope.holds_surely(reason.when):
            return Refused(scope.text(reason.say), (reason.offer,) if reason.offer else (), reason.rule)
    if unit.slot.type == "file" and not accepts(unit.slot, option):
        kinds = unit.slot.accept
        return Refused(turn.house(f"{kinds[0]}_only" if len(kinds) == 1 else "file_kind"))
    return Refused(turn.house("not_possible"))
