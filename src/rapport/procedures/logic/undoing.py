"""What the customer takes back: the last answer while a procedure asks, else the last thing that was done."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from rapport.procedures.contracts import (
    Affirm,
    Cancel,
    Confirm,
    Deny,
    Frame,
    Identify,
    Input,
    Say,
)
from rapport.procedures.logic import parking
from rapport.procedures.logic.answering import CONFIRMATION, MAX_ATTEMPTS
from rapport.procedures.logic.moments import read_moment
from rapport.procedures.logic.turn import Turn


def undo(turn: Turn) -> None:
    """Take back the last answer; without an open procedure, what waits or was done last."""
    latest = _latest_done(turn)
    if turn.stack:
        if turn.has_definition() and not turn.frame.undoing:
            _take_back_answer(turn)
    elif turn.waiting and (latest is None or _number(turn.waiting[-1]) > _number(latest)):
        parking.withdraw(turn)
    elif latest is None:
        turn.tell(turn.house("nothing_to_undo"))
    elif not _may_undo(turn, latest):
        turn.tell(turn.house("cannot_undo"))
    else:
        turn.finished.remove(latest)
        from_start = {"status": "confirming", "undoing": "asked", "attempts": {}}
        turn.stack.append(latest)
        turn.update(**from_start)


def _take_back_answer(turn: Turn) -> None:
    frame = turn.frame
    turn.is_repeat = True
    if frame.status not in ("collecting", "confirming"):
        return
    if _widen(turn):
        return
    key = next((key for key in reversed(frame.answered) if _is_filled(turn, key)), None)
    unit = turn.find_unit(key)
    if key is None or unit is None:
        turn.tell(turn.house("nothing_to_undo"))
        return
    turn.is_repeat = False
    answered = frame.answered[: frame.answered.index(key)]
    turn.drop(unit.slot.name, keep=unit.index or 0)
    tried = (*(name for name in turn.frame.tried if name != key), key)
    turn.update(status="collecting", asked=None, tried=tried, answered=answered)


def _widen(turn: Turn) -> bool:
    """Take back the last attribute by which the options of the open question were narrowed."""
    unit = turn.find_unit(turn.frame.asked)
    chosen = None if unit is None else turn.frame.narrowed.get(unit.key)
    if unit is None or not chosen:
        return False
    turn.note(unit, dict(list(chosen.items())[:-1]))
    return True


def _is_filled(turn: Turn, key: str) -> bool:
    unit = turn.find_unit(key)
    return unit is not None and turn.is_filled(unit)


def _latest_done(turn: Turn) -> Frame | None:
    """The procedure that last did something; what it ran belongs to it."""
    return next((f for f in reversed(turn.finished) if f.completed and f.parent is None), None)


def _number(frame: Frame) -> int:
    number = frame.instance.rsplit("-", 1)[-1]
    return int(number) if number.isdigit() else 0


def _may_undo(turn: Turn, frame: Frame) -> bool:
    definition = turn.book.at(frame.procedure, frame.version)
    now = turn.world.now
    if definition is None or definition.undo is None or now is None or frame.status != "done":
        return False
    ended = read_moment(frame.ended_at, now)
    in_time = ended is not None and now - ended <= definition.undo.within
    return in_time and all(done.undo for done in frame.completed)


def ask(turn: Turn) -> Literal["rest"]:
    """Ask whether what was done shall be taken back."""
    definition = turn.definition
    if definition.must_identify and turn.world.customer is None:
        turn.effects.append(Identify("verified_customer"))
        return "rest"
    line = turn.house("undo_line", title=turn.scope().text(definition.title))
    actions = [{"action": done.undo, "arguments": done.arguments} for done in reversed(turn.frame.completed)]
    turn.effects.append(Confirm((line,), turn.house("shall_i_undo"), {"actions": actions}))
    return "rest"


def answer(turn: Turn, given: Input) -> None:
    """The customer's answer to that question."""
    is_known = not turn.definition.must_identify or turn.world.customer is not None
    if isinstance(given, (Deny, Cancel)):
        _keep(turn, "kept")
    elif isinstance(given, Affirm) and is_known:
        if _may_undo(turn, _as_it_was(turn.frame)):
            turn.update(status="calling", undoing="cancelled")
        else:
            _keep(turn, "cannot_undo")
    elif isinstance(given, Say) and given.text.strip() and is_known:
        turn.tell(turn.house("please_confirm"))
        if turn.fail_attempt(CONFIRMATION) >= MAX_ATTEMPTS:
            _keep(turn, "kept")
    else:
        turn.is_repeat = True


def _as_it_was(frame: Frame) -> Frame:
    return replace(frame, status="done", undoing="")


def _keep(turn: Turn, key: str) -> None:
    """It stays done, as it was."""
    turn.tell(turn.house(key))
    turn.finished.append(_as_it_was(turn.stack.pop()))
