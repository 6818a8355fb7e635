"""One step of the dialogue: `(book, state, input, world)` to a new state and effects, and nothing else.

Data that is missing stops a step before it has changed anything: the step ends in needs, the input is kept in
the state, and when the data is provided the input is worked on again from the same state. So a step either
happens as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rapport.procedures.contracts import (
    SYSTEM_BACK,
    TIMED_OUT,
    ActionResult,
    Affirm,
    Cancel,
    Deny,
    DialogueState,
    Fill,
    Identify,
    Input,
    Need,
    Option,
    Pending,
    Provided,
    Resume,
    Say,
    StartProcedure,
    Step,
    Undo,
    Wake,
    Withdraw,
    World,
)
from rapport.procedures.logic import answering, deferring, keeping, parking, running, undoing
from rapport.procedures.logic.acting import awaited_key, take_result
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.mending import SAID
from rapport.procedures.logic.turn import Turn, Waiting

KNOWS_CUSTOMERS = "shop"
"""The connected system that knows who the customers are."""


def advance(book: ProcedureBook, state: DialogueState, given: Input, world: World) -> Step:
    """Work on one input; never raises on any input or data."""
    facts: Mapping[str, tuple[Option, ...]] = {}
    has_failed = False
    if isinstance(given, Provided):
        if state.pending is None:
            given = Resume()
        else:
            has_failed = given.failed is not None
            facts = _facts(state.pending, given)
            given = state.pending.input
    if isinstance(given, Wake) and not parking.is_awaited(state, given):
        return Step(state, ())
    if isinstance(given, Wake) and given.event == SYSTEM_BACK and world.is_silent:
        return Step(keeping.wait_on(state, given), ())
    base = replace(state, pending=None)
    turn = Turn(book, base, world, facts)
    try:
        _apply(turn, given)
        running.run(turn)
    except Waiting as waiting:
        if has_failed:
            return _without_data(turn, base, given, waiting.needs)
        needs = tuple(need.key for need in waiting.needs)
        return Step(replace(base, pending=Pending(given, needs, facts)), waiting.needs)
    if world.is_silent and any(isinstance(effect, Identify) for effect in turn.effects):
        later = _later(turn, base, given, KNOWS_CUSTOMERS)
        return turn.step() if later is None else later
    return turn.step()


def _without_data(turn: Turn, base: DialogueState, given: Input, needs: tuple[Need, ...]) -> Step:
    """A connected system did not say what is needed: what may wait for it does, else a person takes over."""
    if isinstance(given, Wake) and given.event == SYSTEM_BACK:
        return Step(keeping.wait_on(base, given), ())
    before = Turn(turn.book, base, turn.world, {})
    if keeping.keep_agreement(before, given, keeping.silent_system(needs)):
        return before.step()
    later = _later(turn, base, given, keeping.silent_system(needs))
    if later is not None:
        return later
    turn.hand_over("system_unavailable")
    return turn.step()


def _later(turn: Turn, base: DialogueState, given: Input, system: str) -> Step | None:
    """What is said is kept, or was kept for too long; None where a procedure keeps nothing."""
    before = Turn(turn.book, base, turn.world, {})
    if isinstance(given, Wake):
        if given.event != TIMED_OUT or not deferring.is_deferred(base, given):
            return None
        deferring.leave_to_person(before, given)
        return before.step()
    return before.step() if deferring.defer(before, given, system) else None


def _facts(pending: Pending, given: Provided) -> dict[str, tuple[Option, ...]]:
    facts = {**pending.facts, **given.options}
    if given.failed is None:
        for key in pending.needs:
            facts.setdefault(key, ())
    return facts


def _apply(turn: Turn, given: Input) -> None:
    """Let an input take effect; `run` then goes on."""
    if isinstance(given, Wake):
        parking.wake(turn, given)
        kept = turn.frame.kept if turn.stack and turn.has_definition() else None
        if kept and kept.get("is_agreement"):
            _take_agreement(turn)
        elif kept and SAID in kept:
            said = deferring.take_up(turn)
            if said is not None:
                _apply_to_active(turn, said)
    elif turn.stack and not turn.has_definition():
        return
    elif isinstance(given, StartProcedure):
        running.start(turn, given)
    elif isinstance(given, Undo):
        undoing.undo(turn)
    elif isinstance(given, Withdraw):
        parking.withdraw(turn, given.instance)
    elif turn.stack:
        _apply_to_stack(turn, given)


def _take_agreement(turn: Turn) -> None:
    """A kept yes, as if it were said now."""
    instance = turn.frame.instance
    turn.update(kept={**(turn.frame.kept or {}), "is_agreement": False})
    running.agree(turn)
    if turn.stack and turn.frame.instance == instance and turn.frame.status != "calling":
        turn.update(kept=None)  # something has changed meanwhile: the customer is asked


def _apply_to_stack(turn: Turn, given: Input) -> None:
    if turn.frame.status == "calling":
        if isinstance(given, ActionResult) and given.key == awaited_key(turn):
            _settle_call(turn, given)
        return
    _apply_to_active(turn, given)


def _settle_call(turn: Turn, result: ActionResult) -> None:
    depth = len(turn.stack)
    take_result(turn, result)
    _announce(turn, depth)


def _apply_to_active(turn: Turn, given: Input) -> None:
    depth = len(turn.stack)
    if turn.frame.undoing == "asked":
        undoing.answer(turn, given)
    elif isinstance(given, Cancel):
        answering.stop(turn)
    elif isinstance(given, Say):
        answering.say(turn, given)
    elif turn.frame.status == "identifying":
        turn.is_repeat = True
    elif isinstance(given, Fill):
        answering.fill(turn, given)
    elif isinstance(given, Deny):
        answering.deny(turn, given)
    elif isinstance(given, Affirm):
        if turn.world.is_silent and keeping.keep_agreement(turn, given, KNOWS_CUSTOMERS):
            return
        if answering.affirm(turn, given):
            running.agree(turn)
    else:
        turn.is_repeat = True
    _announce(turn, depth)


def _announce(turn: Turn, depth: int) -> None:
    if len(turn.stack) < depth and not turn.is_handed_over():
        running.announce_return(turn)
