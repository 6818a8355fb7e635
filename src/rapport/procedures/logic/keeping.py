"""What is done when a connected system does not take a call: it is kept and made again, or other steps are taken.

A kept call waits as a procedure waits for an event: the system answers again (`SYSTEM_BACK`), or its time is over. It
is then made again as it was, with its key; whoever makes it asks the system first whether it has happened. So is a yes
of the customer where the records cannot be looked up that the call needs: it is taken up as if it were said then.

Other steps are taken only where the call certainly was not carried out, and never will be (`Call.gives_up`).
"""

from __future__ import annotations

from dataclasses import replace

from rapport.procedures.contracts import (
    SYSTEM_BACK,
    ActionResult,
    Affirm,
    DialogueState,
    Frame,
    Input,
    JsonDict,
    Need,
    WaitFor,
    Wake,
)
from rapport.procedures.logic import parking
from rapport.procedures.logic.mending import AGAIN_KEY, AGREED, UNSURE, note, system_of
from rapport.procedures.logic.moments import iso, read_moment
from rapport.procedures.logic.steps import Action, Again, Place
from rapport.procedures.logic.turn import Turn


def mend(turn: Turn, place: Place, action: Action, result: ActionResult) -> None:
    """The call that is out failed for a technical reason."""
    frame = turn.frame
    assert frame.call is not None
    is_unsure = bool(result.data.get(UNSURE))
    if action.again is not None and not _is_over(turn):
        note(turn, "kept")
        facts = {"action": frame.call.action, "arguments": frame.call.arguments}
        _keep(turn, action.again, frame.call.key, system_of(frame.call.action), {UNSURE: is_unsure}, facts)
    elif action.otherwise and not is_unsure:
        note(turn, "otherwise")
        results = {**frame.results, action.result: None}
        turn.update(step=place.otherwise, results=results, call=None, kept=None)
    else:
        note(turn, "person")
        turn.hand_over("system_unavailable", turn.house("kept_too_long") if frame.kept else "")


def keep_agreement(turn: Turn, given: Input, system: str) -> bool:
    """Keep the yes to a summary whose records cannot be looked up now; False where nothing provides for that."""
    if not isinstance(given, Affirm) or not turn.stack or not turn.has_definition():
        return False
    if turn.frame.status != "confirming" or turn.world.now is None:
        return False
    again = find_again(turn)
    if again is None:
        return False
    note(turn, "kept", system)
    _keep(turn, again, f"{turn.frame.instance}:{AGREED}", system, {"is_agreement": True}, {})
    return True


def find_again(turn: Turn) -> Again | None:
    """For how long the active procedure keeps calls; None where it keeps none."""
    return next((action.again for action in turn.definition.actions if action.again is not None), None)


def wait_on(state: DialogueState, news: Wake) -> DialogueState:
    """The state when the system does not answer after all: it is asked again after a longer pause."""

    def longer(frame: Frame) -> Frame:
        awaited = frame.waiting
        if awaited is None or awaited.key != news.key:
            return frame
        tries = int(awaited.facts.get("tries", 1)) + 1
        return replace(frame, waiting=replace(awaited, facts={**awaited.facts, "tries": tries}))

    return replace(state, waiting=tuple(longer(frame) for frame in state.waiting))


def silent_system(needs: tuple[Need, ...]) -> str:
    """The connected system behind data that could not be had."""
    return next((system_of(n.type) for n in needs if not n.type.startswith("rapport.")), "")


def _is_over(turn: Turn) -> bool:
    now, kept = turn.world.now, turn.frame.kept
    if now is None or (kept and kept.get("is_over")):
        return True
    until = read_moment(kept["until"], now) if kept else None
    return until is not None and until <= now


def _keep(turn: Turn, again: Again, key: str, system: str, how: JsonDict, facts: JsonDict) -> None:
    """Wait until the system answers; the customer is told once."""
    assert turn.world.now is not None
    before = turn.frame.kept
    text = ""
    if before is None:
        text = turn.scope().text(again.say) if again.say else turn.house("kept_for_later")
    until = before["until"] if before else iso(turn.world.now + again.within)
    tries = (before["tries"] if before else 0) + 1
    turn.update(kept={"until": until, "tries": tries, **how})
    awaited = WaitFor(
        kind="event",
        key=f"{key}{AGAIN_KEY}",
        until=until,
        event=SYSTEM_BACK,
        subject=system,
        facts={"tries": tries, **facts},
    )
    parking.park(turn, awaited, text)
