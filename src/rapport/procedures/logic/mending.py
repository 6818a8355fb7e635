"""Calls that failed for a technical reason: what is noted of them, for the record."""

from __future__ import annotations

from typing import Literal

from rapport.procedures.contracts import Mend
from rapport.procedures.logic.turn import Turn

OUTAGE_CODES = ("unavailable", "unknown")
"""Failures that are no decision of the connected system."""

UNSURE = "is_unsure"
"""In the data of such a failure: the call may have been carried out all the same."""

AGAIN_KEY = "~again"
"""Ends the key of a wait for the system that did not answer."""

AGREED = "agreed"
"""Stands for the call in the key of a yes that is kept."""

SAID, KEY = "said", "key"
"""In what a frame keeps: the input that is taken up later, and the key under which that is noted."""


def system_of(name: str) -> str:
    """Key of the connected system behind an action, or behind data that is needed."""
    return name.removeprefix("action:").partition(".")[0]


def note(
    turn: Turn,
    way: Literal["kept", "otherwise", "person", "done", "refused", "cancelled"],
    system: str = "",
) -> None:
    """Note what is done about the call that is out, or what became of it."""
    frame = turn.frame
    call = frame.call
    key = call.key if call else (frame.kept or {}).get(KEY) or f"{frame.instance}:{AGREED}"
    action = call.action if call else ""
    turn.effects.append(Mend(frame.procedure, frame.instance, key, action, system_of(action) or system, way))


def note_end(turn: Turn, way: Literal["done", "refused"]) -> None:
    """The system has answered a call; where it was kept, the customer hears that it goes on."""
    if turn.frame.kept is None:
        return
    note(turn, way)
    turn.tell(turn.house("system_back"))
    turn.update(kept=None)
