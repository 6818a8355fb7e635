"""What differs between two versions of a procedure, by meaning: slots, rules, actions and wording, with lines."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rapport.procedures.logic.definition import Definition, Line
from rapport.procedures.logic.moments import duration_text
from rapport.procedures.logic.parsing import read_definition
from rapport.procedures.logic.phrases import list_wordings
from rapport.procedures.logic.problems import Path
from rapport.procedures.logic.step_flow import brief_step

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was."""

    area: Literal["head", "slot", "value", "rule", "person", "confirmation", "action", "answer", "wording"]
    kind: Kind
    what: str
    """Its name: a slot, a rule, the key of a wording with its language."""
    before: str
    after: str
    line_before: int
    """From 1; 0 where it does not exist."""
    line_after: int

    def __str__(self) -> str:
        place = "/".join(str(line) if line else "-" for line in (self.line_before, self.line_after))
        text = f"{self.area} {self.what} {self.kind} (line {place})"
        if self.kind == "changed":
            return f"{text}\n  - {self.before}\n  + {self.after}"
        return f"{text}\n  {'+' if self.kind == 'added' else '-'} {self.after or self.before}"


@dataclass(frozen=True, slots=True)
class _Part:
    area: Any
    text: str
    path: Path


def compare(before: str, after: str) -> tuple[Difference, ...]:
    """Every difference of two definitions' texts; empty when they mean the same."""
    old, old_lines = _read(before)
    new, new_lines = _read(after)
    found: list[Difference] = []
    for what in [*old, *(name for name in new if name not in old)]:
        was, now = old.get(what), new.get(what)
        if was is not None and now is not None and was.text == now.text:
            continue
        part = now or was
        assert part is not None
        kind: Kind = "changed" if was and now else "added" if now else "removed"
        found.append(
            Difference(
                part.area,
                kind,
                what,
                was.text if was else "",
                now.text if now else "",
                _line(old_lines, was.path) if was else 0,
                _line(new_lines, now.path) if now else 0,
            )
        )
    return tuple(found)


def _read(source: str) -> tuple[dict[str, _Part], Mapping[Path, tuple[int, int]]]:
    definition, report = read_definition(source)
    return (_parts(definition) if definition is not None else {}), report.places


def _line(places: Mapping[Path, tuple[int, int]], path: Path) -> int:
    while path and path not in places:
        path = path[:-1]
    return places.get(path, (0, 0))[0]


def _parts(d: Definition) -> dict[str, _Part]:
    """Everything that can differ, under a name that stays when other things are moved."""
    head = {
        "procedure": d.name, "icon": d.icon, "menu": d.menu, "group": d.group.get("en", ""),
        "identify": d.must_identify, "audience": d.audience,
        "order of slots": ", ".join(slot.name for slot in d.slots), "offer": ", ".join(d.offer),
    }  # fmt: skip
    found = {
        name: _Part("head", str(value), (name.split(" ")[-1],))
        for name, value in head.items()
        if value not in ("", None)
    }
    for slot in d.slots:
        found |= _values(f"slots.{slot.name}", "slot", slot, ("slots", slot.name))
        for n, refusal in enumerate(slot.refused):
            text = f"{refusal.when} {refusal.rule} {refusal.offer or ''}".strip()
            found[f"slots.{slot.name}.refused.{n} condition"] = _Part(
                "slot", text, ("slots", slot.name, "refused", n)
            )
        for n, option in enumerate(slot.options):
            text = ", ".join((option.value, *option.aliases))
            path: Path = ("slots", slot.name, "options", n)
            found[f"slots.{slot.name}.options.{option.value} words"] = _Part("slot", text, path)
    found |= _outside(d)
    for name, expression in d.let.items():
        found[f"let.{name}"] = _Part("value", expression, ("let", name))
    for n, rule in enumerate(d.rules):
        found[f"rules.{rule.name} check"] = _Part(
            "rule", f"{rule.check} -> {rule.slot or 'refused'}", ("rules", n)
        )
    for n, human in enumerate(d.human_when):
        text = f"{human.when} -> {human.team or 'anyone'}{' after' if human.after else ''}"
        found[f"human_when.{human.name} condition"] = _Part("person", text, ("human_when", n))
    if d.confirm is not None:
        found |= _conditions("confirm.lines", "confirmation", d.confirm.lines, ("confirm", "lines"))
    found |= _steps(d)
    found |= _conditions("done", "answer", d.done, ("done",))
    for key, words in list_wordings(d).items():
        for tag, said in words.items():
            found[f"{key} [{tag}]"] = _Part("wording", said, (*_path(key, d), *tag.split(".")))
    return found


def _outside(d: Definition) -> dict[str, _Part]:
    """Limits and look-ups."""
    found: dict[str, _Part] = {}
    for n, limit in enumerate(d.limits):
        text = f"{limit.count} in {duration_text(limit.within)} of {limit.of} -> {limit.then}"
        found[f"limits.{limit.name}"] = _Part("rule", text, ("limits", n))
    for lookup in d.lookups:
        given = ", ".join(f"{name}={value}" for name, value in lookup.arguments.items())
        text = f"{lookup.action}({given}) if {lookup.when or 'true'}"
        found[f"lookups.{lookup.name}"] = _Part("value", text, ("lookups", lookup.name))
    return found


def _steps(d: Definition) -> dict[str, _Part]:
    found: dict[str, _Part] = {}
    for place in d.places:
        name, text = brief_step(place.step)
        found[f"{'.'.join(str(part) for part in place.path)} {name}"] = _Part("action", text, place.path)
    if d.undo is not None:
        found["undo"] = _Part("head", duration_text(d.undo.within), ("undo",))
    return found


def _values(start: str, area: str, thing: Any, path: Path) -> dict[str, _Part]:
    """The plain fields of a slot that are set."""
    skipped = {"name", "refused", "options", "ask", "none", "label"}
    found = {start: _Part(area, thing.type, path)}
    for item in dataclasses.fields(thing):
        value = getattr(thing, item.name)
        if item.name not in skipped and value not in (None, (), False, ""):
            text = ", ".join(value) if isinstance(value, tuple) else str(value)
            found[f"{start}.{item.name}"] = _Part(area, text, (*path, item.name))
    return found


def _conditions(start: str, area: str, lines: tuple[Line, ...], path: Path) -> dict[str, _Part]:
    return {
        f"{start}.{n} condition": _Part(area, line.when or "always", (*path, n))
        for n, line in enumerate(lines)
    }


def _path(key: str, d: Definition) -> Path:
    """Where a wording stands in the document."""
    parts: list[str | int] = [int(part) if part.isdecimal() else part for part in key.split(".")]
    match parts:
        case ["limits", name]:
            return ("limits", next(n for n, limit in enumerate(d.limits) if limit.name == name), "say")
        case ["rules", name]:
            return ("rules", next(n for n, rule in enumerate(d.rules) if rule.name == name), "say")
        case ["human_when", name]:
            return (
                "human_when",
                next(n for n, human in enumerate(d.human_when) if human.name == name),
                "say",
            )
        case ["slots", slot, "options", _]:
            return ("slots", slot, "options")
        case _:
            return tuple(parts)
