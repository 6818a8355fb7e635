"""The course of procedures: starting, queueing, resuming, and driving the active one until it rests.

A second procedure that changes nothing runs on top of the active one and returns to it. One that changes
something waits in the queue, unless the active one has only just begun (nothing said or chosen for it yet):
that one it replaces. When a procedure ends, the one below it asks its open question again; when none is
below, the next queued one starts.
"""

from __future__ import annotations

from rapport.procedures.contracts import CHANGE, Frame, HandOver, Identify, Say, StartProcedure
from rapport.procedures.logic import answering, undoing
from rapport.procedures.logic.acting import go_on
from rapport.procedures.logic.asking import ask_what_to_change, change_options
from rapport.procedures.logic.collecting import Halt, collect
from rapport.procedures.logic.confirming import confirm, needs_person
from rapport.procedures.logic.definition import Definition
from rapport.procedures.logic.turn import Turn

MAX_STACK = 5
MAX_QUEUE = 10


def start(turn: Turn, request: StartProcedure) -> None:
    """Start a procedure, or put it where it belongs."""
    definition = turn.book.get(request.name)
    if definition is None:
        turn.effects.append(HandOver("unknown_procedure", turn.house("not_here")))
    elif not turn.stack:
        push(turn, definition, request.text)
    elif any(frame.procedure == request.name for frame in turn.stack):
        _return_to(turn, request)
    elif definition.is_read_only and turn.frame.status != "calling" and len(turn.stack) < MAX_STACK:
        push(turn, definition, request.text)
    elif not request.after and _has_just_begun(turn.frame):
        turn.finish("cancelled")
        push(turn, definition, request.text)
    else:
        _enqueue(turn, definition, request.text)


def push(turn: Turn, definition: Definition, text: str) -> None:
    """Begin an instance on top."""
    turn.stack.append(Frame(turn.next_instance(), definition.name, definition.version, "collecting"))
    turn.is_repeat = False
    turn.mention(text)


def _return_to(turn: Turn, request: StartProcedure) -> None:
    """What was asked for already runs: the words are further words for it; what lies on top of it ends."""
    if turn.frame.status == "calling" or not turn.has_definition():
        return
    while turn.frame.procedure != request.name and turn.frame.parent is None:
        turn.finish("cancelled")
    if turn.has_definition() and not turn.frame.undoing:
        answering.say(turn, Say(request.text))


def _has_just_begun(frame: Frame) -> bool:
    is_open = frame.status in ("collecting", "identifying") and frame.parent is None
    return is_open and not any(value.source in ("said", "chosen") for value in frame.slots.values())


def _enqueue(turn: Turn, definition: Definition, text: str) -> None:
    entry = (definition.name, text)
    if entry not in turn.queue and len(turn.queue) < MAX_QUEUE:
        turn.queue.append(entry)
        turn.tell(turn.house("queued", title=turn.scope().text(definition.title)))
    turn.is_repeat = True


def run(turn: Turn) -> None:
    """Go on until the customer, a person or an action is needed, or nothing is left."""
    while not turn.is_handed_over():
        if not turn.stack:
            if not turn.queue:
                return
            _start_queued(turn)
            continue
        below = len(turn.stack)
        if _run_active(turn) == "rest" or turn.is_handed_over():
            return
        if len(turn.stack) < below:
            announce_return(turn)


def announce_return(turn: Turn) -> None:
    """Say which procedure goes on; its question was asked before. One that is acting just goes on."""
    if not turn.stack or turn.frame.status == "calling":
        return
    turn.is_repeat = True
    if turn.has_definition():
        turn.tell(turn.house("resumed", title=turn.scope().text(turn.definition.title)))


def _start_queued(turn: Turn) -> None:
    name, text = turn.queue.pop(0)
    definition = turn.book.get(name)
    if definition is not None:
        push(turn, definition, text)
        turn.tell(turn.house("next", title=turn.scope().text(definition.title)))


def _run_active(turn: Turn) -> Halt:
    if not turn.has_definition():
        turn.hand_over("definition_missing", turn.house("rule_error"))
        return "ended"
    if turn.frame.undoing == "asked":
        return undoing.ask(turn)
    if turn.definition.must_identify and turn.world.customer is None and turn.frame.status != "calling":
        turn.update(status="identifying")
        turn.effects.append(Identify("verified_customer"))
        return "rest"
    if turn.frame.status == "calling":
        return go_on(turn)
    halt = collect(turn)
    if halt:
        return halt
    if turn.frame.asked == CHANGE and len(change_options(turn)) > 1:
        return ask_what_to_change(turn)
    if turn.frame.asked == CHANGE:
        answering.stop(turn)
        return "ended"
    if needs_person(turn):
        return "ended"
    return go_on(turn) if turn.definition.is_read_only else confirm(turn)


def agree(turn: Turn) -> None:
    """The customer said yes to the confirmation: check once more, then act."""
    if turn.definition.must_identify and turn.world.customer is None:
        return
    if collect(turn) is None and turn.frame.asked != CHANGE and not needs_person(turn):
        turn.update(status="calling")
