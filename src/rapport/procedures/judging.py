"""The policy beside whoever drives the interpreter for one turn: its word on each change, and what a change leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from rapport.connectors.contracts import ConnectorDown
from rapport.procedures.contracts import UNTOLD, Call, DialogueState, Frame, Need, Option, World
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.policy import judge, list_broken
from rapport.procedures.logic.proposals import Verdict, propose
from rapport.procedures.logic.steps import Action


@dataclass(slots=True)
class TurnPolicy:
    """Judges the calls of one turn, each when it is made.

    What follows a change within the same turn follows from it: nobody else could come between. At the end of the turn
    it is noted which rules that change has broken, so that they do not stand against what comes days later.
    """

    book: ProcedureBook
    look_up: Callable[[Need], tuple[Option, ...]]
    """Looks records up anew. Raises ConnectorDown."""
    _changed: set[str] = field(default_factory=set)
    """Instances in which something was changed in this turn."""
    _unsettled: set[str] = field(default_factory=set)
    """Those whose latest change has not been settled."""

    def judge(self, call: Call, state: DialogueState, world: World) -> Verdict:
        """Whether the active procedure may make this call; what takes its own changes back it always may."""
        frame = state.stack[-1]
        if frame.undoing or frame.instance in self._changed:
            return Verdict(True)
        try:
            return judge(self.book, propose(call, frame), world, self.look_up)
        except ConnectorDown:
            return Verdict(True)  # the call itself finds the system away, and says so

    def note_change(self, state: DialogueState) -> None:
        """The active procedure has changed something, and so have those that run it."""
        frames = list(state.stack)
        child = frames.pop()
        changed = {child.instance}
        while frames and frames[-1].child == child.instance:
            child = frames.pop()
            changed.add(child.instance)
        self._changed |= changed
        self._unsettled |= changed

    def settle(self, state: DialogueState, world: World) -> DialogueState:
        """The state at the end of the turn, with what the turn's changes have broken for later calls."""
        if not self._unsettled:
            return state
        settled = replace(
            state,
            stack=tuple(self._settled(frame, world) for frame in state.stack),
            waiting=tuple(self._settled(frame, world) for frame in state.waiting),
        )
        self._unsettled.clear()
        return settled

    def _settled(self, frame: Frame, world: World) -> Frame:
        if frame.instance not in self._unsettled or not self._may_call(frame):
            return frame
        try:
            return replace(frame, excused=list_broken(self.book, frame, world, self.look_up))
        except ConnectorDown:
            return replace(frame, excused=(UNTOLD,))

    def _may_call(self, frame: Frame) -> bool:
        """Whether any action is left."""
        definition = self.book.at(frame.procedure, frame.version)
        places = definition.places if definition else ()
        return any(place.index >= frame.step and isinstance(place.step, Action) for place in places)
