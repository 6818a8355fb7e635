"""What a message asks for, as it can be asked aloud: one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

IDENTIFY = "identify:"
"""Prefix of the slot of a check of identity."""
TALK_TO_PERSON = "talk_to_person"
CONFIRM = "confirm"

METHOD_FACTS: dict[str, tuple[str, ...]] = {
    "order_zip": ("order_number", "zip"),
    "order_email": ("order_number", "email"),
    "name_zip": ("first_name", "last_name", "zip"),
    "email_only": ("email",),
}
"""Way of proving who one is → the fields it needs; what is said or typed most easily first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to choose."""

    title: str
    value: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a form."""

    name: str
    label: str
    kind: str
    """``text``, ``email``, ``number``, ``date``, ``select``, ``multi_select``, ``textarea``."""
    is_required: bool
    default: str = ""
    options: tuple[Entry, ...] = ()


Kind = Literal["none", "choice", "many", "form", "text", "file"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is open after a message."""

    kind: Kind
    entries: tuple[Entry, ...] = ()
    """Of a choice; else what can be chosen besides."""
    parts: tuple[Part, ...] = ()
    slot: str = ""
    expects: str = ""

    @property
    def is_menu(self) -> bool:
        """Whether it only offers what could be done."""
        return self.kind == "choice" and not self.slot and self.expects != CONFIRM

    @property
    def is_identity(self) -> bool:
        """Whether it asks who the caller is."""
        return self.slot.startswith(IDENTIFY)

    @property
    def is_binding(self) -> bool:
        """Whether its answer counts for something that is under way."""
        return self.kind != "none" and not self.is_menu


def read_question(
    content_type: str, attributes: Mapping[str, Any], ranks: Mapping[str, int] | None = None
) -> Question:
    """A message's question; menus are put in the order of `ranks` (value → place) where it names something."""
    items = list(attributes.get("items") or [])
    slot, expects = str(attributes.get("slot") or ""), str(attributes.get("expects") or "")
    quick = _entries(attributes.get("quick_replies") or [])
    if content_type == "input_select":
        entries = _entries(items)
        if not slot and expects != CONFIRM:
            entries = _ranked(entries, ranks or {})
        return Question("choice", (*entries, *quick), slot=slot, expects=expects)
    if content_type == "form" and items:
        parts = tuple(_part(item) for item in items)
        kind: Kind = "many" if len(parts) == 1 and parts[0].kind == "multi_select" else "form"
        return Question(kind, quick, parts, slot, expects)
    if content_type == "input_file":
        return Question("file", (*_entries(items), *quick), slot=slot, expects=expects)
    if slot:
        return Question("text", quick, slot=slot, expects=expects)
    return Question("choice" if quick else "none", quick)


def _entries(items: Sequence[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """Choices; a person as the last one is left to the key that always stands for it."""
    listed = [i for i in items if "value" in i]
    if listed and listed[-1]["value"] == TALK_TO_PERSON:
        listed.pop()
    return tuple(
        Entry(str(i.get("title") or i.get("label") or ""), str(i["value"]), str(i.get("description") or ""))
        for i in listed
    )


def _ranked(entries: tuple[Entry, ...], ranks: Mapping[str, int]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda e: ranks.get(e.value, len(ranks))))


def _part(item: Mapping[str, Any]) -> Part:
    return Part(
        str(item.get("name", "")),
        str(item.get("label") or ""),
        str(item.get("type") or "text"),
        bool(item.get("required", True)),
        str(item.get("default") or ""),
        _entries(item.get("options") or []),
    )


def next_part(
    question: Question, given: Mapping[str, Sequence[str]], skipped: Sequence[str], methods: Sequence[str]
) -> Part | None:
    """The field to ask for now; None when what is there can be sent."""
    parts = {p.name: p for p in question.parts}
    if question.is_identity and not all(p.is_required for p in question.parts):
        return _next_fact(parts, given, skipped, methods)
    missing = [p for p in question.parts if p.name not in given and p.name not in skipped]
    return missing[0] if missing else None


def _next_fact(
    parts: Mapping[str, Part],
    given: Mapping[str, Sequence[str]],
    skipped: Sequence[str],
    methods: Sequence[str],
) -> Part | None:
    """The next field of the way that lacks the fewest of those begun, else of the first; None when one is complete.

    A fact already stated begins a way; one that the caller left out closes it.
    """
    ways: list[tuple[int, list[str]]] = []
    for method, facts in METHOD_FACTS.items():
        if method in methods and not any(f in skipped or f not in parts for f in facts):
            missing = [f for f in facts if f not in given and not parts[f].default]
            ways.append((len(missing) if len(missing) < len(facts) else len(METHOD_FACTS), missing))
    _, missing = min(ways, key=lambda way: way[0], default=(0, []))
    return parts[missing[0]] if missing else None
