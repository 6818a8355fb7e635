"""The sandbox as the procedure editor sees it: a conversation replayed move by move, test cases, fields of records.

A conversation is its moves, so that after each change of the definition it is simply held again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from rapport.connectors.contracts import ConnectorDown
from rapport.kernel.errors import RapportError
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Ask, Confirm, Effect, Option, StartProcedure, WaitFor
from rapport.studio import contracts as studio
from rapport.testing.rehearsal.case_files import CaseFile, read_case_file
from rapport.testing.rehearsal.cases import run_cases, take
from rapport.testing.rehearsal.driving import Rehearsed, Said
from rapport.testing.rehearsal.reading import RehearsalReader, make_reader
from rapport.testing.rehearsal.rehearsing import read_cases
from rapport.testing.rehearsal.world import SHOP_TYPES, Sandbox, missing

JsonDict = dict[str, Any]

MAX_MOVES = 60
FEW = 12
"""Values of a field that are worth offering."""
_MEANT = {"affirm": "yes", "deny": "no", "cancel": "cancel"}


class Previewer:
    """A `studio.contracts.Rehearser` on the sandbox of rehearsals."""

    def talk(self, source: str, moves: Sequence[JsonDict], given: JsonDict, language: str) -> studio.Talk:
        """The conversation these moves make. Raises InvalidDefinition."""
        definition = procedures.parse_definition(source)
        others = [d for d in procedures.load_book().values() if d.name != definition.name]
        book = procedures.ProcedureBook([*others, definition])
        try:
            setting = _read(definition.name, [], given, language).cases[0].setting
            sandbox = Sandbox(setting)
        except RapportError as refusal:
            return studio.Talk((), problem=str(refusal))
        reader = make_reader(language)
        talk = Rehearsed(book, sandbox, reader, language, setting.now, setting.tone)
        turns, problem = _hold(talk, reader, definition.name, moves[:MAX_MOVES])
        frame = talk.frame()
        return studio.Talk(
            tuple(turns),
            **_open(talk.said[-1] if talk.said else None),
            slots={
                name: tuple(option.value for option in value.options)
                for name, value in (frame.slots.items() if frame else ())
            },
            writes=tuple({"action": action, "with": arguments} for action, arguments in sandbox.writes),
            waits=tuple(studio.Waiting(w.kind, w.event, w.title, w.until or "") for w in talk.waits()),
            notes=missing(definition, setting),
            problem=problem,
        )

    def run_cases(self, source: str, cases: str) -> tuple[studio.CaseOutcome, ...]:
        """Every test case. Raises InvalidDefinition."""
        definition = procedures.parse_definition(source)
        file = read_cases(source, cases)
        if file is None:
            return ()
        others = [d for d in procedures.load_book().values() if d.name != definition.name]
        results = run_cases(file, [*others, definition])
        return tuple(studio.CaseOutcome(r.name, r.problems, r.transcript) for r in results)

    def fields_of(self, type_: str) -> tuple[studio.FieldInfo, ...]:
        """What the example records of a type hold."""
        return _fields_of(type_)


@lru_cache(maxsize=32)
def _fields_of(type_: str) -> tuple[studio.FieldInfo, ...]:
    sandbox = Sandbox()
    if type_ == "customer":
        return _fields([sandbox.customer or {}])
    if type_ not in SHOP_TYPES:
        return ()
    return _fields([option.data for option in _records(sandbox, type_)])


def _records(sandbox: Sandbox, type_: str) -> tuple[Option, ...]:
    """Example records; those that belong to others are looked up for each of these."""
    above = {"shop.order_item": ("order", "shop.order"), "shop.variant": ("item", "shop.order_item")}.get(
        type_
    )
    try:
        if above is None:
            return sandbox.list_options(type_, {}, "en")
        key, parent = above
        return tuple(
            record
            for option in _records(sandbox, parent)[:4]
            for record in sandbox.list_options(type_, {key: option.data}, "en")
        )
    except (ConnectorDown, KeyError):
        return ()


def _read(name: str, moves: Sequence[JsonDict], given: JsonDict, language: str) -> CaseFile:
    case = {"name": "preview", "language": language, "given": dict(given), "steps": list(moves)}
    return read_case_file({"procedure": name, "cases": [case]})


def _hold(
    talk: Rehearsed, reader: RehearsalReader, name: str, moves: Sequence[JsonDict]
) -> tuple[list[studio.Turn], str]:
    """Every move in turn; a move that no longer fits ends it with what is wrong."""
    turns: list[studio.Turn] = []
    try:
        if not moves or "start" not in moves[0]:
            turns.append(_turn({}, "", talk.send(StartProcedure(name))))
        for raw in moves:
            before = talk.said[-1] if talk.said else None
            move = _meant(raw, before, reader)
            (step,) = _read(name, [move], {}, talk.language).cases[0].steps
            said = take(talk, step, name)
            if said is None:
                return turns, f"nothing waits for {step.kind}: {step.value}"
            turns.append(_turn(move, _shown(move, before), said))
    except (RapportError, AssertionError, LookupError, TypeError, ValueError) as problem:
        return turns, f"{type(problem).__name__}: {problem}"
    return turns, ""


def _meant(move: JsonDict, said: Said | None, reader: RehearsalReader) -> JsonDict:
    """Typed words as the move they are: yes, no and stop by what they mean, the rest as an answer."""
    if "write" not in move:
        return move
    text = str(move["write"])
    act = reader.act(text, (said.waits_for or None) if said else None)
    is_free = said is not None and said.asked is not None and said.asked.kind == "text"
    meant = _MEANT.get(str(act))
    if meant is None or (is_free and meant != "cancel"):
        return {"say": text}
    return {"do": meant}


def _turn(move: JsonDict, shown: str, said: Said) -> studio.Turn:
    broken = next((t.name.rsplit("/", 1)[-1] for t in said.trace if not t.held), "")
    offers = [*(said.ended.offer if said.ended else ()), *(said.asked.offer if said.asked else ())]
    return studio.Turn(
        move,
        shown,
        said.texts,
        said.waits_for,
        said.ended.outcome if said.ended else "",
        _waited(said.parked) if said.parked else "",
        broken,
        said.handover.reason if said.handover else "",
        tuple(offers),
    )


def _waited(wait: WaitFor) -> str:
    """What a test case calls it."""
    return wait.event or wait.kind


def _shown(move: JsonDict, before: Said | None) -> str:
    value = next(iter(move.values()), "")
    if "click" in move and before is not None and before.asked is not None:
        titles = {option.value: option.title for option in before.asked.options}
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(titles.get(str(v), str(v)) for v in chosen)
    if isinstance(value, Mapping):
        return ", ".join(str(v) for v in value.values() if v)
    return str(value)


def _open(said: Said | None) -> JsonDict:
    """How the customer can answer now."""
    if said is None:
        return {}
    effect: Effect | None = next(
        (e for e in reversed(said.effects) if isinstance(e, (Ask, Confirm)) or said.waits_for == "identify"),
        None,
    )
    match effect:
        case Ask():
            return {
                "kind": effect.kind,
                "choices": tuple(_choice(option) for option in effect.options),
                "inputs": tuple(
                    studio.Input(
                        f.name, f.label, f.kind, f.required, f.value, tuple(_choice(o) for o in f.options)
                    )
                    for f in effect.fields
                ),
            }
        case Confirm():
            return {"kind": "confirm"}
        case None:
            return {}
        case _:
            return {"kind": "identify"}


def _choice(option: Option) -> studio.Choice:
    return studio.Choice(option.value, option.title, option.description)


def _fields(records: Sequence[Mapping[str, Any]]) -> tuple[studio.FieldInfo, ...]:
    """Every path of the records with its kind and, where there are few, its values."""
    found: dict[str, tuple[str, list[str]]] = {}
    for record in records:
        _collect(record, "", found)
    return tuple(
        studio.FieldInfo(path, kind, tuple(values) if 0 < len(values) <= FEW else ())
        for path, (kind, values) in sorted(found.items())
    )


def _collect(node: Mapping[str, Any], above: str, found: dict[str, tuple[str, list[str]]]) -> None:
    for key, value in node.items():
        path = f"{above}.{key}" if above else str(key)
        if isinstance(value, Mapping):
            _collect(value, path, found)
            continue
        kind, values = found.setdefault(path, (_kind(value), []))
        if kind == "text" and isinstance(value, str) and value and value not in values:
            values.append(value)
        if kind == "" and _kind(value):
            found[path] = (_kind(value), values)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, list):
        return "list"
    if isinstance(value, str):
        try:
            dt.datetime.fromisoformat(value)
        except ValueError:
            return "text"
        return "moment" if len(value) >= 10 else "text"
    return ""
