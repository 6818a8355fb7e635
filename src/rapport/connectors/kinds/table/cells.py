"""Values as cells of a table: text that no spreadsheet takes for a formula."""

from __future__ import annotations

import json
from typing import Any

MAX_CELL_CHARS = 5_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def cell(value: Any) -> str:
    """One value as a cell. Numbers stay numbers; text that begins like a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if isinstance(value, int) or value.is_integer() else repr(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = "".join(c for c in text[:MAX_CELL_CHARS] if c.isprintable() or c in "\n\t")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text
