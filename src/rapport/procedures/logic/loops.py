"""An action that is done for each of several: its values, and what can be named about the present one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rapport.procedures.logic.expressions import ExpressionError
from rapport.procedures.logic.steps import ITEM
from rapport.procedures.logic.turn import Turn

MAX_VALUES = 50
"""Calls of one loop; more in one conversation is a mistake of the definition or of the data."""


def values_of(turn: Turn, each: str) -> tuple[Any, ...]:
    """The values a loop goes through.

    Raises: ExpressionError: it is no list, or one too long.
    """
    found = turn.scope().evaluate(each)
    if not isinstance(found, (list, tuple)) or len(found) > MAX_VALUES:
        raise ExpressionError(f"must be a list of at most {MAX_VALUES} values", expression=each)
    return tuple(found)


def names_at(turn: Turn, each: str, values: Sequence[Any], index: int) -> dict[str, Any]:
    """What can be named in one turn of a loop: `item`, and the answers that were given for this very item."""
    names: dict[str, Any] = {ITEM: values[index]}
    scope = turn.scope()
    for slot in turn.definition.slots:
        if slot.each == each.strip():
            answers = scope.data(slot.name) or []
            names[slot.name] = answers[index] if index < len(answers) else None
    return names
