"""Taking back what was done: after a later refusal, or because the customer wants it."""

from __future__ import annotations

from typing import Literal

from rapport.procedures.contracts import ActionResult, Call
from rapport.procedures.logic.turn import Turn

UNDO_KEY = "~undo"
"""Ends the key of a call that takes back the call of the same key without it."""


UNEXPLAINED = "refused_by_system"
"""Why a person takes over where a connected system refuses and the definition has no words for it."""


def refuse(turn: Turn, outcome: Literal["refused", "cancelled", "unexplained"]) -> None:
    """End the active procedure; what it has done is taken back, or seen to by a person where it cannot be.

    A refusal without words for it brings a person, who can tell what is wrong.
    """
    done = turn.frame.completed
    if done and all(entry.undo for entry in done):
        turn.update(status="calling", undoing=outcome, call=None)
    elif done and not turn.definition.is_read_only:
        turn.hand_over("partly_done", outcome="failed")
    elif outcome == "unexplained":
        turn.hand_over(UNEXPLAINED, outcome="refused")
    else:
        turn.finish(outcome)


def take_back_next(turn: Turn) -> Literal["rest", "ended"]:
    """Take back the latest action that still stands; the procedure ends when none does."""
    frame = turn.frame
    if not frame.completed:
        rule = turn.definition.undo
        has_words = rule is not None and rule.say and frame.undoing == "cancelled"
        turn.tell(turn.scope().text(rule.say) if rule and has_words else turn.house("taken_back"))
        if frame.undoing == "unexplained":
            turn.hand_over(UNEXPLAINED, outcome="refused")
        else:
            turn.finish("refused" if frame.undoing == "refused" else "cancelled")
        return "ended"
    last = frame.completed[-1]
    made = Call(last.undo, last.arguments, f"{last.key}{UNDO_KEY}")
    turn.update(call=made)
    turn.effects.append(made)
    return "rest"


def take_back_result(turn: Turn, result: ActionResult) -> None:
    """Note whether an action was taken back; what cannot be is left to a person."""
    if result.ok:
        turn.update(completed=turn.frame.completed[:-1], call=None)
    else:
        turn.hand_over("partly_done", outcome="failed")
