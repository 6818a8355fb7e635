"""A model's answer held to the closed list: what is unknown is dropped and counted, what is broken is refused.

Pure and total: any text whatsoever comes back as a `Reading` or as `Broken` with a reason.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from rapport.understanding.language_model.commands import (
    ENTITY_KINDS,
    KINDS,
    REASONS,
    SENTIMENTS,
    Broken,
    Command,
    Pointed,
    Reading,
)
from rapport.understanding.language_model.contracts import JsonDict, Offer
from rapport.understanding.language_model.prompting import MAX_COMMANDS, MAX_ENTITIES

MAX_VALUE_CHARS = 300
UNSAID = 0.5
"""Confidence of a command whose confidence is missing or no number: below every sensible limit."""
_MAX_CONTENT = 100_000


def read_answer(
    content: str, *, offers: Sequence[Offer], languages: Sequence[str], expects: str | None
) -> Reading | Broken:
    """The commands of an answer that are in the closed list."""
    data = _parse(content)
    if isinstance(data, Broken):
        return data
    raw = data.get("commands")
    if not isinstance(raw, list):
        return Broken("no list of commands")
    overall = _confidence(data.get("confidence"), UNSAID)
    known = _Known({offer.name: offer for offer in offers}, expects)
    commands: list[Command] = []
    problems: list[str] = []
    for entry in raw:
        found = _command(entry, overall, known)
        if isinstance(found, Broken):
            problems.append(found.reason)
        elif len(commands) == MAX_COMMANDS:
            problems.append("more commands than allowed")
        else:
            commands.append(found)
    sentiment = data.get("sentiment")
    language = data.get("language")
    return Reading(
        commands=tuple(commands),
        language=language if isinstance(language, str) and language in languages else "",
        sentiment=next((label for label in SENTIMENTS if label == sentiment), None),
        entities=_entities(data.get("entities")),
        dropped=len(problems),
        problems=tuple(dict.fromkeys(problems)),
    )


class _Known:
    """The names a command may use."""

    def __init__(self, offers: dict[str, Offer], expects: str | None) -> None:
        self.procedures = frozenset(offers)
        self.slots = frozenset(slot for offer in offers.values() for slot in offer.slots)
        if expects:
            self.slots |= {expects, expects.split("[")[0]}


def _command(entry: Any, overall: float, known: _Known) -> Command | Broken:
    if not isinstance(entry, dict):
        return Broken("a command is not an object")
    kind = next((k for k in KINDS if k == entry.get("command")), None)
    if kind is None:
        return Broken("a command is not in the closed list")
    procedure, slot, value = _text(entry, "procedure"), _text(entry, "slot"), _text(entry, "value")
    options = entry.get("options")
    offered = (
        tuple(dict.fromkeys(o for o in options if isinstance(o, str))) if isinstance(options, list) else ()
    )
    if kind == "start_procedure" and procedure not in known.procedures:
        return Broken("start_procedure names an unknown procedure")
    if kind in {"fill_slot", "correct"} and (slot not in known.slots or not value):
        return Broken(f"{kind} names an unknown slot or no value")
    if kind == "clarify" and not set(offered) <= known.procedures:
        return Broken("clarify offers an unknown procedure")
    reason = _text(entry, "reason")
    return Command(
        kind=kind,
        confidence=_confidence(entry.get("confidence"), overall),
        procedure=procedure if kind == "start_procedure" else "",
        slot=slot if kind in {"fill_slot", "correct"} else "",
        value=value if kind in {"fill_slot", "correct"} else "",
        options=offered[:3] if kind == "clarify" else (),
        reason=reason if reason in REASONS else "",
        quote=_text(entry, "quote"),
    )


def _entities(raw: Any) -> tuple[Pointed, ...]:
    found = []
    for entry in raw[:MAX_ENTITIES] if isinstance(raw, list) else ():
        if isinstance(entry, dict) and entry.get("kind") in ENTITY_KINDS:
            value, quote = _text(entry, "value"), _text(entry, "quote")
            if value and quote:
                found.append(Pointed(str(entry["kind"]), value, quote))
    return tuple(found)


def _text(entry: JsonDict, key: str) -> str:
    value = entry.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return value.strip()[:MAX_VALUE_CHARS] if isinstance(value, str) else ""


def _confidence(value: Any, otherwise: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return otherwise
    return min(1.0, max(0.0, float(value)))


def _parse(content: str) -> JsonDict | Broken:
    """The first JSON object of a text: some servers put words or a fence around it."""
    if len(content) > _MAX_CONTENT:
        return Broken("the answer is too long")
    start = content.find("{")
    if start < 0:
        return Broken("no JSON object")
    try:
        data, _ = json.JSONDecoder().raw_decode(content, start)
    except (ValueError, RecursionError):
        return Broken("not JSON")
    return data if isinstance(data, dict) else Broken("no JSON object")
