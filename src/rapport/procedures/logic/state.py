"""State to JSON and back, without loss."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, get_args

from rapport.procedures.contracts import (
    UNTOLD,
    Affirm,
    Call,
    Cancel,
    Completed,
    DialogueState,
    Fill,
    Frame,
    Identified,
    Input,
    JsonDict,
    Option,
    Pending,
    Provided,
    Resume,
    SlotValue,
    Undo,
    WaitFor,
)

_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Input)}


def state_to_json(state: DialogueState) -> JsonDict:
    """The state as plain JSON values."""
    return {
        "stack": [_frame(frame) for frame in state.stack],
        "queue": [list(entry) for entry in state.queue],
        "finished": [_frame(frame) for frame in state.finished],
        "seed": state.seed,
        "counter": state.counter,
        "pending": None if state.pending is None else _pending(state.pending),
        "waiting": [_frame(frame) for frame in state.waiting],
    }


def state_from_json(data: JsonDict) -> DialogueState:
    """The state that `state_to_json` wrote; an empty mapping is a fresh state."""
    pending = data.get("pending")
    return DialogueState(
        stack=tuple(_read_frame(frame) for frame in data.get("stack", ())),
        queue=tuple((str(name), str(text)) for name, text in data.get("queue", ())),
        finished=tuple(_read_frame(frame) for frame in data.get("finished", ())),
        seed=data.get("seed", ""),
        counter=data.get("counter", 0),
        pending=None if pending is None else _read_pending(pending),
        waiting=tuple(_read_frame(frame) for frame in data.get("waiting", ())),
    )


def option_to_json(option: Option) -> JsonDict:
    """An option as plain JSON values."""
    return {
        "value": option.value,
        "title": option.title,
        "description": option.description,
        "data": option.data,
        "aliases": list(option.aliases),
        "attributes": dict(option.attributes),
    }


def option_from_json(data: JsonDict) -> Option:
    """The option that `option_to_json` wrote."""
    return Option(
        data["value"],
        data["title"],
        data.get("description", ""),
        data.get("data", {}),
        tuple(data.get("aliases", ())),
        data.get("attributes", {}),
    )


def _frame(frame: Frame) -> JsonDict:
    return {
        "instance": frame.instance,
        "procedure": frame.procedure,
        "version": frame.version,
        "status": frame.status,
        "slots": {
            name: {"options": [option_to_json(option) for option in value.options], "source": value.source}
            for name, value in frame.slots.items()
        },
        "asked": frame.asked,
        "attempts": dict(frame.attempts),
        "step": frame.step,
        "results": frame.results,
        "mentions": list(frame.mentions),
        "questions": frame.questions,
        "tried": list(frame.tried),
        "stale": list(frame.stale),
        "shown": list(frame.shown),
        "parent": frame.parent,
        "turn_of": frame.turn_of,
        "waiting": None if frame.waiting is None else dataclasses.asdict(frame.waiting),
        "call": None if frame.call is None else dataclasses.asdict(frame.call),
        "each": list(frame.each),
        "completed": [dataclasses.asdict(done) for done in frame.completed],
        "undoing": frame.undoing,
        "child": frame.child,
        "given": frame.given,
        "answered": list(frame.answered),
        "ended_at": frame.ended_at,
        "acting_since": frame.acting_since,
        "heard": dict(frame.heard),
        "looked_up": frame.looked_up,
        "narrowed": {key: dict(chosen) for key, chosen in frame.narrowed.items()},
        "kept": frame.kept,
        "excused": None if frame.excused is None else list(frame.excused),
    }


def _read_frame(data: JsonDict) -> Frame:
    slots = {
        name: SlotValue(tuple(option_from_json(option) for option in value["options"]), value["source"])
        for name, value in data.get("slots", {}).items()
    }
    return Frame(
        instance=data["instance"],
        procedure=data["procedure"],
        version=data["version"],
        status=data["status"],
        slots=slots,
        asked=data.get("asked"),
        attempts=data.get("attempts", {}),
        step=data.get("step", 0),
        results=data.get("results", {}),
        mentions=tuple(data.get("mentions", ())),
        questions=data.get("questions", 0),
        tried=tuple(data.get("tried", ())),
        stale=tuple(data.get("stale", ())),
        shown=tuple(data.get("shown", ())),
        parent=data.get("parent"),
        turn_of=data.get("turn_of", 0),
        waiting=WaitFor(**data["waiting"]) if data.get("waiting") else None,
        call=Call(**data["call"]) if data.get("call") else None,
        each=tuple(data.get("each", ())),
        completed=_read_completed(data),
        undoing=data.get("undoing", ""),
        child=data.get("child"),
        given=data.get("given", {}),
        answered=tuple(data.get("answered", ())),
        ended_at=data.get("ended_at"),
        acting_since=data.get("acting_since"),
        heard=data.get("heard", {}),
        looked_up=data.get("looked_up", {}),
        narrowed=data.get("narrowed", {}),
        kept=data.get("kept"),
        excused=_read_excused(data),
    )


def _read_completed(data: JsonDict) -> tuple[Completed, ...]:
    """What was done; of a state written before this was kept, that something was."""
    if "completed" not in data:
        return tuple(Completed("", name) for name in data.get("results", {}))
    return tuple(Completed(**done) for done in data["completed"])


def _read_excused(data: JsonDict) -> tuple[str, ...] | None:
    """Of a state written before this was kept nothing can be told once something was done."""
    if "excused" not in data:
        return (UNTOLD,) if data.get("completed") else None
    return None if data["excused"] is None else tuple(data["excused"])


def _pending(pending: Pending) -> JsonDict:
    return {
        "input": input_to_json(pending.input),
        "needs": list(pending.needs),
        "facts": {
            key: [option_to_json(option) for option in options] for key, options in pending.facts.items()
        },
    }


def _read_pending(data: JsonDict) -> Pending:
    return Pending(
        input_from_json(data["input"]),
        tuple(data["needs"]),
        {
            key: tuple(option_from_json(option) for option in options)
            for key, options in data["facts"].items()
        },
    )


def input_to_json(given: Input) -> JsonDict:
    """An input as plain JSON values, with its kind."""
    kind = type(given).__name__
    if isinstance(given, (Affirm, Cancel, Resume, Identified, Undo)):
        return {"kind": kind}
    if isinstance(given, Fill):
        return {"kind": kind, "values": {name: list(values) for name, values in given.values.items()}}
    if isinstance(given, Provided):
        options = {key: [option_to_json(option) for option in found] for key, found in given.options.items()}
        return {"kind": kind, "options": options, "failed": given.failed}
    return {"kind": kind, **{name: getattr(given, name) for name in type(given).__dataclass_fields__}}


def input_from_json(data: JsonDict) -> Input:
    """The input that `input_to_json` wrote."""
    fields: Mapping[str, Any] = {name: value for name, value in data.items() if name != "kind"}
    kind = data["kind"]
    if kind == "Fill":
        return Fill({name: tuple(values) for name, values in fields["values"].items()})
    if kind == "Provided":
        options = {key: tuple(option_from_json(o) for o in found) for key, found in fields["options"].items()}
        return Provided(options, fields["failed"])
    made: Input = _KINDS[kind](**fields)
    return made
