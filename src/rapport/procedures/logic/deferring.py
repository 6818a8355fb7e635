"""What a customer asks for, or answers, while the records for it cannot be looked up.

In a procedure with a call that may be kept (`again`) it is kept as well: the procedure waits until the system answers,
and goes on as if it were said then. When the time of the call is over, a person takes over.
"""

from __future__ import annotations

from rapport.procedures.contracts import (
    SYSTEM_BACK,
    TIMED_OUT,
    Affirm,
    Deny,
    DialogueState,
    Fill,
    Identified,
    Input,
    Resume,
    Say,
    StartProcedure,
    WaitFor,
    Wake,
)
from rapport.procedures.logic import parking, running
from rapport.procedures.logic.keeping import find_again
from rapport.procedures.logic.mending import AGAIN_KEY, KEY, SAID, note
from rapport.procedures.logic.moments import iso
from rapport.procedures.logic.state import input_from_json, input_to_json
from rapport.procedures.logic.turn import MAX_MENTION, Turn, Waiting

ANSWERS = (Say, Fill, Affirm, Deny, Resume, Identified)


def defer(turn: Turn, given: Input, system: str) -> bool:
    """Keep an input of a turn that has not begun; False where nothing provides for that, or other things go on too."""
    if isinstance(given, StartProcedure) and _is_repeated(turn, given):
        turn.tell(turn.house("kept_question"))
        return True
    if turn.world.now is None or not (_begin(turn, given) or _is_answer(turn, given)):
        return False
    again = find_again(turn)
    if again is None or turn.frame.undoing or len(turn.stack) > 1 or turn.queue:
        return False
    status = "confirming" if turn.frame.status == "confirming" else "collecting"
    said = None if isinstance(given, StartProcedure) else input_to_json(given)
    key = f"{turn.frame.instance}:{SAID}{int(turn.world.now.timestamp())}"
    until = iso(turn.world.now + again.within)
    turn.update(kept={"until": until, "tries": 1, "status": status, SAID: said, KEY: key})
    note(turn, "kept", system)
    awaited = WaitFor("event", f"{key}{AGAIN_KEY}", until, SYSTEM_BACK, system, facts={"tries": 1})
    parking.park(turn, awaited, turn.house("kept_question"))
    return True


def _is_repeated(turn: Turn, given: StartProcedure) -> bool:
    """Whether the same was asked for in the same words before, and is kept."""
    said = given.text.strip()[:MAX_MENTION]
    kept = [f for f in turn.waiting if f.procedure == given.name and SAID in (f.kept or {})]
    return bool(said) and any(said in frame.mentions for frame in kept)


def _begin(turn: Turn, given: Input) -> bool:
    """Whether the input begins a procedure; then it has begun."""
    if not isinstance(given, StartProcedure):
        return False
    before = {frame.instance for frame in turn.stack}
    try:
        running.start(turn, given)
    except Waiting:
        return False
    return bool(turn.stack) and turn.frame.instance not in before and turn.has_definition()


def _is_answer(turn: Turn, given: Input) -> bool:
    is_asking = bool(turn.stack) and turn.frame.status in {"collecting", "confirming", "identifying"}
    return is_asking and isinstance(given, ANSWERS) and turn.has_definition()


def is_deferred(state: DialogueState, news: Wake) -> bool:
    """Whether this news is for something that was kept here."""
    return any(
        f.waiting is not None and f.waiting.key == news.key and SAID in (f.kept or {}) for f in state.waiting
    )


def take_up(turn: Turn) -> Input | None:
    """What was kept of the active procedure, to be taken up now; None where it goes on by itself."""
    kept = turn.frame.kept or {}
    if not kept.get("is_over"):
        turn.tell(turn.house("system_back"))
    note(turn, "done")
    turn.update(kept=None)
    return None if kept[SAID] is None else input_from_json(kept[SAID])


def leave_to_person(turn: Turn, news: Wake) -> None:
    """Its time is over, and the system still does not answer; the turn has not begun."""
    assert news.event == TIMED_OUT
    parking.wake(turn, news)
    note(turn, "person")
    turn.hand_over("system_unavailable", turn.house("kept_too_long"))
