"""A composed definition as YAML, with a comment above each part that says where it came from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_PLAIN = re.compile(r"[a-z_][a-z0-9_.]*\Z")
_RESERVED = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def write_definition(
    document: Mapping[str, Any], head: Sequence[str], notes: Mapping[tuple[str, ...], str]
) -> str:
    """The text of a definition.

    Args:
        document: as data, in the order in which it is written.
        head: lines of comment at the top.
        notes: path of a key → the comment above it.
    """
    lines = [f"# {line}".rstrip() for line in head]
    lines += _mapping(document, (), notes)
    return "\n".join(lines) + "\n"


def _mapping(
    value: Mapping[str, Any], path: tuple[str, ...], notes: Mapping[tuple[str, ...], str]
) -> list[str]:
    lines: list[str] = []
    for key, item in value.items():
        here = (*path, str(key))
        if here in notes:
            lines.append(f"# {notes[here]}")
        lines += _entry(str(key), item, here, notes)
    return [f"{'  ' if path else ''}{line}" for line in lines]


def _entry(key: str, item: Any, path: tuple[str, ...], notes: Mapping[tuple[str, ...], str]) -> list[str]:
    if isinstance(item, Mapping) and item:
        return [f"{key}:", *_mapping(item, path, notes)]
    if isinstance(item, (list, tuple)) and any(isinstance(i, Mapping) for i in item):
        return [
            f"{key}:",
            *(line for number, i in enumerate(item) for line in _item(i, (*path, str(number)), notes)),
        ]
    return [f"{key}: {_inline(item)}"]


def _item(item: Any, path: tuple[str, ...], notes: Mapping[tuple[str, ...], str]) -> list[str]:
    first, *rest = _mapping(item, path, notes)
    return [f"  - {first.lstrip()}", *(f"  {line}" for line in rest)]


def _inline(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, str):
        return (
            value if _PLAIN.match(value) and value not in _RESERVED else json.dumps(value, ensure_ascii=False)
        )
    return json.dumps(value)
