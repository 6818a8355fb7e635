"""Placeholders of canned responses: a closed list, checked when a text is saved, filled when it is inserted."""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACEHOLDERS = (
    "contact.name",
    "agent.name",
    "conversation.id",
    "inbox.name",
    "order.number",
)
ALIASES = {"conversation.display_id": "conversation.id"}
"""Names other systems use for the same thing."""
_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def unknown_placeholders(text: str) -> tuple[str, ...]:
    """What stands in double braces and is no placeholder, in order; a brace without its partner counts too."""
    named = [name for name in _FIELD.findall(text) if ALIASES.get(name, name) not in PLACEHOLDERS]
    rest = _FIELD.sub("", text)
    named += [mark for mark in ("{{", "}}") if mark in rest]
    return tuple(dict.fromkeys(named))


def fill_placeholders(text: str, values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The text with what is known, and the placeholders left in it because their value is not."""
    missing: list[str] = []

    def value_of(found: re.Match[str]) -> str:
        name = ALIASES.get(found[1], found[1])
        value = values.get(name, "")
        if value:
            return value
        missing.append(name)
        return "{{" + name + "}}"

    return _FIELD.sub(value_of, text), tuple(dict.fromkeys(missing))


def left_placeholders(text: str) -> tuple[str, ...]:
    """Placeholders of the list that still stand in a text: it is not ready to be sent."""
    names = (ALIASES.get(name, name) for name in _FIELD.findall(text))
    return tuple(dict.fromkeys(name for name in names if name in PLACEHOLDERS))
