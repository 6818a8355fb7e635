"""Confirming and doing: what will happen, the calls one by one, and how they ended."""

from __future__ import annotations

from typing import Any, Literal

from rapport.procedures.contracts import ActionResult, Call, Confirm, JsonDict, RuleTrace
from rapport.procedures.logic.definition import Action, HumanRule
from rapport.procedures.logic.dependencies import mentioned, mentioned_slots
from rapport.procedures.logic.expressions import ExpressionError
from rapport.procedures.logic.turn import Turn

Halt = Literal["rest", "ended"]

OUTAGE_CODES = ("unavailable", "unknown")
"""Failures that are no decision of the connected system; a person takes over."""

RULE_CODE = "rule:"
"""Begins the code of a refusal by the policy; its message is the definition's own wording."""


def needs_person(turn: Turn) -> bool:
    """Hand over when one of the definition's conditions for a person holds, or cannot be told."""
    for rule in turn.definition.human_when:
        if rule.after:
            continue
        slots = mentioned_slots(turn.definition, rule.when)
        if not slots <= turn.frame.slots.keys():
            continue
        scope = turn.scope()
        values = scope.values_of(rule.when)
        try:
            is_met = scope.holds(rule.when)
        except ExpressionError:
            turn.trace.append(RuleTrace(rule.name, rule.when, held=False, values=values))
            turn.hand_over("rule_error")
            return True
        turn.trace.append(RuleTrace(rule.name, rule.when, held=is_met, values=values))
        if is_met:
            turn.hand_over(rule.name, scope.text(rule.say), rule.team, "handed_over")
            return True
    return False


def confirm(turn: Turn) -> Halt:
    """Show what a yes will trigger."""
    definition = turn.definition
    assert definition.confirm is not None
    scope = turn.scope()
    try:
        facts = {"actions": [_fact(turn, action) for action in definition.actions if _will_run(turn, action)]}
    except ExpressionError:
        turn.hand_over("rule_error")
        return "ended"
    lines = tuple(scope.text(line.say) for line in definition.confirm.lines if scope.holds_surely(line.when))
    question = (
        scope.text(definition.confirm.question) if definition.confirm.question else turn.house("shall_i")
    )
    turn.effects.append(Confirm(lines, question, facts))
    asked = turn.frame.questions + (not turn.is_repeat)
    turn.update(status="confirming", asked=None, shown=(), questions=asked)
    return "rest"


def _awaits_result(turn: Turn, expression: str) -> bool:
    results = {action.result for action in turn.definition.actions}
    return bool(mentioned(turn.definition, expression) & results)


def _will_run(turn: Turn, action: Action) -> bool:
    return action.when is None or _awaits_result(turn, action.when) or turn.scope().holds(action.when)


def _fact(turn: Turn, action: Action) -> JsonDict:
    arguments: JsonDict = {
        name: None if _awaits_result(turn, expression) else turn.scope().evaluate(expression)
        for name, expression in action.arguments.items()
    }
    return {"action": action.action, "arguments": arguments}


def call_next(turn: Turn) -> Halt:
    """Call the next action, or end the procedure when none is left."""
    definition = turn.definition
    turn.update(status="calling", asked=None, shown=())
    while turn.frame.step < len(definition.actions):
        action = definition.actions[turn.frame.step]
        scope = turn.scope()
        try:
            if action.when is None or scope.holds(action.when):
                arguments: dict[str, Any] = {name: scope.evaluate(e) for name, e in action.arguments.items()}
                key = f"{turn.frame.instance}:{turn.frame.step}"
                turn.effects.append(Call(action.action, arguments, key))
                return "rest"
        except ExpressionError:
            turn.hand_over("partly_done" if turn.frame.results else "rule_error")
            return "ended"
        turn.update(step=turn.frame.step + 1)
    _end(turn)
    return "ended"


def take_result(turn: Turn, result: ActionResult) -> None:
    """Note the outcome of the call that is out; `call_next` goes on from there."""
    frame = turn.frame
    action = turn.definition.actions[frame.step]
    if result.ok:
        turn.update(results={**frame.results, action.result: result.data}, step=frame.step + 1)
        return
    if result.code in OUTAGE_CODES:
        turn.hand_over("system_unavailable")
        return
    scope = turn.scope()
    words = action.failed.get(result.code)
    if words is not None:
        turn.tell(scope.text(words))
    elif result.code.startswith(RULE_CODE) and result.message:
        turn.tell(result.message)
    else:
        reason = turn.house("reason_given", reason=result.message) if result.message else ""
        turn.tell(" ".join(text for text in (turn.house("action_failed"), reason) if text))
    if frame.results and not turn.definition.is_read_only:
        turn.hand_over("partly_done", outcome="failed")
    else:
        turn.finish("refused")


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
    turn.finish("done", turn.definition.offer)
