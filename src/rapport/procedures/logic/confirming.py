"""Before anything is done: whether a person must decide, and what the customer is asked to agree to."""

from __future__ import annotations

from typing import Literal

from rapport.procedures.contracts import Confirm, RuleTrace
from rapport.procedures.logic.dependencies import mentioned_slots
from rapport.procedures.logic.expressions import ExpressionError
from rapport.procedures.logic.planning import plan
from rapport.procedures.logic.turn import Turn

Halt = Literal["rest", "ended"]


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
        facts = plan(turn, definition.steps)
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
