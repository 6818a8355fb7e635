"""Taking the steps under `do`, one by one, from wherever a running procedure stands."""

from __future__ import annotations

from typing import Literal

from rapport.procedures.contracts import NEEDS_APPROVAL, ActionResult, RuleTrace
from rapport.procedures.logic import calling, compensating, keeping, nesting, parking
from rapport.procedures.logic.definition import HumanRule, Words
from rapport.procedures.logic.expressions import ExpressionError
from rapport.procedures.logic.mending import OUTAGE_CODES, note_end
from rapport.procedures.logic.steps import (
    Action,
    Approval,
    Branch,
    Escalation,
    Place,
    RunProcedure,
    Saying,
    Wait,
)
from rapport.procedures.logic.turn import Turn

Halt = Literal["rest", "ended"]
"""Why it stopped: something is wanted from outside, or another procedure (or none) is now the active one."""

RULE_CODE = "rule:"
"""Begins the code of a refusal by the policy; its message is the definition's own wording."""


def go_on(turn: Turn) -> Halt:
    """Take steps until something is wanted from outside; end the procedure when none is left."""
    turn.update(status="calling", asked=None, shown=())
    if turn.frame.acting_since is None and turn.world.now is not None:
        turn.update(acting_since=turn.world.now.isoformat())
    if turn.frame.call is not None:
        turn.effects.append(turn.frame.call)
        return "rest"
    if turn.frame.undoing:
        return compensating.take_back_next(turn)
    while (place := turn.place()) is not None:
        try:
            halt = _take(turn, place)
        except ExpressionError:
            turn.hand_over("partly_done" if turn.frame.completed else "rule_error")
            return "ended"
        if halt:
            return halt
    _end(turn)
    return "ended"


def _take(turn: Turn, place: Place) -> Halt | None:
    """Take one step; None when the next can follow at once. Raises ExpressionError."""
    step = place.step
    if isinstance(step, Action):
        return calling.call(turn, place, step)
    if step.when is not None and turn.frame.child is None and not turn.scope().holds(step.when):
        turn.update(step=place.after)
        return None
    match step:
        case Branch():
            turn.update(step=place.then if turn.scope().holds(step.condition) else place.otherwise)
            return None
        case Saying():
            turn.tell(turn.scope().text(step.say))
            turn.update(step=place.after)
            return None
        case Wait():
            return parking.wait(turn, place, step)
        case Approval():
            return parking.await_decision(turn, place, step)
        case RunProcedure():
            return nesting.run(turn, place, step)
        case Escalation():
            turn.hand_over("person", turn.scope().text(step.say), step.team, "handed_over")
            return "ended"


def take_result(turn: Turn, result: ActionResult) -> None:
    """Note the outcome of the call that is out; `go_on` takes it from there."""
    if result.code == NEEDS_APPROVAL and not result.ok:
        parking.await_permission(turn, result.data)
        return
    if turn.frame.undoing:
        compensating.take_back_result(turn, result)
        return
    place = turn.place()
    action = None if place is None else place.step
    if place is None or not isinstance(action, Action):
        turn.hand_over("rule_error")  # the definition is not the one the call was made from
        return
    if result.ok:
        calling.complete(turn, place, action, result.data)
        return
    if result.code in OUTAGE_CODES:
        keeping.mend(turn, place, action, result)
        return
    note_end(turn, "refused")
    text = _refusal_text(turn, action, result)
    turn.tell(text or turn.house("action_failed"))
    compensating.refuse(turn, "refused" if text else "unexplained")


def _refusal_text(turn: Turn, action: Action, result: ActionResult) -> str:
    """The definition's words; empty where it has none: what a system says of itself is not for customers."""
    words: Words | None = action.failed.get(result.code)
    if words is not None:
        return turn.scope(calling.present(turn, action)).text(words)
    return result.message if result.code.startswith(RULE_CODE) else ""


def awaited_key(turn: Turn) -> str:
    """Key of the call that is out."""
    call = turn.frame.call
    return call.key if call is not None else f"{turn.frame.instance}:{turn.frame.step}"


def _calls_for_person(turn: Turn, rule: HumanRule) -> bool:
    """Whether a rule wants a person after all was done; one that cannot be told does."""
    scope = turn.scope()
    try:
        is_met = scope.holds(rule.when)
    except ExpressionError:
        is_met = True
    turn.trace.append(RuleTrace(rule.name, rule.when, held=is_met, values=scope.values_of(rule.when)))
    return is_met


def _end(turn: Turn) -> None:
    scope = turn.scope()
    line = next((line for line in turn.definition.done if scope.holds_surely(line.when)), None)
    if line is not None:
        turn.tell(scope.text(line.say))
    elif not turn.definition.done:
        turn.tell(turn.house("done"))
    for rule in turn.definition.human_when:
        if rule.after and _calls_for_person(turn, rule):
            turn.hand_over(rule.name, scope.text(rule.say), rule.team, "done")
            return
    turn.finish("done", () if turn.frame.parent else turn.definition.offer)
