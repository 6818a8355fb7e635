"""The rows of a form, from their description and from what the language's schema allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rapport.studio.logic.rows import Row, Sections

SCHEMA_OF = {
    "slot": "slot", "option": "option", "refusal": "refusal", "lookup": "lookup", "limit": "limit", "rule": "rule",
    "human_rule": "human_rule", "confirmation": "confirmation", "line": "line", "action": "step_action",
    "if": "step_if", "wait": "step_wait", "approve": "step_approve", "run": "step_run", "person": "step_person",
    "say": "step_say", "waiting": "wait", "approval": "approval", "person_of": "person", "reversal": "reversal",
    "keeping": "again", "undo": "undo",
}  # fmt: skip
"""Form → definition of the schema."""
ELSEWHERE = {
    "head": frozenset(
        {
            "procedure", "version", "slots", "lookups", "limits", "let", "rules", "human_when", "confirm", "do", "done",
            "undo", "offer", "tests",
        }
    ),
    "if": frozenset({"then", "else"}),
    "action": frozenset({"otherwise"}),
}  # fmt: skip
"""Keys of a part that have cards of their own."""


def complete(sections: Sections, schema: Mapping[str, Any]) -> dict[str, tuple[Row, ...]]:
    """The forms with rows for keys nobody described, and without those the language does not have."""
    return {name: _rows(name, rows, schema) for name, rows in sections.items()}


def _rows(name: str, rows: Sequence[Row], schema: Mapping[str, Any]) -> tuple[Row, ...]:
    properties = properties_of(name, schema)
    if properties is None or not rows or not rows[0].key:
        return tuple(rows)
    known = [row for row in rows if row.key in properties]
    described = {row.key for row in rows} | ELSEWHERE.get(name, frozenset())
    return (*known, *(derive(key, node) for key, node in properties.items() if key not in described))


def properties_of(name: str, schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the schema says of a part; None when it does not describe it apart."""
    if name == "head":
        found: Mapping[str, Any] = schema["properties"]
        return found
    node = schema.get("$defs", {}).get(SCHEMA_OF.get(name))
    return None if node is None else _properties(node)


def _properties(node: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if "properties" in node:
        found: Mapping[str, Any] = node["properties"]
        return found
    options = [_properties(option) for option in node.get("anyOf", ())]
    return next((option for option in options if option), None)


def derive(key: str, node: Mapping[str, Any]) -> Row:
    """A row for a key of which only the schema is known."""
    row = Row(key, "text", key.replace("_", " ").capitalize(), is_folded=True)
    if str(node.get("$ref", "")).endswith("/words"):
        return replace(row, kind="words")
    options = [part for part in node.get("anyOf", ()) if part.get("type") != "null"]
    if options:
        return replace(derive(key, options[0]), is_folded=True)
    types = node.get("type", ())
    found = {types} if isinstance(types, str) else set(types)
    if "boolean" in found:
        return replace(row, kind="value" if "string" in found else "flag")
    if "integer" in found:
        return replace(row, kind="number")
    return replace(row, kind="names") if "array" in found else row


def for_type(rows: Sequence[Row], type_: str, value: Mapping[str, Any]) -> tuple[Row, ...]:
    """The rows that concern a type of answer, and those that hold something all the same."""
    is_connected = "." in type_
    return tuple(
        row
        for row in rows
        if not row.types or type_ in row.types or ("*" in row.types and is_connected) or value.get(row.key)
    )
