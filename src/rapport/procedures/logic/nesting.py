"""Sub-procedures: one procedure runs another, with its own questions and confirmation, and takes what it came to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from rapport.procedures.contracts import Frame, JsonDict, Option
from rapport.procedures.logic.calling import plain
from rapport.procedures.logic.compensating import refuse
from rapport.procedures.logic.steps import Place, RunProcedure
from rapport.procedures.logic.turn import Turn, Unit
from rapport.procedures.logic.values import free_option, slot_data

MAX_DEPTH = 5
"""Procedures that run procedures that run procedures."""


def run(turn: Turn, place: Place, step: RunProcedure) -> Literal["ended"] | None:
    """Begin another procedure, or go on with what it came to. Raises ExpressionError."""
    frame = turn.frame
    if frame.child is None:
        return _begin(turn, step)
    child = next((ended for ended in reversed(turn.finished) if ended.instance == frame.child), None)
    turn.update(child=None)
    if child is None:
        turn.hand_over("rule_error")
        return "ended"
    turn.update(completed=(*frame.completed, *child.completed))
    if child.status != "done" and step.is_required:
        refuse(turn, "cancelled" if child.status == "cancelled" else "refused")
        return "ended"
    results = {**frame.results, step.result: _outcome(turn, child)} if step.result else frame.results
    turn.update(results=results, step=place.after)
    return None


def _begin(turn: Turn, step: RunProcedure) -> Literal["ended"]:
    scope = turn.scope()
    given = {name: plain(scope.evaluate(expression)) for name, expression in step.given.items()}
    definition = turn.book.get(step.procedure)
    if definition is None:
        turn.hand_over("unknown_procedure", turn.house("not_here"))
        return "ended"
    if len(turn.stack) > MAX_DEPTH:
        turn.hand_over("rule_error")
        return "ended"
    instance = turn.next_instance()
    parent = turn.frame
    turn.update(child=instance)
    turn.stack.append(
        Frame(
            instance,
            definition.name,
            definition.version,
            "collecting",
            mentions=parent.mentions,
            parent=parent.instance,
            given=given,
        )
    )
    turn.is_repeat = False
    return "ended"


def _outcome(turn: Turn, child: Frame) -> JsonDict:
    definition = turn.book.at(child.procedure, child.version)
    slots = (
        {}
        if definition is None
        else {s.name: slot_data(s, child.slots.get(s.name)) for s in definition.slots}
    )
    return {"outcome": child.status, "slots": plain(slots), "results": child.results}


def fill_given(turn: Turn, unit: Unit, allowed: tuple[Option, ...]) -> bool:
    """Fill a slot with what the procedure that runs this one gives for it, unless it has been asked for since."""
    frame = turn.frame
    if frame.given.get(unit.slot.name) in (None, []) or unit.key in frame.tried or unit.key in turn.problem:
        return False
    found = _given(turn, unit, allowed)
    if found:
        turn.put(unit, found, "known")
    else:
        turn.update(tried=(*frame.tried, unit.key))  # it is asked: nothing else stands in for what was given
    return bool(found)


def given_id(turn: Turn, unit: Unit) -> str:
    """The id of the record that is given for a slot nobody was asked for yet; empty when none is."""
    given = turn.frame.given.get(unit.slot.name)
    return "" if given is None or unit.key in turn.frame.tried else _id(given)


def _given(turn: Turn, unit: Unit, allowed: tuple[Option, ...]) -> tuple[Option, ...]:
    given = turn.frame.given.get(unit.slot.name)
    if unit.index is not None:
        given = given[unit.index] if isinstance(given, list) and unit.index < len(given) else None
    if given is None:
        return ()
    if unit.slot.is_free:
        option = free_option(unit.slot, given)
        return (option,) if option is not None and turn.is_allowed(unit, option) else ()
    wanted = {_id(value) for value in (given if isinstance(given, list) else [given])}
    found = tuple(option for option in allowed if option.value in wanted)
    return found if len(found) == len(wanted) and (unit.slot.many or len(found) == 1) else ()


def _id(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("id", ""))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
