"""Places in JSON: reading by pointer (``/items/0/id``) or dotted path (``items.0.id``), writing the same way."""

from __future__ import annotations

from typing import Any

MAX_TEXT_CHARS = 10_000
_KEPT_CONTROLS = "\n\t"
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def parts_of(path: str) -> list[str]:
    """The steps of a path; none for the whole document."""
    if path.startswith("/"):
        return [part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/")]
    return path.split(".") if path else []


def look_up(data: Any, path: str) -> Any:
    """What is at a place, or None when there is no such place."""
    for part in parts_of(path):
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and part.isascii() and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            return None
    return data


def put(document: dict[str, Any], path: str, value: Any) -> None:
    """Set a value at a place, making the objects on the way."""
    *way, last = parts_of(path)
    for part in way:
        inner = document.setdefault(part, {})
        if not isinstance(inner, dict):
            return
        document = inner
    document[last] = value


def plain_text(text: str, limit: int = MAX_TEXT_CHARS) -> str:
    """Text of a foreign system without control characters and marks that turn the writing direction."""
    return "".join(
        c for c in text[:limit] if (c.isprintable() or c in _KEPT_CONTROLS) and c not in _DIRECTIONS
    )


def plain_data(value: Any, depth: int = 12) -> Any:
    """JSON with every text made plain; what lies deeper than `depth` is left out."""
    if isinstance(value, str):
        return plain_text(value)
    if depth == 0 and isinstance(value, dict | list):
        return None
    if isinstance(value, dict):
        return {plain_text(str(k), 200): plain_data(v, depth - 1) for k, v in value.items()}
    if isinstance(value, list):
        return [plain_data(v, depth - 1) for v in value]
    return value
