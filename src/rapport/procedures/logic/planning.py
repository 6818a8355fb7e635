"""What the steps of a procedure will do, as far as that can be told before they are taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rapport.procedures.contracts import JsonDict
from rapport.procedures.logic.dependencies import mentioned
from rapport.procedures.logic.loops import names_at, values_of
from rapport.procedures.logic.steps import (
    ITEM,
    Action,
    AnyStep,
    Approval,
    Branch,
    RunProcedure,
    Wait,
)
from rapport.procedures.logic.turn import Turn


def plan(turn: Turn, steps: Sequence[AnyStep]) -> JsonDict:
    """The actions with their arguments, and what else stands between: waits, approvals, other procedures.

    What depends on a result that is not there yet is null, and may be left out in the end.

    Raises: ExpressionError: an argument does not fit the data.
    """
    planned = _Plan(turn)
    planned.add(steps)
    return planned.facts


class _Plan:
    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._results = turn.definition.results - turn.frame.results.keys()
        self.facts: JsonDict = {"actions": []}

    def add(self, steps: Iterable[AnyStep]) -> None:
        """Note what these steps do."""
        for step in steps:
            if self._may_run(step.when, (ITEM,) if isinstance(step, Action) and step.each else ()):
                self._note(step)

    def _note(self, step: AnyStep) -> None:
        match step:
            case Action():
                self.facts["actions"] += self._calls(step)
            case Branch() if self._is_unknown(step.condition):
                self.add(step.then)
                self.add(step.otherwise)
            case Branch():
                self.add(step.then if self._turn.scope().holds(step.condition) else step.otherwise)
            case Wait():
                self.facts.setdefault("waits", []).append(step.event or "time")
            case Approval():
                self.facts.setdefault("approvals", []).append(step.team or "")
            case RunProcedure():
                self.facts.setdefault("runs", []).append(step.procedure)
            case _:
                pass

    def _calls(self, action: Action) -> list[JsonDict]:
        if action.each is None:
            return [self._call(action, {})]
        if self._is_unknown(action.each):
            return [self._call(action, None)]
        values = values_of(self._turn, action.each)
        turns = [names_at(self._turn, action.each, values, n) for n in range(len(values))]
        return [self._call(action, names) for names in turns if self._may_run(action.when, (), names)]

    def _call(self, action: Action, names: Mapping[str, Any] | None) -> JsonDict:
        """One call; `names` is None where the present value of a loop is not known."""
        hidden = (ITEM,) if names is None else ()
        scope = self._turn.scope(names or {})
        arguments = {
            name: None if self._is_unknown(expression, hidden) else scope.evaluate(expression)
            for name, expression in action.arguments.items()
        }
        planned: JsonDict = {"action": action.action, "arguments": arguments}
        if action.amount is not None and not self._is_unknown(action.amount, hidden):
            planned["amount"] = scope.evaluate(action.amount)
        return planned

    def _is_unknown(self, expression: str, hidden: Iterable[str] = ()) -> bool:
        return bool(mentioned(self._turn.definition, expression) & (self._results | set(hidden)))

    def _may_run(
        self, when: str | None, hidden: Iterable[str] = (), names: Mapping[str, Any] | None = None
    ) -> bool:
        return when is None or self._is_unknown(when, hidden) or self._turn.scope(names).holds(when)
