"""Plain data as YAML in the style of the house: a key a line, texts in double quotes, nothing folded."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads plain data only; ten times as fast where the library in C is there."""
_PLAIN = re.compile(r"[a-z_]([a-z0-9_.]*[a-z0-9_])?\Z")
_BREAKS = {"\x7f": "\\x7f", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P", "\ufeff": "\\uFEFF"}
STEP = 2
"""Columns an inner block stands to the right."""


def load(source: str) -> Any:
    """The plain data of a text. Raises YAMLError."""
    return yaml.load(source, Loader=LOADER)  # noqa: S506 - the safe loader


def write(document: Any) -> str:
    """A whole document."""
    if isinstance(document, dict) and document:
        return "\n".join(mapping_lines(document, 0)) + "\n"
    return f"{inline(document)}\n"


def entry_lines(key: Any, value: Any, column: int) -> list[str]:
    """One key with its value, beginning at a column."""
    start = f"{' ' * column}{_key(key)}:"
    if isinstance(value, dict) and value:
        return [start, *mapping_lines(value, column + STEP)]
    if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        return [start, *sequence_lines(value, column + STEP)]
    return [f"{start} {inline(value)}"]


def mapping_lines(value: dict[Any, Any], column: int) -> list[str]:
    """A mapping, a key a line."""
    return [line for key, item in value.items() for line in entry_lines(key, item, column)]


def sequence_lines(value: list[Any], column: int) -> list[str]:
    """A list, an item after a dash."""
    return [line for item in value for line in item_lines(item, column)]


def item_lines(item: Any, column: int) -> list[str]:
    """One item of a list, its dash at a column."""
    if isinstance(item, dict) and item:
        first, *rest = mapping_lines(item, column + STEP)
        return [f"{' ' * column}- {first.lstrip()}", *rest]
    return [f"{' ' * column}- {inline(item)}"]


def inline(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "null"
    return json.dumps(value) if isinstance(value, (bool, int, float)) else _text(str(value))


def _key(key: Any) -> str:
    return _text(key) if isinstance(key, str) else inline(key)


def _text(text: str) -> str:
    if _PLAIN.match(text) and yaml.safe_load(text) == text:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(_BREAKS.get(char, char) for char in quoted)
