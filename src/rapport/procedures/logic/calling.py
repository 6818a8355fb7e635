"""Actions: the calls that perform them, once or for each of several, and what is kept of their results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from rapport.procedures.contracts import Call, Completed, JsonDict
from rapport.procedures.logic.expressions import ExpressionError
from rapport.procedures.logic.loops import names_at, values_of
from rapport.procedures.logic.mending import note_end
from rapport.procedures.logic.steps import Action, Place
from rapport.procedures.logic.turn import Turn


def call(turn: Turn, place: Place, action: Action) -> Literal["rest"] | None:
    """Make the next call of an action; None when there is none (more) to make. Raises ExpressionError."""
    frame = turn.frame
    key = f"{frame.instance}:{place.index}"
    if action.each is None:
        if action.when is not None and not turn.scope().holds(action.when):
            turn.update(step=place.after)
            return None
        return _send(turn, action, {}, key)
    values = frame.each
    if not values:
        values = values_of(turn, action.each)
        earlier = {name: data for name, data in frame.results.items() if name != action.result}
        turn.update(each=values, turn_of=0, results=earlier)
    for index in range(turn.frame.turn_of, len(values)):
        names = names_at(turn, action.each, values, index)
        if action.when is None or turn.scope(names).holds(action.when):
            turn.update(turn_of=index)
            return _send(turn, action, names, f"{key}.{index}")
    results = {action.result: [], **turn.frame.results}
    turn.update(each=(), turn_of=0, step=place.after, results=results)
    return None


def _send(turn: Turn, action: Action, names: Mapping[str, Any], key: str) -> Literal["rest"]:
    scope = turn.scope(names)
    arguments = {name: plain(scope.evaluate(expression)) for name, expression in action.arguments.items()}
    amount = None
    if action.amount is not None:
        amount = scope.evaluate(action.amount)
        if isinstance(amount, bool) or not isinstance(amount, (int, float)):
            raise ExpressionError("an amount must be a number", expression=action.amount)
    is_kept = action.again is not None and turn.world.now is not None
    made = Call(
        action.action,
        arguments,
        key,
        None if amount is None else float(amount),
        gives_up=bool(action.otherwise) and not is_kept,
    )
    turn.update(call=made)
    turn.effects.append(made)
    return "rest"


def present(turn: Turn, action: Action) -> dict[str, Any]:
    """What can be named about the call that is out, beside what always can."""
    frame = turn.frame
    if action.each is None or frame.turn_of >= len(frame.each):
        return {}
    return names_at(turn, action.each, frame.each, frame.turn_of)


def complete(turn: Turn, place: Place, action: Action, data: JsonDict) -> None:
    """Keep what a call returned, and how it could be taken back."""
    note_end(turn, "done")
    frame = turn.frame
    names = {**present(turn, action), action.result: data}
    key = frame.call.key if frame.call else f"{frame.instance}:{place.index}"
    completed = frame.completed
    if not action.is_harmless:
        completed = (*completed, _completed(turn, action, names, key))
    if action.each is None:
        results = {**frame.results, action.result: data}
        turn.update(results=results, step=place.after, call=None, completed=completed)
        return
    results = {**frame.results, action.result: [*frame.results.get(action.result, ()), data]}
    turn.update(results=results, turn_of=frame.turn_of + 1, call=None, completed=completed)


def _completed(turn: Turn, action: Action, names: Mapping[str, Any], key: str) -> Completed:
    """What takes the call back is worked out at once: later the data may be another."""
    if action.undo is None:
        return Completed(key, action.action)
    scope = turn.scope(names)
    try:
        arguments = {name: plain(scope.evaluate(e)) for name, e in action.undo.arguments.items()}
    except ExpressionError:
        return Completed(key, action.action)
    return Completed(key, action.action, action.undo.action, arguments)


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, Mapping):
        return {str(name): plain(held) for name, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(held) for held in value]
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
